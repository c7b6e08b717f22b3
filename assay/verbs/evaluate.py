"""`assay evaluate`: metrics and gates."""

from pathlib import Path

from assay.options import Base, Folder, Json, Out


def command(base: Base = "main", out: Out = Path(".assay"), as_json: Json = False, folder: Folder = Path()) -> int:
    """Compare metrics with the base, say how sure their change is, and judge the gates, slices and fairness.

    Examples: `assay evaluate`, `assay evaluate --base champion --json`.
    """
    from assay.judge import judge, partial

    return judge(folder, base, out, as_json, partial("evaluation", "fairness"))
