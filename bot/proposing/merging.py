"""Merges a retraining of ours where `retrain.merge` of assay.yml asks for it and nothing speaks against it.

As good once as twice, late, or after it was cut off anywhere. What is to come is said on the pull request before it is done, so
that a crash leaves nothing untold. GitHub merges only the very commit that was looked at, and its rules for the branch stay
decisive: where they ask for more, it is not even tried. What it refused all the same is tried again once something is different.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import ValidationError

from bot import checks, decisions, locks, perform, sticky
from bot.around import CHECK, Around
from bot.gateway.merging import Mergeable, MergeGateway
from bot.gateway.problems import Forbidden, Refused, Unauthorized
from bot.gateway.records import CheckRunRecord, CommitStatus, IssueComment, PullRequest, WorkflowRun
from bot.gateway.requesting import Head
from bot.landing import text_at
from bot.proposing import merged
from bot.proposing.files import allowed
from bot.publish import Outcome
from bot.sticky import Marker
from policy import document, merging
from policy.document import FILE_NAME, Policy
from policy.facts.commit import CommitFacts, CommitFile
from policy.merging import LOUD, Ended, Standing
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Status, Value
from policy.verdict import Verdict
from reports import proposal
from reports.markdown import EMPTY, Markdown, join

_BRANCH = re.compile(r"assay/retrain-[1-9][0-9]{0,18}\Z", re.ASCII)


def is_branch(name: str) -> bool:
    """Whether a branch is called as those of retrainings are."""
    return bool(_BRANCH.match(name))


def asked(policy: Policy | None) -> bool:
    """Whether a policy wants retrainings merged."""
    return policy is not None and policy.retrain is not None and policy.retrain.merge == "passed"


def awaited(around: Around, branch: str) -> list[int]:
    """The open pull requests of a branch that may wait for what has just ended on it; no request for any but a retraining's."""
    if not is_branch(branch):
        return []
    raw = around.gateway.file(FILE_NAME, around.repository.default_branch)
    try:
        policy = document.read(raw.decode("utf-8", "replace")) if raw is not None else None
    except UserProblem:
        return []
    pulls = MergeGateway.of(around.gateway).pulls_from(branch) if asked(policy) else []
    return [each.number for each in pulls if each.state == "open"]


def consider(around: Around, run: WorkflowRun, outcome: Outcome) -> Reason | None:
    """Merge what the check `run` was of, where it may be merged, by what was just published of it.

    None, and no request, where the policy does not ask for it or it is no retraining. Raises what the gateway raises.
    """
    ours = run.event == "pull_request" and PurePosixPath(run.path.partition("@")[0]).name == CHECK
    if not (ours and is_branch(run.head_branch or "") and asked(outcome.policy)):
        return None
    if outcome.number is None or outcome.verdict is None or outcome.policy is None:
        return None
    gateway = MergeGateway.of(around.gateway)
    return _Merging(around, gateway, outcome.number, run.head_sha, outcome.verdict, outcome.policy).run()


