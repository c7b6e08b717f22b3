"""`assay init` and `assay doctor` from the wheel: the workflows are shipped in it."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Assay
from tests.repositories import Repo, environment


@pytest.mark.slow
def test_the_wheel_writes_the_workflows_and_says_which_commit_it_does_not_know(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline().push_data()
    done = assay("init", cwd=repo.root, env=environment())
    assert done.returncode == 0, done.stderr
    assert "wrote .github/workflows/assay-check.yml" in done.stdout
    assert "does not know the commit it was installed from" in done.stderr
    told = assay("doctor", cwd=repo.root, env=environment())
    assert told.returncode == 1
    assert "names no commit" in told.stdout
