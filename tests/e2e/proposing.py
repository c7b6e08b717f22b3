"""Workflows of two jobs: one that computes and may not write, and `propose`, which makes a pull request of what it left."""

import re
from collections.abc import Mapping
from typing import Any

from tests.e2e.acting import ROOT, Ran
from tests.e2e.promoting import RIGHTS
from tests.e2e.scene import NAME, Scene


def halves(workflow: str) -> tuple[str, str]:
    """The text of such a workflow before the job `propose`, and that job."""
    first, second = (ROOT / "workflows" / workflow).read_text("utf-8").split("\n  propose:\n")
    return first, second


def dispatched(scene: Scene, inputs: Mapping[str, str]) -> dict[str, Any]:
    """The event of such a run on the default branch."""
    return {"inputs": dict(inputs), "ref": "refs/heads/main", "repository": scene.ask(f"/repos/{NAME}")}


def through(scene: Scene, workflow: str, inputs: Mapping[str, str], **env: str) -> tuple[Ran, Ran]:
    """A run of such a workflow on the default branch: the first job, and `propose`, which finds at GitHub what that left."""
    first, second = halves(workflow)
    github = scene.github
    sha = github.repository(NAME).git.sha("main")
    assert sha is not None
    run = github.run(NAME, sha, "main", "workflow_dispatch", path=f".github/workflows/{workflow}")
    event = dispatched(scene, inputs)
    known = {**env, "GITHUB_RUN_ID": str(run.id), "GITHUB_REF": "refs/heads/main"}
    made = scene.runner.run(workflow, "workflow_dispatch", event, scene.origin, first, **known)
    for name, data in made.artifacts.items():
        github.artifact(NAME, run, name, data)
    alone = re.sub(r"^    (?:needs|if): .*\n", "", second, flags=re.MULTILINE)
    head = first.partition("\njobs:\n")[0]
    text = f"{head}\njobs:\n  propose:\n{alone}"
    own = {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": github.token(NAME, **RIGHTS)}
    return made, scene.runner.run(workflow, "workflow_dispatch", event, scene.origin, text, **known, **own)
