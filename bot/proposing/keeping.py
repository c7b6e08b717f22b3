"""Makes a pull request of what a run made anew. As good once as twice, late, or after it was cut off anywhere.

The branch is named by the run, so whoever comes again finds what is there. Of one kind one proposal of ours is open: the newest.
What does not help is opened and closed at once, so that the evidence is where people look for it.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from bot import events, landing
from bot.around import Around
from bot.artifact import NAME as FACTS
from bot.gateway.problems import Forbidden, Refused
from bot.gateway.proposing import ProposalGateway
from bot.gateway.records import ACTIONS, PullRequest
from bot.proposing import evidence, searched
from bot.proposing.evidence import Evidence
from bot.proposing.files import allowed
from bot.reviewing import reviewers
from policy.document import Policy
from policy.facts.commit import CommitFacts
from policy.problems import UserProblem
from policy.proposing import Kind, decisive, wanted, weigh
from policy.reasons import Reason
from policy.tuned import Tuned
from reports import proposal
from reports.markdown import Markdown
from reports.proposal import Scene

Did = Literal["nothing", "opened", "stands", "closed", "overtaken"]


@dataclass(frozen=True)
class Asked:
    """Which run made what, and why somebody wanted it, in their words."""

    kind: Kind
    run_id: int
    because: str = ""
    artifact: str = landing.NAME
    facts: str = FACTS
    tuning: str = searched.NAME

    @property
    def branch(self) -> str:
        """The branch of the proposal: the same however often it is asked for."""
        return f"assay/{self.kind}-{self.run_id}"

    @property
    def label(self) -> str:
        """The label of its kind."""
        return f"assay: {self.kind}"


@dataclass(frozen=True)
class Proposed:
    """What came of it. `pull` is the pull request, where there is one; `superseded` are those that gave way to it."""

    did: Did
    why: Reason | None = None
    pull: int | None = None
    superseded: tuple[int, ...] = ()

    @property
    def said(self) -> str:
        """The whole in a line of plain text."""
        if self.pull is None:
            return "the run changed nothing that git keeps, so there is nothing to propose"
        gave_way = "".join(f"; #{number} gave way to it" for number in self.superseded)
        if self.did == "overtaken":
            return f"#{self.pull} is newer, so this is not proposed any more"
        if self.did == "closed":
            return f"#{self.pull} is closed" + (f": {self.why.sentence}" if self.why else " already")
        return f"#{self.pull} is open{gave_way}" if self.did == "stands" else f"#{self.pull} was opened{gave_way}"


def propose(around: Around, asked: Asked) -> Proposed:
    """Have the pull request of a run as it should be.

    Raises:
        UserProblem: what the run left may not be proposed, or nothing speaks for it, or the token may open no pull requests.
        OutsideProblem: GitHub does not answer.
    """
    return _Proposing(around, asked, ProposalGateway.of(around.gateway)).run()


@dataclass(frozen=True)
class _Proposing:
    """One proposal in hand."""

    around: Around
    asked: Asked
    gateway: ProposalGateway

    @property
    def into(self) -> str:
        return self.around.repository.default_branch

    def run(self) -> Proposed:
        """Read, decide, write."""
        there = next(iter(self.gateway.pulls_from(self.asked.branch)), None)
        if there is not None:
            self._ours(there)
        if there is not None and there.state != "open":
            return Proposed("closed", pull=there.number)
        told = landing.left_by(self.gateway, self.asked.run_id, self.asked.artifact)
        self._bound(told)
        files = allowed(told, lambda path: self._text(path, told.sha), lambda path: self._text(path, told.sha))
        if not files:
            return Proposed("nothing")
        found = evidence.look(self.gateway, self.asked.kind, self.asked.run_id, told, self.into, self.asked.facts)
        tuned = searched.look(self.gateway, self.asked.run_id, found, self.asked.tuning) if self.asked.kind == "tune" else None
        newer = max(self._others(), key=_run_of, default=None)
        if there is None and newer is not None and _run_of(newer) > self.asked.run_id:
            return Proposed("overtaken", pull=newer.number)
        number = there.number if there is not None else self._open(told.sha, files, found, tuned)
        self.gateway.add_label(number, self.asked.label)
        why = weigh(wanted(self.asked.kind, found.policy.retrain), decisive(self.asked.kind, found.verdict.result))
        if why is not Reason.PROPOSAL_HELPS:
            self._end(number, self.asked.branch, proposal.unhelpful(why))
            return Proposed("closed", why, number)
        if self.asked.kind == "refresh":
            self._ask(number, found.policy, tuple(files), there)
        return self._settle(number, new=there is None)

    def _settle(self, number: int, *, new: bool) -> Proposed:
        """Have the newest of its kind the only one that is open; whoever comes at the same moment does the same."""
        every = [(_run_of(each), each.number, each) for each in self._others()]
        newest = max([(self.asked.run_id, number), *((run, each) for run, each, _ in every)])
        for _, each, pull in every:
            if each != newest[1]:
                self._end(each, pull.head_ref, proposal.superseded(newest[1]))
        if newest[1] != number:
            self._end(number, self.asked.branch, proposal.superseded(newest[1]))
            return Proposed("overtaken", pull=newest[1])
        superseded = tuple(sorted(each for _, each, _ in every))
        return Proposed("opened" if new else "stands", Reason.PROPOSAL_HELPS, number, superseded)

    def _ask(self, number: int, policy: Policy, files: Sequence[str], there: PullRequest | None) -> None:
        """Ask whoever answers for the data for a review. An owner who cannot be asked keeps nothing from being proposed."""
        found = reviewers(policy.data, files, self.gateway.full_name, there.reviewers if there is not None else ())
        if found.any:
            with suppress(Refused):
                self.gateway.request_reviewers(number, list(found.users), list(found.teams))

    def _bound(self, told: CommitFacts) -> None:
        """Whether what was left is of this run, and made on top of a commit of the default branch."""
        if told.request != str(self.asked.run_id):
            raise UserProblem("what was left is of another run", landing.FILE, "Start the run again")
        if not events.is_sha(told.sha) or self.gateway.compare(told.sha, self.into).status not in ("ahead", "identical"):
            what = f"{ascii(told.sha)[1:13]} is no commit of {self.into}"
            raise UserProblem(what, landing.FILE, f"Start the run on {self.into}")

    def _ours(self, pull: PullRequest) -> None:
        """Whether a pull request from our branch is by the account that we write as. By another, none of ours would be found."""
        me = self.gateway.identity()
        if not me.wrote(pull):
            what = f"#{pull.number} is of another account than {me.login}"
            cure = "Where the token is an App's, name the App by ASSAY_APP_SLUG; close what somebody else opened from there"
            raise UserProblem(what, self.asked.branch, cure)

    def _text(self, path: str, sha: str) -> str | None:
        return landing.text_at(self.gateway, path, sha)

    def _others(self) -> list[PullRequest]:
        """The open proposals of ours of the same kind, without this one."""
        me = self.gateway.identity()
        return [
            each
            for each in self.gateway.open_pulls(self.into)
            if me.wrote(each)
            and not each.is_of_fork(self.gateway.full_name)
            and each.head_ref != self.asked.branch
            and re.fullmatch(rf"assay/{self.asked.kind}-[1-9][0-9]{{0,18}}", each.head_ref, re.ASCII)
        ]

    def _open(self, sha: str, files: Mapping[str, str], found: Evidence, tuned: Tuned | None) -> int:
        """The commit, the branch, the pull request. A branch without one is what an earlier try was cut off at."""
        page = f"{self.around.server}/{self.gateway.full_name}/actions/runs/{self.asked.run_id}"
        entries = {path: ("100644", self.gateway.create_blob(text.encode())) for path, text in sorted(files.items())}
        name = found.policy.model.name if found.policy.model else ""
        title = proposal.title(self.asked.kind, name, sha)
        message = f"{title}\n\nAssay-Run: {page}"
        made = self.gateway.commit(message, self.gateway.commit_tree(sha, entries), [sha], None)
        ref = f"heads/{self.asked.branch}"
        if self.gateway.ref(ref) is None:
            self.gateway.create_ref(ref, made)
        else:
            self.gateway.update_ref(ref, made, force=True)
        silent = self.gateway.identity().login == ACTIONS.login
        scene = Scene(self.asked.kind, sha, self.into, page, self.asked.because, silent, tuple(sorted(files)))
        body = proposal.body(scene, found.facts, found.verdict, tuned)
        try:
            number = self.gateway.open_pull_request(self.asked.branch, self.into, title, body).number
        except Forbidden as refused:
            cure = "Allow Actions to create pull requests (Settings > Actions > General), or give an App's token"
            raise UserProblem(f"the token may open no pull request ({refused.what})", self.asked.branch, cure) from None
        self._ours(self.gateway.pull_request(number))
        return number

    def _end(self, number: int, branch: str, said: Markdown) -> None:
        """Say why, delete the branch, close. A branch that others pushed to stays: it holds their work."""
        me = self.gateway.identity()
        if not any(each.body == said.source and me.wrote(each) for each in self.gateway.comments(number)):
            self.gateway.create_comment(number, said.source)
        if len(self.gateway.commits_of_pull(number)) == 1:
            self.gateway.delete_ref(f"heads/{branch}")
        self.gateway.close_pull(number)


def _run_of(pull: PullRequest) -> int:
    return int(pull.head_ref.rpartition("-")[2])
