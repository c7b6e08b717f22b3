"""`assay demo`: builds the example, prints a line for each branch, and leaves a page to look at."""

from pathlib import Path

import pytest

from examples.flights import branches
from tests.assay.conftest import Assay, told

EXPECTED = {expected.branch: expected for expected in branches.EXPECTED}


@pytest.mark.slow
def test_the_demo_prints_a_line_for_each_branch_and_the_path_of_a_page(
    assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    monkeypatch.setattr(branches, "EXPECTED", (EXPECTED["readme-only"],))
    done = assay("demo", tmp_path / "demo", cwd=tmp_path)
    assert done.code == 0, done.out + done.err
    first, *_, last = done.out.strip().splitlines()
    assert first.split()[:3] == ["●", "readme-only", "skipped"] or first.split()[1:3] == ["readme-only", "passed"]
    assert "nothing that the policy watches changed" in first
    page = tmp_path / "demo/index.html"
    assert last.endswith(f"The reports, as they would look on GitHub: {page}")
    assert "readme-only" in page.read_text("utf-8")
    assert (tmp_path / "demo/reports/readme-only/report.html").is_file()


def test_a_folder_of_somebody_else_is_left_alone(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/thesis.txt").write_text("all of it")
    (line,) = told(assay("demo", tmp_path / "demo", cwd=tmp_path), 2)
    assert line.startswith(f"assay: {tmp_path / 'demo'}: the folder is not empty and was not made by the demo")
    assert (tmp_path / "demo/thesis.txt").read_text() == "all of it"
