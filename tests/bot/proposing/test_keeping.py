"""What a run made anew becomes one pull request: with its evidence, in the place of older ones, closed where it is no help."""

from typing import Any

import pytest

from bot.gateway.proposing import ProposalGateway
from policy.problems import UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.proposing.scene import FILES, IMPORT, POLICY, Runs


def test_it_is_one_commit_on_top_of_what_was_trained_with_the_evidence_and_what_a_person_has_to_do(runs: Runs) -> None:
    run = runs.leave(runs.run())
    done = runs.propose(run, because="@acme/all the July data")
    assert (done.did, done.why, done.superseded) == ("opened", Reason.PROPOSAL_HELPS, ())
    git, tip = runs.here.github.repository(REPOSITORY).git, runs.tip(run)
    assert tip is not None and git.commit(tip).parents == (runs.sha,)
    assert {change.path for change in git.diff(runs.sha, tip)} == set(FILES)
    assert git.run("show", f"{tip}:data/raw.csv.dvc") == FILES["data/raw.csv.dvc"].encode()
    issue = runs.issue(done.pull)
    assert issue.title == f"Retrain flight-delay on {runs.sha[:12]}" and issue.state == "open"
    assert issue.labels == ["assay: retrain"]
    assert "0.95" in issue.body and "0.9" in issue.body and f"/actions/runs/{run.id}" in issue.body
    assert "closes this pull request and opens it again" in issue.body
    assert "`@acme/all`" in issue.body
    assert f"#{done.pull} was opened" in done.said


def test_doing_it_twice_changes_nothing(runs: Runs) -> None:
    run = runs.leave(runs.run())
    first = runs.propose(run)
    tip, body = runs.tip(run), runs.issue(first.pull).body
    again = runs.propose(run)
    assert (again.did, again.pull) == ("stands", first.pull)
    assert (runs.tip(run), runs.issue(first.pull).body, runs.said(first.pull)) == (tip, body, [])


class Cut(Exception):
    """The job was cut off."""


class Failing(ProposalGateway):
    """A gateway that is cut off before its n-th write."""

    left: int

    def _send(self, verb: str, path: str, body: Any, needs: Any) -> Any:
        self._count()
        return super()._send(verb, path, body, needs)

    def _post(self, path: str, body: Any, needs: Any, already: Any) -> Any:
        self._count()
        return super()._post(path, body, needs, already)

    def add_label(self, number: int, label: str) -> None:
        self._count()
        super().add_label(number, label)

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cut


