"""All findings in one list."""

from pathlib import Path

from actions.progress import Silent
from actions.setup.examine import examine, healthy
from actions.setup.finding import Finding
from tests.repositories import Repo


def nobody(_: str | None) -> None:
    return None


def test_everything_is_looked_at_and_what_was_not_is_said(tmp_path: Path) -> None:
    found = examine(Repo(tmp_path).root, "1", Silent(), nobody, ask_remote=False)
    assert {"git", "dvc-remote", "pipeline", "policy", "workflow", "python", "dvc-version", "protection"} <= {
        f.check for f in found
    }
    assert found[-1].what.endswith("was not looked at")


def test_what_is_no_repository_is_a_finding(tmp_path: Path) -> None:
    assert examine(tmp_path, "1", Silent(), nobody)[0].level == "error"


def test_only_errors_make_a_repository_unhealthy() -> None:
    assert healthy([Finding("a", "warning", "b"), Finding("a", "note", "b")])
    assert not healthy([Finding("a", "error", "b")])
