"""One check per title and commit, whose conclusion somebody said."""

import pytest

from bot.cml.check import Wish, publish, wanted
from policy.problems import UserProblem
from tests.bot.cml.conftest import NAME, Scene


def test_a_check_without_a_conclusion_is_neutral_not_a_success(scene: Scene) -> None:
    assert wanted("# Report", scene.head, Wish("CML Report", "completed", None)).conclusion == "neutral"


def test_the_same_title_on_the_same_commit_is_rewritten(scene: Scene) -> None:
    first = publish(scene.gateway(), wanted("one", scene.head, Wish("Training", "in_progress", None)))
    again = publish(scene.gateway(), wanted("two", scene.head, Wish("Training", "completed", "failure")))
    other = publish(scene.gateway(), wanted("two", scene.head, Wish("Other", "completed", "success")))
    assert first == again != other
    runs = scene.github.repository(NAME).checks
    assert [(run.name, run.status, run.conclusion, run.summary) for run in runs.values()] == [
        ("Training", "completed", "failure", "two"),
        ("Other", "completed", "success", "two"),
    ]


def test_a_check_in_progress_stays_so(scene: Scene) -> None:
    publish(scene.gateway(), wanted("one", scene.head, Wish("Training", "in_progress", None)))
    assert [run.conclusion for run in scene.github.repository(NAME).checks.values()] == [None]


def test_a_long_report_fits_into_a_check(scene: Scene) -> None:
    publish(scene.gateway(), wanted("a line\n" * 30_000, scene.head, Wish("Training", "completed", "success")))
    (run,) = scene.github.repository(NAME).checks.values()
    assert len(run.summary or "") <= 65_535
    assert "ends here" in (run.summary or "")


@pytest.mark.parametrize(
    "wish", [Wish("a", "done", None), Wish("a", "completed", "great"), Wish("a", "in_progress", "success")], ids=str
)
def test_what_github_would_not_mean_is_refused(wish: Wish) -> None:
    with pytest.raises(UserProblem, match="--"):
        wanted("", "0" * 40, wish)
