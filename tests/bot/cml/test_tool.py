"""The real `cml` is called as CML 0.20.6 wants it, and nothing of a report reaches a command line."""

from pathlib import Path

import pytest

from bot.cml.tool import Tool
from bot.gateway.records import CheckRun
from policy.problems import OutsideProblem, UserProblem
from tests.bot.cml.conftest import NAME, Scene
from tests.bot.cml.stand_in import StandIn, stand_in


def tool(scene: Scene, there: StandIn, **more: str) -> Tool:
    """The stand-in, found on PATH."""
    found = Tool.find({**scene.environ(), "PATH": str(there.folder), **more})
    assert found is not None
    return found


def test_without_cml_on_path_there_is_none(tmp_path: Path) -> None:
    assert Tool.find({"PATH": str(tmp_path)}) is None
    assert Tool.find({}) is None


def test_a_cml_without_a_token_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match="no token"):
        Tool.find({"PATH": str(stand_in(tmp_path).folder), "GITHUB_REPOSITORY": NAME})


def test_a_comment_is_a_file_and_the_token_is_in_the_environment_alone(scene: Scene, tmp_path: Path) -> None:
    there = stand_in(tmp_path)
    found = tool(scene, there, CML_COMMENT_TARGET="issue/1")
    found.update_comment(scene.number, "<!-- mark -->\n$(id) --watch", "assay check")
    (call,) = there.calls
    assert call.arguments[:2] == ["comment", "update"] and call.text == "<!-- mark -->\n$(id) --watch"
    assert call.flags == {
        "target": f"pr/{scene.number}",
        "watermark-title": "assay check",
        "publish": "false",
        "driver": "github",
        "repo": f"{scene.github.host}/{NAME}",
    }
    token = found.place.token
    assert call.environment == {"REPO_TOKEN": token, "ITERATIVE_DO_NOT_TRACK": "1", "CML_COMMENT_TARGET": None}
    assert token not in " ".join(call.arguments) and token not in repr(found)
    assert not Path(call.arguments[2]).exists()


def test_a_check_names_commit_and_conclusion(scene: Scene, tmp_path: Path) -> None:
    there = stand_in(tmp_path)
    run = CheckRun("assay / data", scene.head, "", "completed", "failure", "two rows", "**two** rows")
    tool(scene, there).create_check(run)
    (call,) = there.calls
    assert call.arguments[:2] == ["check", "create"] and call.text == "**two** rows"
    assert call.flags["title"] == "assay / data" and call.flags["commit-sha"] == scene.head
    assert (call.flags["status"], call.flags["conclusion"]) == ("completed", "failure")


def test_a_cml_that_fails_is_a_problem_in_its_last_words_without_the_token(scene: Scene, tmp_path: Path) -> None:
    found = tool(scene, stand_in(tmp_path, fails=True))
    with pytest.raises(OutsideProblem, match=r"cml comment update: .*ended with 1: no luck with \*\*\*"):
        found.update_comment(scene.number, "x", "assay check")


def test_a_cml_that_cannot_be_started_is_a_problem(scene: Scene, tmp_path: Path) -> None:
    there = stand_in(tmp_path)
    (there.folder / "cml").write_text("#!/nowhere/python\n", "utf-8")
    with pytest.raises(OutsideProblem, match="did not run"):
        tool(scene, there).update_comment(scene.number, "x", "assay check")
