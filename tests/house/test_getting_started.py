"""docs/getting-started.md: its console blocks run, one after the other, in a fresh repository."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.repositories import Repo, environment

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/getting-started.md"


def blocks() -> list[str]:
    return re.findall(r"^```console\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_five_minutes_run_as_they_are_written(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline().push_data()
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "assay").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/assay/__main__.py" "$@"\n')
    (tools / "assay").chmod(0o755)
    env = environment()
    env["PATH"] = os.pathsep.join([str(tools), env["PATH"]])
    said = []
    for block in blocks():
        done = subprocess.run(["bash", "-e", "-c", block], cwd=repo.root, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        said.append(done.stdout)
        if "--create my-change" in block:
            repo.write("params.yaml", "prepare:\n  minimum: 2\ntrain:\n  slope: 2.5\n")
    assert "● Ready to merge" in said[-1]
    assert (repo.root / ".assay/report.html").is_file()
    assert "dvc.lock" in repo.git("status", "--short")  # the stages that the edit made stale were reproduced
    assert len(said) == 5
