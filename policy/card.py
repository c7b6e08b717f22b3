"""What a model card says besides its measurements: what the model was made of, and where the evaluation found limits. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from policy.origin import Origin
from policy.reasons import Reason
from policy.result import Result, Status, Tier
from policy.verdict import Verdict

_UNSURE = (Tier.INCONCLUSIVE, Tier.REGRESSED, Tier.UNUSABLE)


@dataclass(frozen=True)
class MadeOf:
    """Digests behind a model that are the same however often its card is committed; `origin` is known of what is registered."""

    path: str
    digest: str
    params: str
    lock: str
    data: Mapping[str, str]
    origin: Origin | None = None

    @classmethod
    def of(cls, origin: Origin) -> "MadeOf":
        """What a registered version was made of."""
        return cls(origin.model_path, origin.model_digest, origin.params_digest, origin.lock_digest, origin.data, origin)


def path(model: str) -> str | None:
    """Where the card of a model lies in its repository; None for a name that makes no plain file."""
    return f"cards/{model}.md" if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", model) else None


def limits(verdict: Verdict) -> list[Result]:
    """The checks after which a reader has to be careful: what fails, warns, was waived, or rests on too few rows.

    Checks of the policy itself and of what people hold say nothing of the model.
    """
    parts = [part for part in verdict.result.children if part.name != "governance"]
    leaves = [leaf for part in parts for leaf in part.leaves()]
    return [leaf for leaf in leaves if _is_limit(leaf)]


def _is_limit(leaf: Result) -> bool:
    return leaf.status in (Status.FAILED, Status.WARNED) or leaf.tier in _UNSURE or leaf.reason is Reason.WAIVED
