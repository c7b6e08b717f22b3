"""What a job offers to a verb."""

from pathlib import Path

import pytest

from bot.cml.job import Job
from bot.cml.target import Target
from policy.problems import UserProblem
from tests.bot.cml.conftest import NAME, Scene


def job(scene: Scene, **more: str) -> Job:
    return Job.of(scene.environ() | more, None, None, None)


def test_the_commit_is_the_events_or_the_head_of_the_pull_request(scene: Scene) -> None:
    assert job(scene).head_sha() == scene.head
    assert job(scene, GITHUB_SHA="").head_sha(Target("issue", str(scene.number))) == scene.head
    assert job(scene, GITHUB_SHA="").head_sha(Target("commit", "abc1234")) == "abc1234"


def test_an_issue_has_no_commit_and_is_marked_all_the_same(scene: Scene) -> None:
    issue = scene.github.issue(NAME)
    assert set(job(scene, GITHUB_SHA="").head_sha(Target("issue", str(issue.number)))) == {"0"}


def test_a_check_without_a_commit_says_which_flag_names_it(scene: Scene) -> None:
    with pytest.raises(UserProblem, match="--commit-sha"):
        job(scene, GITHUB_SHA="").head_sha()


def test_a_report_that_cannot_be_read_is_one_line(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes("größe".encode("latin-1"))
    for name in ("latin", "none", "."):
        with pytest.raises(UserProblem, match="cannot read the report"):
            job(scene).read(tmp_path / name)


def test_the_summary_is_linked_only_where_there_is_one(scene: Scene, tmp_path: Path) -> None:
    assert job(scene, GITHUB_RUN_ID="7").summary_link() == ""
    here = job(scene, GITHUB_RUN_ID="7", GITHUB_STEP_SUMMARY=str(tmp_path / "summary"))
    assert here.summary_link() == f"[the summary of the job]({scene.github.host}/{NAME}/actions/runs/7)"
    here.keep_whole("x" * 2_000_000)
    assert (tmp_path / "summary").stat().st_size < 1024 * 1024


def test_no_token_is_ever_shown(scene: Scene) -> None:
    found = job(scene)
    assert scene.environ()["GITHUB_TOKEN"][:4] not in repr(found)


def test_an_event_of_another_repository_says_nothing_about_this_one(scene: Scene) -> None:
    assert Job.of(scene.environ(), "acme/other", None, None).about.sha == ""
    assert Job.of(scene.environ(), f"{scene.github.host}/Acme/Flights", None, None).about.sha == scene.head
