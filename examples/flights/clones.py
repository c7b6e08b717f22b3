"""A fresh clone of the demo's repository on one branch: what a colleague, or a runner, would start from."""

import subprocess
import tempfile
from pathlib import Path

from examples.flights.build import Demo, environment


def clone(demo: Demo, branch: str, target: Path) -> Path:
    """Clone `branch`, with `main` beside it and the cache of the demo's repository shared, so that nothing is copied twice."""
    with tempfile.TemporaryDirectory() as nothing:
        env = environment(Path(nothing))
        subprocess.run(["git", "clone", "--quiet", "--branch", branch, demo.repository, target], env=env, check=True)
        if branch != "main":
            subprocess.run(["git", "branch", "--quiet", "main", "origin/main"], cwd=target, env=env, check=True)
    (target / ".dvc" / "config.local").write_text(f"[cache]\n    dir = {demo.repository / '.dvc' / 'cache'}\n", encoding="utf-8")
    return target
