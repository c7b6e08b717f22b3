"""What speaks for the version that is asked for: its facts and those of what runs there now, judged by the policy of now.

Facts come from the registry, where more people may write than approve. They count only where they are, byte for byte, what the
version was registered with; others are never shown and never judged.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.registered import Registered
from policy import verdict
from policy.document import Policy
from policy.environments import Risk
from policy.facts import Facts
from policy.facts.reading import read
from policy.lineage import Lineage, Step
from policy.origin import Origin
from policy.problems import UserProblem
from policy.result import Status
from policy.rulings import Evidence
from reports.evidence import Compared, Judged


@dataclass(frozen=True)
class Changed:
    """What changed since the last promotion: the files, None where GitHub lists not all, and how many lines of them."""

    files: Sequence[str] | None = None
    lines: int | None = None


def facts(registry: Registered, step: Step) -> Facts | None:
    """The facts that a version was registered with; None where none are kept.

    Raises:
        UserProblem: what is kept is not what it was registered with.
        OutsideProblem: the registry cannot be reached.
    """
    raw = registry.facts(step)
    if raw is None or step.origin is None:
        return None
    if f"sha256:{hashlib.sha256(raw).hexdigest()}" != step.origin.facts_digest:
        what = "the facts beside it are not those that it was registered with"
        raise UserProblem(what, f"version {step.version}", "Look who replaced them, and put them back")
    return read(raw, f"facts of version {step.version}")


def judged(registry: Registered, step: Step, policy: Policy) -> Judged | None:
    """The facts of a version, and what a policy makes of them. None and raises as `facts` does."""
    found = facts(registry, step)
    return Judged(found, verdict.decide(policy, found)) if found is not None else None


def gather(registry: Registered, found: Lineage, environment: str, policy: Policy) -> Compared:
    """The version that is asked for beside the one that the environment's alias points to.

    Raises:
        UserProblem: the facts of what is asked for are not those that it was registered with. Of what runs it is only told.
        OutsideProblem: the registry cannot be reached.
    """
    candidate = judged(registry, found.step, policy)
    old = found.at(environment)
    runs = next((each for each in found.steps if each.version == old), None)
    champion, gone = None, ""
    if runs is None and old is not None:
        gone = "the registry does not know it any more"
    if runs is not None and runs.version != found.step.version:
        try:
            champion = judged(registry, runs, policy)
        except UserProblem as problem:
            gone = problem.what
    return Compared(
        new=found.step.version,
        candidate=candidate,
        environment=environment,
        old=old,
        champion=champion,
        gone=gone,
        same=bool(candidate and runs and runs.origin and candidate.facts.revision.base == runs.origin.code_sha),
    )


def of(pair: Compared, origin: Origin, changed: Changed, risk: Risk | None) -> Evidence:
    """What the rules may depend on. `risk` is what the policy of now calls the model.

    Where no facts are kept, how the check came out when the version was registered is all that is known; the rest is unknown,
    which is neither a yes nor a no.
    """
    files = None if changed.files is None else len(changed.files)
    if pair.candidate is None:
        return Evidence(verdict=Status(origin.verdict), risk=risk, changed=changed.files, files=files, lines=changed.lines)
    known = Evidence.of(pair.candidate.verdict, changed.files or (), changed.lines, risk)
    return replace(known, changed=changed.files, files=files)
