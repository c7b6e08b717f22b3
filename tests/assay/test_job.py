"""What a job tells a verb, and is told by it."""

import json
from pathlib import Path

import pytest

from assay.job import default_branch, output, summary
from tests.repositories import Repo


def test_the_event_of_a_runner_names_the_default_branch(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"repository": {"default_branch": "trunk"}}))
    assert default_branch(tmp_path, {"GITHUB_EVENT_PATH": str(event)}) == "trunk"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"repository": 1}'])
def test_an_event_that_says_nothing_leaves_it_to_origin(tmp_path: Path, text: str) -> None:
    clone = Repo(tmp_path).clone(tmp_path / "clone")
    event = tmp_path / "event.json"
    event.write_text(text)
    assert default_branch(clone.root, {"GITHUB_EVENT_PATH": str(event)}) == "main"


def test_an_output_is_one_line(tmp_path: Path) -> None:
    told = {"GITHUB_OUTPUT": str(tmp_path / "output")}
    output(told, "state", "promoted")
    output(told, "environment", "production")
    output({}, "state", "nobody hears it")
    with pytest.raises(ValueError, match="more than a line"):
        output(told, "state", "x\nenvironment=staging")
    assert (tmp_path / "output").read_text() == "state=promoted\nenvironment=production\n"


def test_a_summary_grows_and_one_that_nobody_would_see_is_left_out(tmp_path: Path) -> None:
    told = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    for text in ("# One", "ü" * 524_289, "# Two"):
        summary(told, text)
    summary({}, "# Three")
    assert (tmp_path / "summary").read_text() == "# One\n# Two\n"
