"""What speaks for a proposal: the facts of the run that made it, held against what GitHub says, and judged again."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.artifact import FACTS, MAX_ZIP, facts_in
from bot.gateway.proposing import ProposalGateway
from policy import document
from policy import verdict as judging
from policy.document import FILE_NAME, Policy
from policy.facts import Facts
from policy.facts.commit import CommitFacts, digest
from policy.facts.reading import read
from policy.problems import UserProblem
from policy.proposing import JUDGED, Kind
from policy.verdict import Verdict


@dataclass(frozen=True)
class Evidence:
    """Facts that may be believed, and what the policy of the default branch says of them."""

    facts: Facts
    policy: Policy
    verdict: Verdict


def look(
    gateway: ProposalGateway, kind: Kind, run_id: int, told: CommitFacts, branch: str, artifact: str = FACTS.artifact
) -> Evidence:
    """The evidence that a run left for what it wants to be proposed, `told`, on the default branch `branch`.

    Raises UserProblem where there is none, or none that is about this: missing evidence is no evidence.
    """
    left, sha = _left(gateway, run_id, artifact), told.sha
    if told.facts is not None and told.facts != digest(left):
        what = "the evidence is of another attempt of the run than what it is to speak for"
        raise UserProblem(what, artifact, "Run all jobs again, and not only some")
    facts = read(left)
    raw = gateway.file(FILE_NAME, branch)
    if raw is None:
        raise UserProblem(f"there is no {FILE_NAME}", branch, "Write one with `assay init`")
    text = raw.decode("utf-8", "replace")
    policy = document.read(text)
    lie = next(_lies(facts, kind, sha, document.digest(text), gateway.full_name), None)
    if lie is not None:
        raise UserProblem(f"the evidence is refused: {lie}", artifact, f"Start the run again, on {branch} as it is now")
    revision = facts.revision.model_copy(update={"repository": gateway.full_name, "base_name": branch})
    facts = facts.model_copy(update={"revision": revision})
    return Evidence(facts, policy, judging.decide(policy, facts, only=JUDGED[kind]))


def _left(gateway: ProposalGateway, run_id: int, artifact: str) -> bytes:
    left = [each for each in gateway.artifacts(run_id, artifact) if not each.expired]
    if not left:
        raise UserProblem("the run left no facts, so nothing speaks for it", artifact, "Its log says why")
    if left[0].size > MAX_ZIP:
        raise UserProblem(f"it has {left[0].size:,} bytes, more than {MAX_ZIP:,}", artifact, "Look at the run")
    return facts_in(gateway.download(left[0].id, MAX_ZIP))


def _lies(facts: Facts, kind: Kind, sha: str, digest: str, repository: str) -> Iterator[str]:
    """What the facts claim and is not so, in sentences."""
    claim = facts.revision
    if claim.repository is not None and claim.repository.lower() != repository.lower():
        yield "it is about another repository"
    if claim.pull_request is not None or facts.request is not None:
        yield "it is about a pull request"
    if (claim.head, claim.base) != (sha, sha):
        yield f"it does not compare with {sha[:12]} what was made of that"
    if facts.policy.read_from != "base" or facts.policy.digest != digest:
        yield f"it was gathered under another {FILE_NAME}"
    if facts.overrides and kind != "tune":
        yield "it is about other parameters than those of the commit"
