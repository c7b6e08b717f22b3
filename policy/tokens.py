"""What runs use of language models: `cost.tokens` of `assay.yml`, sums, money, and the line of the verdict. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policy.facts.tokens import ModelTokens, TokenFacts
from policy.facts.training import TrainingFacts
from policy.models import Name, Section
from policy.prices import Amount, Label, money
from policy.reasons import Reason
from policy.result import Result, Status, Value

NAME = "tokens"
_MILLION = Decimal(1_000_000)


class TokenPrice(Section):
    """What a million tokens of a language model cost."""

    input: Amount
    """A million tokens that it is given."""
    output: Amount
    """A million tokens that it gives back."""
    cached: Amount | None = None
    """A million of those that it is given out of its provider's cache; as `input` where it is left out."""


class Tokens(Section):
    """What runs use of language models, as a stage of theirs leaves it."""

    file: Name
    """The out or metric of a stage that tells it: JSON or JSON Lines; see docs/cost.md."""
    prices: dict[Label, TokenPrice] = {}
    """What a million tokens cost, by the model's name in the file."""


@dataclass(frozen=True)
class Used:
    """Tokens of a language model: what it was given, `cached` of that from its provider's cache, and what it gave back."""

    model: str
    input: int = 0
    output: int = 0
    cached: int = 0

    @classmethod
    def of(cls, facts: ModelTokens) -> "Used":
        """What a runner says."""
        return cls(facts.model, facts.input, facts.output, facts.cached)


def merged(used: Iterable[Used]) -> tuple[Used, ...]:
    """Each model once with all of its tokens, by name; in whatever order they come."""
    whole: dict[str, Used] = {}
    for each in used:
        there = whole.get(each.model, Used(each.model))
        whole[each.model] = Used(each.model, there.input + each.input, there.output + each.output, there.cached + each.cached)
    return tuple(whole[name] for name in sorted(whole))


def count(used: Iterable[Used]) -> int:
    """All tokens, given and given back."""
    return sum(each.input + each.output for each in used)


def price(section: Tokens, used: Used) -> Decimal | None:
    """What tokens of a model cost, in the currency of `cost`; None where nobody says."""
    found = section.prices.get(used.model)
    if found is None:
        return None
    cached = found.input if found.cached is None else found.cached
    fresh = used.input - used.cached
    return (fresh * money(found.input) + used.cached * money(cached) + used.output * money(found.output)) / _MILLION


def cost(section: Tokens, used: Sequence[Used]) -> tuple[Decimal, frozenset[str]]:
    """What tokens cost together, and the models that were used and have no price, so that it cost more."""
    priced = [(each, price(section, each)) for each in used]
    unpriced = frozenset(each.model for each, found in priced if found is None and count([each]))
    return sum((found for _, found in priced if found is not None), Decimal(0)), unpriced


def decide(section: Tokens | None, currency: str, facts: TokenFacts | None, training: TrainingFacts | None) -> Result | None:
    """The line of the verdict; None where nobody wants it, or nothing was executed that could have used a model."""
    if section is None or training is None or not _executed(training):
        return None
    if facts is None or facts.problem:
        detail = facts.problem if facts else "the run tells nothing of it"
        return _result(Status.WARNED, Reason.TOKENS_UNKNOWN, {"file": section.file, "detail": detail})
    if not any(each.name == facts.stage and each.outcome == "executed" for each in training.stages):
        return None
    used = merged(map(Used.of, facts.models))
    amount, unpriced = cost(section, used)
    values: dict[str, Value] = {
        "input": sum(each.input for each in used),
        "output": sum(each.output for each in used),
        "money": float(amount),
        "currency": currency,
    }
    if unpriced:
        return _result(Status.WARNED, Reason.TOKENS_UNPRICED, {**values, "models": _few(sorted(unpriced))})
    return _result(Status.PASSED, Reason.TOKENS_USED, values)


def _executed(training: TrainingFacts) -> bool:
    return any(each.outcome in ("executed", "failed", "stopped") for each in training.stages)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _result(status: Status, reason: Reason, values: dict[str, Value]) -> Result:
    return Result(name=NAME, status=status, reason=reason, values=values)
