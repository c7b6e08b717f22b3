"""Who pushed last and who started the run approve nothing of it, where the policy says so; where nobody can tell, nobody does."""

import pytest

from bot.around import MAIN
from bot.promotion import hands
from bot.promotion.weighing import weigh
from policy.approvals import State
from policy.reasons import Reason
from tests.bot.gateway.scene import ME, REPOSITORY
from tests.bot.promotion.court import POLICY, Court
from tests.loopback.state import Run
from tests.loopback.world import merge, moved
from tests.policy.test_origin import SOME

PATH = f".github/workflows/{MAIN}"


def registered(there: Court, sha: str) -> Court:
    there.shelf.origins.append(SOME.model_copy(update={"code_sha": sha, "pull_request": None}))
    return there


@pytest.fixture
def merged(there: Court) -> Court:
    """Version 3 stands in staging; version 4 came by a pull request of mona's that dan pushed last and bob merged."""
    github = there.chat.here.github
    there.promoted("staging", 3)
    github.commit(REPOSITORY, {PATH: "name: assay-main\non: push\n"})
    github.commit(REPOSITORY, {"params.yaml": "lr: 1"}, branch="lr", author="mona", pusher="carol")
    github.commit(REPOSITORY, {"params.yaml": "lr: 2"}, branch="lr", author="mona", pusher="dan")
    pull = github.pull(REPOSITORY, "lr")
    sha = merge(github.state, github.repository(REPOSITORY), pull, github.user("bob"), "merged")
    assert sha
    return registered(there, sha)


def ran(there: Court, actor: str) -> Run:
    """`assay-main.yml` ran for the newest version."""
    origin = there.shelf.origins[-1]
    assert origin
    return there.chat.here.github.run(REPOSITORY, origin.code_sha, "main", "push", path=PATH, actor=actor)


def ruled(there: Court, part: str) -> None:
    there.policy(POLICY.replace("[{role: ml-lead}]}", f"[{{role: ml-lead}}], forbid: [{part}]}}"))


def forbid(there: Court, part: str) -> int:
    ruled(there, part)
    return there.ask(f"/promote flight-delay@{len(there.shelf.origins)} to staging", by="alice")


def state(there: Court, number: int) -> State:
    found = weigh(there.chat.around, number)
    assert found
    return found.decision.state


def test_az_06_whoever_pushed_last_is_kept_from_approving_it_and_whoever_pushed_before_is_not(merged: Court) -> None:
    number = forbid(merged, "pusher")
    assert merged.approve(number, "dan") is Reason.VOTE_OWN_WORK
    assert merged.approve(number, "carol") is Reason.VOTE_HEARD


def test_az_06_whoever_pushed_the_default_branch_itself_is_kept_from_approving_it(there: Court) -> None:
    sha = there.chat.here.github.commit(REPOSITORY, {"params.yaml": "lr: 3"}, author="mona", pusher="carol")
    number = forbid(registered(there, sha), "pusher")
    assert there.approve(number, "carol") is Reason.VOTE_OWN_WORK
    assert there.approve(number, "dan") is Reason.VOTE_HEARD


def test_az_06_whoever_started_the_run_or_ran_it_again_is_kept_from_approving_it(merged: Court) -> None:
    github = merged.chat.here.github
    run = ran(merged, "carol")
    run.attempt, run.again = 3, [github.user("dan"), github.user("mona")]
    number = forbid(merged, "starter")
    assert merged.approve(number, "carol") is Reason.VOTE_OWN_WORK
    assert merged.approve(number, "dan") is Reason.VOTE_OWN_WORK, "who started the second of three attempts"
    run.attempt, run.again = 2, [github.user("mona")]
    assert state(merged, number) is State.PENDING
    assert merged.approve(number, "dan") is Reason.VOTE_HEARD


def test_az_06_whoever_had_it_trained_by_a_comment_is_kept_from_approving_it(there: Court) -> None:
    github = there.chat.here.github
    talk = there.chat.here.number
    asked = github.comment(REPOSITORY, talk, "/train lr=0.1 --commit", "dan")
    message = f"Train with lr=0.1\n\nAssay-Request: {asked.id}-0"
    there.promoted("staging", 3)
    github.commit(
        REPOSITORY, {PATH: "name: assay-main\non: push\n"}, message=f"mine\n\nAssay-Request: {asked.id}", author="carol"
    )
    sha = github.commit(REPOSITORY, {"params.yaml": "lr: 4"}, message=message, author=ME.login)
    ran(registered(there, sha), "mona")
    number = forbid(there, "starter")
    assert there.approve(number, "dan") is Reason.VOTE_OWN_WORK
    del github.repository(REPOSITORY).comments[asked.id]
    assert state(there, number) is State.BLOCKED, "a comment that is gone names nobody"


@pytest.mark.parametrize("part", ["pusher", "starter"])
def test_where_nobody_can_tell_nothing_is_approved(there: Court, part: str) -> None:
    there.promoted("staging", 2)
    number = forbid(there, part)
    there.approve(number, "carol")
    assert state(there, number) is State.BLOCKED


def test_a_fork_that_is_gone_and_an_account_that_is_gone_name_nobody(merged: Court) -> None:
    github = merged.chat.here.github
    one = github.repository(REPOSITORY)
    number = forbid(merged, "pusher")
    moved(github.state, one, "lr", None, one.pulls[max(one.pulls)].head_sha, github.user("dan"), "force_push")
    one.activities[-1].actor = None
    assert state(merged, number) is State.BLOCKED
    del one.activities[-1]
    assert state(merged, number) is State.PENDING


def test_of_a_run_that_was_repeated_too_often_nobody_can_tell(merged: Court) -> None:
    ran(merged, "mona").attempt = 11
    assert state(merged, forbid(merged, "starter")) is State.BLOCKED


def test_of_too_many_trainings_nobody_can_tell(merged: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "MOST_REQUESTS", 0)
    ran(merged, "mona")
    number = forbid(merged, "starter")
    assert state(merged, number) is State.PENDING


def test_each_is_asked_for_only_where_the_policy_names_it(merged: Court) -> None:
    ran(merged, "mona")
    wanted = {"pusher": ["/pulls", "/activity"], "starter": [f"/workflows/{MAIN}/runs"], "earlier-approver": []}
    number = forbid(merged, "merger")
    for part, paths in wanted.items():
        ruled(merged, part)
        merged.chat.here.github.forget_requests()
        weigh(merged.chat.around, number)
        asked = [each for each in merged.chat.asked if any(word in each for word in ("/pulls", "/activity", "/actions/"))]
        assert len(asked) == len(paths) and all(path in each for path, each in zip(paths, asked, strict=True)), asked
