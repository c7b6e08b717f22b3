"""A retraining is merged by itself where the policy says so: once, as it was proposed, and only where nothing is against it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot import dispatching, judging, locks
from bot.around import Around
from bot.gateway.locking import LockGateway
from bot.gateway.merging import MergeGateway
from bot.gateway.records import Repository, WorkflowRun
from bot.proposing import merging
from bot.publish import Outcome
from bot.sweeping import sweep
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.proposing.scene import FILES, POLICY, Runs
from tests.bot.talk import workflow
from tests.loopback.state import CheckRun, Pull, Run, moment
from tests.loopback.world import moved, suite_of

MERGE = POLICY + "retrain: {merge: passed}\n"


class Town:
    """A retraining that was proposed, and its checks."""

    def __init__(self, here: Scene, policy: str = MERGE) -> None:
        here.github.commit(REPOSITORY, {".github/workflows/assay-check.yml": workflow("assay-check.yml")})
        self.here, self.runs = here, Runs(here, policy=policy).begin()
        self.run = self.runs.leave(self.runs.run())
        done = self.runs.propose(self.run)
        assert done.did == "opened" and done.pull is not None
        self.number, self.branch = done.pull, f"assay/retrain-{self.run.id}"
        for login, role in (("mona", "write"), ("tim", "triage")):
            here.github.role(REPOSITORY, login, role)

    @property
    def repository(self) -> Any:
        return self.here.github.repository(REPOSITORY)

    @property
    def pull(self) -> Pull:
        found: Pull = self.repository.pulls[self.number]
        return found

    @property
    def head(self) -> str:
        return str(self.repository.git.ref(f"refs/heads/{self.branch}"))

    @property
    def around(self) -> Around:
        home = Repository(self.repository.id, REPOSITORY, "main", False)
        return Around(LockGateway.of(self.here.gateway), home)

    @property
    def merged(self) -> bool:
        return self.pull.merged_at is not None

    def checked(self, accuracy: float = 0.95, **more: Any) -> Run:
        """The check of the head ended."""
        github, base = self.here.github, self.repository.git.ref("refs/heads/main")
        run = github.run(REPOSITORY, self.head, self.branch, **more)
        start = self.repository.git.merge_base(base, self.head)
        claim = {"repository": REPOSITORY, "pull_request": self.number, "base": base, "head": self.head, "merge_base": start}
        facts = self.runs.facts(accuracy, **claim)
        github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": facts.model_dump_json()})
        return run

    def publish(self, run: Run | None = None, around: Around | None = None) -> Outcome | None:
        """The bot hears of it."""
        run = run or self.checked()
        return judging.judge(around or self.around, self.number)

    def said(self) -> list[str]:
        """What the bot says of merging."""
        return [each for each in self.runs.said(self.number) if " merge v1 " in each.partition("\n")[0]]

    def puts(self) -> int:
        """How often GitHub was asked to merge."""
        return sum(each.method == "PUT" and each.path.endswith("/merge") for each in self.here.github.requests)


@pytest.fixture
def town(here: Scene) -> Town:
    return Town(here)


def test_what_passed_is_merged_once_and_said_before(town: Town) -> None:
    head, run = town.head, town.checked()
    event, payload = town.here.github.event(REPOSITORY, run, "completed")
    assert dispatching.handle(town.around, event, payload) is Reason.PUBLISHED
    assert town.merged and town.pull.merged_by.login == "github-actions[bot]"
    (said,) = town.said()
    assert f"Assay merges this: the verdict passed, all else that ran on `{head[:12]}` ended well" in said
    made = town.repository.git.commit(town.pull.merge_commit)
    assert made.parents[1] == head and "`retrain.merge: passed`" in made.message
    town.publish(run)
    assert town.puts() == 1 and len(town.said()) == 1


def test_nothing_is_merged_and_nothing_more_is_asked_where_the_policy_does_not_say_so(here: Scene) -> None:
    town = Town(here, POLICY)
    run = town.checked()
    here.github.forget_requests()
    outcome = town.publish(run)
    assert outcome is not None and outcome.policy is not None and not town.merged and town.said() == []
    here.github.forget_requests()
    record = WorkflowRun(run.id, "", "pull_request", town.head, town.branch, REPOSITORY, "success", 1, run.path)
    assert merging.consider(town.around, record, outcome) is None
    assert here.github.requests == []


def test_other_pull_requests_cost_nothing_more_where_it_does(town: Town) -> None:
    outcome = town.publish(town.checked())
    assert outcome is not None
    town.here.github.forget_requests()
    for branch, event, path in (
        ("feature", "pull_request", "assay-check.yml"),
        (town.branch, "workflow_dispatch", "assay-check.yml"),
        (town.branch, "pull_request", "assay-run.yml"),
        ("assay/refresh-7", "pull_request", "assay-check.yml"),
    ):
        run = WorkflowRun(1, "", event, town.head, branch, REPOSITORY, "success", 1, f".github/workflows/{path}")
        assert merging.consider(town.around, run, outcome) is None
    assert town.here.github.requests == []


def refused(town: Town, why: Reason, *, loud: bool) -> None:
    """It is not merged, not even tried, and said where that is wanted, once."""
    for _ in range(1 + loud):
        outcome = judging.judge(town.around, town.number)
        assert outcome is not None and outcome.said.endswith(f"; {why.value}"), outcome.said
    assert not town.merged and town.puts() == 0
    assert len(town.said()) == loud
    if loud:
        assert town.said()[0].partition("\n")[2].startswith("Not merged by itself: ")


def test_a_red_verdict_is_not_merged(town: Town) -> None:
    town.checked(accuracy=0.4)
    refused(town, Reason.MERGE_NOT_PASSED, loud=False)


def test_a_verdict_with_a_warning_is_not_merged(here: Scene) -> None:
    town = Town(here)
    town.checked(accuracy=0.4)
    soon = f"{town.around.today.replace(year=town.around.today.year + 1)}"
    here.github.role(REPOSITORY, "alice", "maintain")
    here.github.comment(REPOSITORY, town.number, f'/waive accuracy --until {soon} --because "the next data mends it"', "alice")
    refused(town, Reason.MERGE_NOT_PASSED, loud=False)


def test_a_hold_holds_and_its_end_lets_it_go_on(town: Town) -> None:
    town.checked()
    town.here.github.comment(REPOSITORY, town.number, "/hold", "tim")
    refused(town, Reason.MERGE_NOT_PASSED, loud=False)
    town.here.github.comment(REPOSITORY, town.number, "/unhold", "mona")
    judging.judge(town.around, town.number)
    assert town.merged


def other(town: Town, status: str, conclusion: str | None) -> Any:
    """A check of another App on the head."""
    github = town.here.github
    suite = suite_of(github.state, town.repository, 77, town.head)
    made = CheckRun(github.state.next_id(), suite, 77, town.head, "lint", status, conclusion, "", None, moment(), None)
    town.repository.checks[made.id] = made
    return made


def waiting(town: Town) -> Callable[[], None]:
    made = other(town, "in_progress", None)
    return lambda: made.__dict__.update(status="completed", conclusion="success")


def waiting_status(town: Town) -> Callable[[], None]:
    town.here.gateway.create_status(town.head, "ci/legacy", "pending", "")
    return lambda: town.here.gateway.create_status(town.head, "ci/legacy", "success", "")


def waiting_workflow(town: Town) -> Callable[[], None]:
    run = town.here.github.run(REPOSITORY, town.head, town.branch, path=".github/workflows/ci.yml")
    run.status, run.conclusion = "in_progress", None
    return lambda: run.__dict__.update(status="completed", conclusion="success")


def test_it_waits_until_all_else_ended_well(town: Town) -> None:
    town.checked()
    for begin in (waiting, waiting_status, waiting_workflow):
        end = begin(town)
        refused(town, Reason.MERGE_PENDING, loud=False)
        end()
    judging.judge(town.around, town.number)
    assert town.merged


def test_a_check_of_others_that_did_not_end_well_keeps_it_open(town: Town) -> None:
    town.checked()
    late = other(town, "completed", "failure")
    refused(town, Reason.MERGE_CHECKS, loud=False)
    late.conclusion = "success"
    town.here.gateway.create_status(town.head, "ci/legacy", "error", "")
    refused(town, Reason.MERGE_CHECKS, loud=False)


def test_tt_01_what_somebody_pushed_on_top_is_not_merged(town: Town) -> None:
    town.here.github.commit(REPOSITORY, {"metrics.json": "{}"}, town.branch, pusher="mona")
    town.checked()
    refused(town, Reason.MERGE_PUSHED, loud=True)


def test_tt_03_a_push_away_and_back_is_not_merged(town: Town) -> None:
    head = town.head
    town.here.github.commit(REPOSITORY, {"metrics.json": "{}"}, town.branch, pusher="mona")
    town.repository.git.set_ref(f"refs/heads/{town.branch}", head)
    moved(town.here.github.state, town.repository, town.branch, None, head, town.here.github.user("mona"), "force_push")
    town.checked()
    refused(town, Reason.MERGE_PUSHED, loud=True)


def test_az_06_a_commit_that_names_the_bot_as_its_author_is_not_the_bots(town: Town) -> None:
    git = town.repository.git
    git.set_ref(f"refs/heads/{town.branch}", git.sha("main"))
    town.here.github.commit(REPOSITORY, FILES, town.branch, author="github-actions[bot]", pusher="mona")
    town.checked()
    refused(town, Reason.MERGE_PUSHED, loud=True)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("assay.yml", Reason.MERGE_NOT_PASSED),  # its verdict warns of that already
        (".github/workflows/ci.yml", Reason.MERGE_FILES),
        ("data/new.csv.dvc", Reason.MERGE_FILES),
    ],
)
def test_az_10_a_change_of_policy_workflows_or_data_besides_is_not_merged_even_by_the_bots_own_account(
    town: Town, path: str, why: Reason
) -> None:
    gateway, sha = town.runs.gateway(), town.runs.sha
    text = MERGE.replace("floor: 0.5", "floor: 0.4") if path == "assay.yml" else "x: 1\n"
    entries = {name: ("100644", gateway.create_blob(body.encode())) for name, body in {**FILES, path: text}.items()}
    made = gateway.commit("Retrain", gateway.commit_tree(sha, entries), [sha], None)
    gateway.update_ref(f"heads/{town.branch}", made, force=True)
    town.checked()
    refused(town, why, loud=why is Reason.MERGE_FILES)


def test_a_branch_of_the_same_name_of_somebody_else_is_not_merged(here: Scene) -> None:
    town = Town(here)
    here.github.commit(REPOSITORY, FILES, "assay/retrain-7", pusher="mona")
    theirs = here.github.pull(REPOSITORY, "assay/retrain-7", author="mona")
    town.number, town.branch = theirs.number, "assay/retrain-7"
    town.checked()
    refused(town, Reason.MERGE_NOT_OURS, loud=False)


def test_a_draft_is_not_merged_and_neither_is_what_another_account_proposed(town: Town) -> None:
    town.checked()
    town.pull.draft = True
    refused(town, Reason.MERGE_NOT_OURS, loud=False)
    town.pull.draft = False
    town.repository.issues[town.number].author = town.here.github.user("assay-flights[bot]", type="Bot")
    refused(town, Reason.MERGE_NOT_OURS, loud=False)


def test_lk_09_a_freeze_holds_whoever_gave_it_and_its_end_lets_it_go_on(town: Town) -> None:
    gateway = LockGateway.of(town.here.gateway)
    _, effect = locks.acquire(gateway.lock("all"), f"#{town.number}", "mona", 1)
    assert effect is not None
    locks.write(gateway, effect.name, effect.record, effect.parent)
    town.checked()
    refused(town, Reason.MERGE_FROZEN, loud=True)
    freed = locks.release(gateway.lock("all"), "mona", 1)
    assert freed is not None
    locks.write(gateway, freed.name, freed.record, freed.parent)
    judging.judge(town.around, town.number)
    assert town.merged and len(town.said()) == 1 and "Assay merges this" in town.said()[0]


def test_lk_07_an_unreadable_freeze_holds(town: Town) -> None:
    town.here.github.commit(REPOSITORY, {"all.json": "?"}, "assay-locks")
    town.checked()
    refused(town, Reason.MERGE_FROZEN, loud=True)


def test_a_conflict_is_said_and_not_tried(town: Town) -> None:
    town.here.github.commit(REPOSITORY, {"dvc.lock": "schema: '2.0'\nother: 1\n", "metrics.json": "{}"})
    town.checked()
    refused(town, Reason.MERGE_CONFLICT, loud=True)
    assert "conflicts with `main`" in town.said()[0] and "/retrain" in town.said()[0]


def test_required_reviews_stay_decisive_and_an_approval_lets_it_go_on(town: Town) -> None:
    town.pull.blocked = "At least 1 approving review is required by reviewers with write access."
    town.checked()
    refused(town, Reason.MERGE_BLOCKED, loud=True)
    assert "the rules of `main` ask for more (GitHub says: `blocked`)" in town.said()[0]
    town.pull.blocked = ""
    judging.judge(town.around, town.number)
    assert town.merged


@pytest.mark.parametrize("status", [403, 405])
def test_what_github_refuses_is_said_and_tried_again_only_when_something_changed(town: Town, status: int) -> None:
    town.here.github.fail("status", "PUT", "/merge", status=status, times=2)
    town.checked()
    for _ in range(3):
        outcome = judging.judge(town.around, town.number)
        assert outcome is not None and outcome.said.endswith("; merge-refused")
    assert town.puts() == 1 and not town.merged
    (said,) = town.said()
    assert "Not merged by itself: it was tried:" in said
    town.here.github.commit(REPOSITORY, {"README.md": "the branch moved"})
    town.checked()
    judging.judge(town.around, town.number)
    assert town.puts() == 2 and town.said() != [said] and len(town.said()) == 1
    town.here.gateway.create_status(town.head, "ci/legacy", "success", "")
    judging.judge(town.around, town.number)
    assert town.puts() == 3 and town.merged


def test_ap_02_an_answer_that_was_lost_is_no_refusal(town: Town) -> None:
    town.here.github.fail("drop", "PUT", "/merge", times=1, after=True)
    outcome = town.publish()
    assert outcome is not None and outcome.said.endswith("; merge-goes")
    assert town.merged and "Assay merges this" in town.said()[0]


def test_a_repository_that_only_squashes_is_merged_so(town: Town) -> None:
    town.repository.merge_methods = ("squash",)
    town.publish()
    assert town.merged


class Cut(Exception):
    """The worker was cut off."""


@pytest.mark.parametrize("at", ["before it is said", "before it is merged", "after it is merged"])
def test_wherever_it_was_cut_off_the_next_one_brings_it_to_its_end(town: Town, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(name: str) -> Callable[..., Any]:
        original = getattr(MergeGateway, name)

        def call(self: MergeGateway, *given: Any) -> Any:
            merges = str(given[1]).endswith("/merge")
            if at == ("before it is merged" if merges else "before it is said"):
                raise Cut
            answer = original(self, *given)
            if merges:
                raise Cut
            return answer

        return call

    town.checked()
    monkeypatch.setattr(MergeGateway, "_send", cut("_send"))
    monkeypatch.setattr(MergeGateway, "_post", cut("_post"))
    with pytest.raises(Cut):
        judging.judge(town.around, town.number)
    monkeypatch.undo()
    judging.judge(town.around, town.number)
    assert town.merged and len(town.said()) == 1 and town.puts() == 1


def test_au_10_of_three_workers_one_merges_and_none_calls_it_refused(town: Town) -> None:
    town.checked()
    gate, ends = threading.Barrier(3), []

    def work() -> None:
        gateway = LockGateway.of(town.here.as_token(town.here.token))
        gate.wait()
        ends.append(judging.judge(replace(town.around, gateway=gateway), town.number))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert town.merged and len(ends) == 3
    assert town.repository.git.count("main") >= 1
    assert not any("merge-refused" in each.said for each in ends if each is not None)
    assert all("Assay merges this" in each for each in town.said())


def test_a_check_of_somebody_else_that_ends_has_it_looked_at_again(town: Town) -> None:
    town.checked()
    late = other(town, "in_progress", None)
    judging.judge(town.around, town.number)
    assert not town.merged
    late.status, late.conclusion = "completed", "success"
    assert ended(town, town.branch) is Reason.REFRESHED
    assert town.merged


def ended(town: Town, branch: str) -> Reason:
    check = {"id": 1, "external_id": "", "check_suite": {"head_branch": branch}}
    payload = {"action": "completed", "check_run": check, "sender": {"id": 1, "login": "ci[bot]", "type": "Bot"}}
    return dispatching.handle(town.around, "check_run", payload)


def test_checks_of_other_branches_cost_nothing_and_policies_that_do_not_ask_one_request(here: Scene) -> None:
    town = Town(here, POLICY)
    here.github.forget_requests()
    assert ended(town, "feature") is Reason.NOT_OURS and here.github.requests == []
    assert ended(town, town.branch) is Reason.NOT_OURS
    assert [each.path for each in here.github.requests] == [f"/repos/{REPOSITORY}/contents/assay.yml"]


def test_it_takes_few_requests_and_fewer_where_it_was_blocked_before(town: Town) -> None:
    town.pull.blocked = "At least 1 approving review is required."
    run = town.checked()
    outcome = town.publish(run)
    assert outcome is not None
    record = WorkflowRun(run.id, "", "pull_request", town.head, town.branch, REPOSITORY, "success", 1, run.path)
    before = town.here.gateway.requests
    assert merging.consider(town.around, record, outcome) is Reason.MERGE_BLOCKED
    assert town.here.gateway.requests - before <= 3
    town.pull.blocked = ""
    town.here.github.forget_requests()
    assert merging.consider(town.around, record, outcome) is Reason.MERGE_GOES
    assert len(town.here.github.requests) <= 20


def test_a_sweep_merges_what_nobody_told_of(town: Town) -> None:
    town.checked()
    sweep(town.around)
    assert town.merged