@dataclass(frozen=True)
class _Merging:
    """One retraining in hand. `sha` is the commit that the verdict is about."""

    around: Around
    gateway: MergeGateway
    number: int
    sha: str
    verdict: Verdict
    policy: Policy

    def run(self) -> Reason:
        """Look, decide, say it, do it, enter it."""
        found = self.gateway.mergeable(self.number)
        if not self._ready(found):
            return Reason.MERGE_NOT_OURS
        standing, circumstances = self._look(found)
        why = merging.decide(standing)
        values: dict[str, Value] = {"sha": self.sha[:12], "branch": found.pull.base_ref, "state": found.state}
        if why is not Reason.MERGE_GOES:
            self._say(why, values, self.sha)
            return why
        comments = self.gateway.comments(self.number)
        if self._refused(comments, circumstances):
            return Reason.MERGE_REFUSED
        if self._held(comments, found.pull):
            return Reason.MERGE_NOT_PASSED
        self._say(why, values, self.sha)
        ours = True
        try:
            self._merge(found.pull)
        except (Refused, Forbidden) as problem:
            if isinstance(problem, Unauthorized):
                raise
            # The answer to an earlier try may have been lost, or somebody else was quicker.
            now = self.gateway.mergeable(self.number)
            if not now.merged:
                self._say(Reason.MERGE_REFUSED, {**values, "said": problem.what}, circumstances)
                return Reason.MERGE_REFUSED
            ours = merged.by_us(now, self.gateway.identity())
        self._say(why, values, self.sha)  # where two said it at once, one of them is taken back
        if ours and self.policy.environments:
            self._enter(standing, values)
        return why

    def _ready(self, found: Mergeable) -> bool:
        pull = found.pull
        return (
            not found.merged
            and (pull.state, pull.draft, pull.head_sha) == ("open", False, self.sha)
            and pull.base_ref == self.around.repository.default_branch
            and not pull.is_of_fork(self.gateway.full_name)
            and is_branch(pull.head_ref)
            and self.gateway.identity().wrote(pull)
        )

    def _look(self, found: Mergeable) -> tuple[Standing, str]:
        """How it stands, and a digest of what a refusal of GitHub's may have been about; the rest is not asked for after a no."""
        verdict = self.verdict.result.status
        standing = Standing(ready=True, verdict=verdict, mergeable=found.state)
        if verdict is not Status.PASSED:
            return standing, ""
        runs, statuses = self.gateway.check_runs(self.sha), self.gateway.statuses(self.sha)
        mine = self.gateway.identity().app_id
        ends = list(_ends(runs, statuses, self.gateway.runs(f"head_sha={self.sha}")))
        # Those of commands, such as `assay train / training`, are no verdict on the change.
        ours = (each for each in runs if each.name.startswith("assay / ") and checks.is_ours(each, mine))
        shown = any(each.conclusion == "success" for each in ours)
        others: Ended = merging.ended(end for _, end in ends)
        standing = Standing(True, verdict, shown, others, mergeable=found.state)
        # Nobody looked yet who pushed, so that is where a decision stops which nothing stopped before.
        if merging.decide(standing) is not Reason.MERGE_PUSHED:
            return standing, ""
        parent = self._parent(found.pull)
        changed = parent is not None and self._changes_little(found.pull, parent)
        lock = self.gateway.lock(locks.ALL)
        frozen = lock.unreadable or lock.holder is not None
        tip = self.gateway.ref(f"heads/{found.pull.base_ref}")
        circumstances = checks.digest([self.sha, tip, found.state, sorted(ends, key=str)])
        return Standing(True, verdict, shown, others, parent is not None, changed, frozen, found.state), circumstances

    def _parent(self, pull: PullRequest) -> str | None:
        """What the one commit of the proposal stands on; None where it is not what our account pushed, and pushed last.

        The account is GitHub's record of who moved the branch. What a commit says of its author anybody can write.
        """
        parents = self.gateway.commit_parents(self.sha)
        me, by = self.gateway.myself(), self.gateway.pusher(Head(self.gateway.full_name, pull.head_ref, self.sha))
        return parents[0] if len(parents) == 1 and by is not None and by.id == me.id else None

    def _changes_little(self, pull: PullRequest, parent: str) -> bool:
        """Whether the commit stands on one of the default branch, and changes only what a retraining may."""
        if self.gateway.compare(parent, pull.base_ref).status not in ("ahead", "identical"):
            return False
        between = self.gateway.compare(parent, self.sha)
        if not between.whole:
            return False
        # Only of `.dvc` files the content decides; of the others it is the name.
        texts = {path: text_at(self.gateway, path, self.sha) if path.endswith(".dvc") else "" for path in between.files}
        try:
            files = [CommitFile(path=path, text=text) for path, text in texts.items() if text is not None]
            told = CommitFacts(request="merge", sha=parent, files=files)
            allowed(told, lambda path: self._text(path, parent), lambda path: self._text(path, parent))
        except (UserProblem, ValidationError):
            return False
        return len(files) == len(texts)

    def _text(self, path: str, sha: str) -> str | None:
        return text_at(self.gateway, path, sha)

    def _merge(self, pull: PullRequest) -> None:
        title = f"Merge pull request #{self.number} from {pull.head_ref}"
        asks = f"{FILE_NAME} of {pull.base_ref} has `retrain.merge: passed`"
        said = f"Merged by Assay: {asks}, and every check of {self.sha} ended well."
        self.gateway.merge(self.number, self.sha, self.gateway.merge_method(), title, said)

    def _refused(self, comments: list[IssueComment], circumstances: str) -> bool:
        """Whether GitHub refused it under these very circumstances already."""
        wanted = self._marker(Reason.MERGE_REFUSED, circumstances)
        return any(marker == wanted for _, marker in sticky.ours(comments, self.gateway.identity(), wanted))

    def _held(self, comments: list[IssueComment], pull: PullRequest) -> bool:
        """Whether somebody said `/hold` since the verdict: looking took a few seconds."""
        here = self.around
        return bool(decisions.decided(self.gateway, comments, pull, self.policy, here.today, here.prefix).holds)

    def _enter(self, standing: Standing, values: dict[str, Value]) -> None:
        """Enter the merge, and say where it could not be."""
        goes = self._marker(Reason.MERGE_GOES, self.sha)
        told = sticky.ours(self.gateway.comments(self.number), self.gateway.identity(), goes)
        for said, _ in told[:1]:
            lacks = merged.enter(self.around, said, self.policy, self.verdict.policy_digest, standing)
            if lacks:
                self._say(Reason.MERGE_GOES, values, f"{self.sha} without an entry", lacks)

    def _say(self, why: Reason, values: dict[str, Value], about: str, more: Markdown = EMPTY) -> None:
        """Have the one comment say it; without a need to be loud only where there is one already."""
        marker = self._marker(why, about)
        present, me = self.gateway.comments(self.number), self.gateway.identity()
        told = join([each for each in (proposal.merging(why, values), more) if each], "\n\n")
        draw = f"{marker}\n{told.source}\n"
        perform.perform(self.gateway, sticky.decide(present, me, marker, lambda: draw, create=why in LOUD))

    def _marker(self, why: Reason, about: str) -> Marker:
        return merged.marker(self.around.repository.id, self.number, why, self.sha, about)


def _ends(
    runs: list[CheckRunRecord], statuses: list[CommitStatus], workflows: list[WorkflowRun]
) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """What ran on a commit, the newest of each name, and how it ended; None where it has not.

    Whole workflows count besides their jobs: a job that waits for another shows no check run yet.
    """
    newest = {(each.name, each.app_id): each for each in sorted(runs, key=lambda each: each.id)}
    for (name, app), each in newest.items():
        yield ("check", name, str(app)), each.conclusion if each.status == "completed" else None
    for context, status in {each.context: each for each in reversed(statuses)}.items():
        yield ("status", context), None if status.state == "pending" else status.state
    for key, run in {(each.path, each.event): each for each in sorted(workflows, key=lambda each: each.id)}.items():
        yield ("workflow", *key), run.conclusion if run.status == "completed" else None
