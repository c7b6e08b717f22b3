"""The pure function at the heart: policy and facts in, verdict out."""

from collections.abc import Callable, Collection

from policy import data, drift, fairness, gates, governance, tokens, training
from policy.document import Policy
from policy.facts import DataFacts, ErrorFact, Facts
from policy.governance import Decided
from policy.models import Name, Record
from policy.reasons import Reason
from policy.result import Result, Status, combine

SCHEMA_VERSION = "1.0"


class Verdict(Record):
    """The judgement of one change. `result` is named `verdict`; its children are the parts."""

    schema_version: str = SCHEMA_VERSION
    base: Name
    head: Name
    policy_digest: Name
    result: Result

    @property
    def passed(self) -> bool:
        """Whether the change may be merged. A warning may."""
        return self.result.status is not Status.FAILED


def decide(policy: Policy, facts: Facts, only: Collection[str] | None = None, decided: Decided = governance.NOTHING) -> Verdict:
    """Judge a change. The same policy, facts and decisions of people always give the same verdict.

    `only` names the parts to judge, for a verb that computed no others; whoever decides over a merge leaves it out. `decided` are
    the holds and waivers that stand.
    """
    parts = _unchanged(policy) if facts.nothing_to_check else _parts(policy, facts)
    parts = [governance.waived(part, decided) for part in parts]
    parts.append(governance.held(_governance(facts), decided))
    parts = [_with_errors(part, facts.errors) for part in parts if only is None or part.name in only]
    quiet = Reason.NOTHING_TO_CHECK if facts.nothing_to_check else Reason.HOLDS
    return Verdict(
        base=facts.revision.base,
        head=facts.revision.head,
        policy_digest=facts.policy.digest,
        result=combine("verdict", parts, quiet=quiet),
    )


def _parts(policy: Policy, facts: Facts) -> list[Result]:
    found = {each.path: each for each in facts.data}
    judged = {section.path: data.decide(section, found.get(section.path)) for section in policy.data}
    refused = facts.halted_by == "data" and _refused(judged, facts)
    judged_data = _whole("data", [_reached(refused, path, path in found, result) for path, result in judged.items()])
    judged_drift = _whole(
        "drift", [_drift(section, found.get(section.path), refused) for section in policy.data if section.drift]
    )
    judged_training = _after(refused, "data", "training", lambda: _training(policy, facts))
    cause = "data" if refused else "training"
    halted = refused or (facts.halted_by == "training" and _fails(judged_training, facts))
    evaluate = policy.evaluate
    groups = evaluate.fairness if evaluate else None
    return [
        judged_data,
        judged_drift,
        judged_training,
        _after(halted, cause, "evaluation", lambda: gates.decide(evaluate, facts.evaluation)),
        _after(halted, cause, "fairness", lambda: fairness.decide(groups, facts.evaluation)),
    ]


def _training(policy: Policy, facts: Facts) -> Result:
    """The pipeline, and beside its stages what they used of language models."""
    part = training.decide(policy.train, facts.training, facts.pipeline)
    cost = policy.cost
    used = tokens.decide(cost.tokens, cost.currency, facts.tokens, facts.training) if cost is not None else None
    if used is None:
        return part
    whole = combine(part.name, [*part.children, used])
    return part.model_copy(update={"children": whole.children}) if whole.status is Status.PASSED else whole


def _refused(judged: dict[str, Result], facts: Facts) -> bool:
    """Whether a data set that was looked at is red, which alone may excuse what was not computed after it."""
    looked_at = {each.path for each in facts.data}
    return any(path in looked_at and result.status is Status.FAILED for path, result in judged.items()) or any(
        error.part == "data" for error in facts.errors
    )


def _fails(part: Result, facts: Facts) -> bool:
    return part.status is Status.FAILED or any(error.part == part.name for error in facts.errors)


def _reached(refused: bool, path: str, looked_at: bool, result: Result) -> Result:
    return _not_reached(path, "data") if refused and not looked_at else result


def _after(halted: bool, cause: str, name: str, judge: Callable[[], Result]) -> Result:
    """A part that an earlier failure kept from being computed is skipped; that failure already makes the verdict red."""
    return _not_reached(name, cause) if halted else judge()


def _not_reached(name: str, cause: str) -> Result:
    return Result(name=name, status=Status.SKIPPED, reason=Reason.NOT_REACHED, values={"part": cause})


def _whole(name: str, children: list[Result]) -> Result:
    """A part over its data sets; one that could not look at all of them does not claim that everything holds."""
    part = combine(name, children)
    missed = next((child for child in children if child.reason is Reason.NOT_REACHED), None)
    if missed is None or part.status in (Status.FAILED, Status.WARNED):
        return part
    return part.model_copy(update={"status": Status.SKIPPED, "reason": missed.reason, "values": missed.values})


def _drift(section: data.Dataset, facts: DataFacts | None, refused: bool) -> Result:
    if facts is None or facts.problem is not None:
        # Drift of what cannot be read is unknown, which is not a pass.
        missing = Reason.MISSING_PART
        unknown = Result(name=section.path, status=Status.FAILED, reason=missing, values={"part": f"drift of {section.path}"})
        return _not_reached(section.path, "data") if refused else unknown
    if facts.base_digest is None:
        return Result(name=section.path, status=Status.SKIPPED, reason=Reason.NEW_DATA, values={"path": section.path})
    return drift.decide(section.drift, facts.drift, name=section.path, unchanged=facts.unchanged)


def _unchanged(policy: Policy) -> list[Result]:
    asked = {
        "data": bool(policy.data),
        "drift": any(section.drift for section in policy.data),
        "training": policy.train is not None,
        "evaluation": policy.evaluate is not None,
        "fairness": policy.evaluate is not None and policy.evaluate.fairness is not None,
    }
    return [
        Result(name=name, status=Status.SKIPPED, reason=Reason.NOTHING_TO_CHECK if wanted else Reason.NOT_CONFIGURED)
        for name, wanted in asked.items()
    ]


def _governance(facts: Facts) -> Result:
    policy, base = facts.policy, facts.revision.base_name
    if policy.read_from == "head":
        reason, status = Reason.POLICY_FROM_HEAD, Status.WARNED
    elif policy.changed_by_head:
        reason, status = Reason.POLICY_CHANGED, Status.WARNED
    else:
        reason, status = Reason.POLICY_UNCHANGED, Status.PASSED
    return Result(name="governance", status=status, reason=reason, values={"path": policy.path, "base": base}, file=policy.path)


def _with_errors(part: Result, errors: list[ErrorFact]) -> Result:
    """An error in a part turns it red and stands first in it."""
    mine = [
        Result(
            name=error.part,
            status=Status.FAILED,
            reason=error.reason,
            values={"what": f"{error.where}: {error.what}" if error.where else error.what, "next": error.next},
        )
        for error in errors
        if error.part == part.name
    ]
    if not mine:
        return part
    # The error says why facts are missing, which is more than that they are.
    others = [child for child in part.children or [part] if child.reason is not Reason.MISSING_PART]
    return combine(part.name, [*mine, *others])