@pytest.mark.parametrize("accuracy", [0.95, 0.9])
def test_wherever_it_was_cut_off_doing_it_again_brings_it_to_its_end(
    runs: Runs, accuracy: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = runs.leave(runs.run())
    first = runs.propose(older)
    run = runs.leave(runs.run(), facts=runs.facts(accuracy))
    gateway = Failing.of(runs.gateway())
    monkeypatch.setattr("bot.proposing.keeping.ProposalGateway.of", lambda _: gateway)
    for writes in range(14):
        gateway.left = writes
        try:
            runs.propose(run)
        except Cut:
            continue
        break
    monkeypatch.undo()
    done = runs.propose(run)
    mine = [pull for pull in runs.here.github.repository(REPOSITORY).pulls.values() if pull.head_ref == f"assay/retrain-{run.id}"]
    assert [pull.number for pull in mine] == [done.pull] and writes > 5
    assert runs.issue(done.pull).labels == ["assay: retrain"]
    helps = accuracy > 0.9
    assert runs.issue(done.pull).state == ("open" if helps else "closed")
    assert runs.issue(first.pull).state == ("closed" if helps else "open")
    assert len(runs.said(first.pull if helps else done.pull)) == 1
    assert (runs.tip(older) is None) == helps and (runs.tip(run) is None) != helps


def test_the_newest_takes_the_place_of_older_ones_of_its_kind_and_of_nobody_elses(runs: Runs) -> None:
    old, other = runs.leave(runs.run()), runs.leave(runs.run())
    first, second = runs.propose(old), runs.propose(other, "refresh")
    runs.here.github.commit(REPOSITORY, {"x": "1"}, "assay/retrain-1")
    theirs = runs.here.github.pull(REPOSITORY, "assay/retrain-1", author="mona")
    run = runs.leave(runs.run())
    done = runs.propose(run)
    assert done.superseded == (first.pull,)
    assert runs.issue(first.pull).state == "closed" and runs.tip(old) is None
    assert runs.said(first.pull) == [f"#{done.pull} is newer and takes the place of this, so it is closed."]
    assert runs.issue(second.pull).state == runs.issue(theirs.number).state == "open"
    assert runs.issue(done.pull).state == "open"


def test_tt_05_a_run_that_ends_late_does_not_take_the_place_of_a_newer_one(runs: Runs) -> None:
    late, run = runs.leave(runs.run()), runs.leave(runs.run())
    done = runs.propose(run)
    assert (runs.propose(late).did, runs.propose(late).pull) == ("overtaken", done.pull)
    assert runs.tip(late) is None and runs.issue(done.pull).state == "open"


def test_a_branch_that_somebody_pushed_to_stays_when_its_proposal_is_closed(runs: Runs) -> None:
    old = runs.leave(runs.run())
    first = runs.propose(old)
    runs.here.github.commit(REPOSITORY, {"notes.md": "mine"}, f"assay/retrain-{old.id}")
    runs.propose(runs.leave(runs.run()))
    assert runs.issue(first.pull).state == "closed" and runs.tip(old) is not None


@pytest.mark.parametrize(("accuracy", "why"), [(0.9, Reason.PROPOSAL_NO_BETTER), (0.4, Reason.PROPOSAL_RED)])
def test_what_does_not_help_closes_itself_with_the_evidence(runs: Runs, accuracy: float, why: Reason) -> None:
    older = runs.propose(runs.leave(runs.run()))
    run = runs.leave(runs.run(), facts=runs.facts(accuracy))
    done = runs.propose(run)
    assert (done.did, done.why) == ("closed", why)
    assert runs.issue(done.pull).state == "closed" and runs.tip(run) is None
    assert f"{accuracy:g}" in runs.issue(done.pull).body
    (said,) = runs.said(done.pull)
    assert why.sentence in said
    assert runs.issue(older.pull).state == "open"
    again = runs.propose(run)
    assert (again.did, again.pull, len(runs.said(done.pull))) == ("closed", done.pull, 1)


def test_the_policy_may_keep_what_merely_holds(runs: Runs) -> None:
    runs.policy = POLICY + "retrain: {keep: passed}\n"
    runs.begin()
    assert runs.propose(runs.leave(runs.run(), facts=runs.facts(0.9))).did == "opened"
    assert runs.propose(runs.leave(runs.run(), facts=runs.facts(0.4))).did == "closed"


def test_where_nothing_changed_nothing_is_proposed(runs: Runs) -> None:
    run = runs.leave(runs.run(), {})
    assert (runs.propose(run).did, runs.tip(run)) == ("nothing", None)


def test_what_somebody_else_opened_from_the_branch_is_left_alone(runs: Runs) -> None:
    run = runs.leave(runs.run())
    runs.here.github.commit(REPOSITORY, {"x": "1"}, f"assay/retrain-{run.id}")
    theirs = runs.here.github.pull(REPOSITORY, f"assay/retrain-{run.id}", author="mona")
    tip = runs.tip(run)
    with pytest.raises(UserProblem, match="of another account"):
        runs.propose(run)
    assert (runs.tip(run), runs.issue(theirs.number).state, runs.issue(theirs.number).labels) == (tip, "open", [])


@pytest.mark.parametrize(
    ("claimed", "said"),
    [
        ({"request": "1"}, "of another run"),
        ({"sha": "b" * 40}, "bbbb"),
        ({"sha": "main"}, "no commit of main"),
    ],
)
def test_ga_02_what_is_of_another_run_or_commit_is_refused(runs: Runs, claimed: dict[str, str], said: str) -> None:
    run = runs.leave(runs.run(), **claimed)
    with pytest.raises(UserProblem, match=said):
        runs.propose(run)
    assert runs.tip(run) is None


def test_ga_02_a_commit_that_only_a_branch_has_is_refused(runs: Runs) -> None:
    run = runs.leave(runs.run(), sha=runs.here.head)
    with pytest.raises(UserProblem, match="no commit of main"):
        runs.propose(run)


def test_a_token_that_may_open_none_says_what_to_allow_and_the_next_try_goes_on(runs: Runs) -> None:
    run = runs.leave(runs.run())
    runs.here.github.fail("status", "POST", "/pulls", status=403, times=1)
    with pytest.raises(UserProblem, match="Allow Actions to create pull requests"):
        runs.propose(run)
    assert runs.propose(run).did == "opened"


def test_it_takes_few_requests(runs: Runs) -> None:
    gateway = runs.gateway()
    runs.propose(runs.leave(runs.run()), gateway=gateway)
    assert gateway.requests <= 27


def owned(here: Scene, owner: str) -> Runs:
    """New data for which somebody answers."""
    policy = POLICY.replace("path: data/rows.csv\n", f"path: data/rows.csv\n    owner: {owner}\n")
    here.github.commit(REPOSITORY, {"data/rows.csv.dvc": IMPORT.format("a1", "a1", 5)})
    return Runs(here, policy=policy).begin()


NEW = {"data/rows.csv.dvc": IMPORT.format("a2", "a2", 9)}


def test_whoever_answers_for_new_data_is_asked_for_a_review_once(here: Scene) -> None:
    here.github.role(REPOSITORY, "carol", "write")
    runs = owned(here, "carol")
    run = runs.leave(runs.run(), NEW)
    done = runs.propose(run, "refresh")
    assert done.did == "opened" and runs.gateway().pull_request(done.pull or 0).reviewers == ("carol",)
    here.github.forget_requests()
    assert runs.propose(run, "refresh").did == "stands"
    assert not [each for each in here.github.requests if "requested_reviewers" in each.path]


def test_an_owner_who_cannot_be_asked_keeps_no_data_from_being_proposed(here: Scene) -> None:
    runs = owned(here, "nobody-here")
    run = runs.leave(runs.run(), NEW)
    done = runs.propose(run, "refresh")
    assert done.did == "opened" and runs.issue(done.pull).state == "open"
