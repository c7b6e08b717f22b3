"""`assay train`: reproduce what changed."""

from pathlib import Path

from assay.options import Base, Folder, Json, Out


def command(base: Base = "main", out: Out = Path(".assay"), as_json: Json = False, folder: Folder = Path()) -> int:
    """Reproduce the stages that changed, with your own dvc and python, within the budget of the policy.

    Pulls only what those stages need and the run cache. Shows time, CPU time and peak memory of each stage.

    Examples: `assay train`, `assay train --base origin/main`.
    """
    from assay.judge import judge, partial

    return judge(folder, base, out, as_json, partial("training"))
