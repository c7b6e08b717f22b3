"""Whether a runner's facts may speak for a pull request: what they claim, held against what GitHub says. Pure.

Facts come from a job that ran somebody else's code. Their numbers are theirs to tell; whom and what they are about is not.
Facts that are refused become facts that are red, so that they are judged and shown like all others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from policy import document, watch
from policy.document import FILE_NAME, Policy
from policy.facts import ErrorFact, Facts, PolicyFacts, RevisionFacts, ToolFacts
from policy.facts.record import Command
from policy.problems import UserProblem
from policy.reasons import Reason

Asked = tuple[Command, str]
"""The command that a run was started for, and the id of its asking."""


def is_experiment(asked: Asked | None) -> bool:
    """Whether a command asked for something else than the check of the pull request: what it found is told, and gates nothing."""
    return asked is not None and asked[0] != "check"


@dataclass(frozen=True)
class Truth:
    """What GitHub says of the change, and of nothing else.

    `head` is the commit that ran and `base` the tip of the base branch now; `older_base` says that the base of the facts is an
    ancestor of it. `files` are those that differ between merge base and head; `whole` is False where there are more.
    `policy` is the text of assay.yml at `base`, `head_policy` that at `head` (looked up only where it decides something).
    """

    repository: str
    number: int
    base: str
    base_name: str
    head: str
    merge_base: str
    files: tuple[str, ...]
    whole: bool
    policy: str | None
    head_policy: str | None = None
    older_base: bool = False

    @property
    def text(self) -> str | None:
        """The policy that judges: the base's, or the head's where the base has none yet."""
        return self.policy if self.policy is not None else self.head_policy

    @property
    def edited(self) -> bool:
        """Whether the change edits the policy."""
        return FILE_NAME in self.files if self.whole else self.head_policy != self.policy


@dataclass(frozen=True)
class Admitted:
    """Facts that may be judged, by `policy`. `refused` says why they are not the runner's own any more."""

    facts: Facts
    policy: Policy
    refused: str = ""


def admit(facts: Facts, truth: Truth, asked: Asked | None = None) -> Admitted:
    """Facts as far as they are true; red ones in their place where they claim what GitHub does not say.

    `asked` is the command that started the run, and the id of its asking; None for the check of a pull request.
    """
    try:
        policy = _policy(truth)
    except UserProblem as problem:
        return refuse(truth, str(problem), f"Mend {FILE_NAME} on {truth.base_name}")
    lie = next(_lies(facts, truth, policy, asked), None)
    if lie is not None:
        return refuse(truth, lie, "Run the check again on the newest head, with the workflow that `assay init` writes")
    # What GitHub knows better than the runner is taken from GitHub.
    revision = facts.revision.model_copy(
        update={"repository": truth.repository, "pull_request": truth.number, "base_name": truth.base_name}
    )
    told = facts.policy.model_copy(update={"path": FILE_NAME, "changed_by_head": truth.edited})
    return Admitted(facts.model_copy(update={"revision": revision, "policy": told}), policy)


def refuse(truth: Truth, what: str, advice: str) -> Admitted:
    """Facts that say nothing but that there are none to believe: every part of the verdict is red and says why."""
    try:
        policy = _policy(truth)
    except UserProblem:
        policy = Policy(version=1)
    text = truth.text or ""
    errors = [
        ErrorFact(part=part, reason=Reason.FACTS_REFUSED, what=what[:1_000], next=advice[:1_000])
        for part in ("data", "drift", "training", "evaluation", "governance")
    ]
    facts = Facts(
        revision=RevisionFacts(
            repository=truth.repository,
            pull_request=truth.number,
            base=truth.base,
            base_name=truth.base_name,
            head=truth.head,
            merge_base=truth.merge_base,
        ),
        policy=PolicyFacts(
            digest=document.digest(text),
            read_from="head" if truth.policy is None else "base",
            changed_by_head=truth.edited,
        ),
        tools=ToolFacts(assay="unknown", python="unknown"),
        errors=errors,
    )
    return Admitted(facts, policy, what)


def _policy(truth: Truth) -> Policy:
    if truth.text is None:
        raise UserProblem(f"there is no {FILE_NAME}", truth.base_name, "Write one with `assay init`")
    return document.read(truth.text)


def _lies(facts: Facts, truth: Truth, policy: Policy, asked: Asked | None) -> Iterator[str]:
    """What the facts claim and GitHub does not say, in sentences; none where all of it agrees."""
    claim = facts.revision
    yield from _other_asking(facts, asked)
    if claim.repository is not None and claim.repository.lower() != truth.repository.lower():
        yield "they are about another repository"
    if claim.pull_request is not None and claim.pull_request != truth.number:
        yield f"they are about another pull request than #{truth.number}"
    if claim.head != truth.head:
        yield f"they are about the commit {claim.head[:12]}, and the run was of {truth.head[:12]}"
    if not is_experiment(asked):
        yield from _other_base(facts, truth)
    elif asked is not None and asked[0] == "train" and claim.base != truth.head:
        yield f"they compare what was trained with {claim.base[:12]}, and not with the head"
    if (facts.policy.read_from == "head") != (truth.policy is None):
        yield f"they took {FILE_NAME} from the {facts.policy.read_from}, which GitHub contradicts"
    if facts.policy.digest != document.digest(truth.text or ""):
        yield f"they were gathered under another {FILE_NAME} than the one of {truth.base_name}"
    if facts.nothing_to_check and not is_experiment(asked) and (not truth.whole or watch.concerns(policy, truth.files)):
        yield "they say that there is nothing to check, but files that the policy watches differ"


def _other_asking(facts: Facts, asked: Asked | None) -> Iterator[str]:
    told = (facts.request.command, facts.request.id) if facts.request else None
    if told != asked:
        yield "they were gathered for another command" if asked else "they were gathered for a command, not for the check"
    if facts.overrides and (asked is None or asked[0] != "train"):
        yield "they are about other parameters than those of the commit"


def _other_base(facts: Facts, truth: Truth) -> Iterator[str]:
    claim = facts.revision
    if claim.base != truth.base and not truth.older_base:
        yield f"they compare with {claim.base[:12]}, which is no commit of {truth.base_name}"
    if claim.merge_base != truth.merge_base:
        yield f"they compare with {(claim.merge_base or 'nothing')[:12]}, but the change began at {truth.merge_base[:12]}"
