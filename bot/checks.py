"""The check runs: one per part and head, real conclusions, annotations on the lines that caused them. Pure.

Names of checks are what branch protection requires. A commit may be the head of several pull requests, so a pull request into
another branch than the default one has checks of its own names: a lenient branch must not turn a strict one's checks green.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from bot.effects import CreateCheck, Effect, UpdateCheck
from bot.gateway.records import Annotation, Button, CheckRun, CheckRunRecord, Conclusion
from bot.sticky import overtaken
from policy.facts import Facts
from policy.governance import WAIVABLE_PARTS
from policy.result import Result, Status, combine
from policy.verdict import Verdict
from reports.annotations import Annotation as Remark
from reports.annotations import annotations
from reports.explanation import explanation
from reports.markdown import Markdown, code, join, row, shorten, visible
from reports.section import ICONS, RANK
from reports.sentences import advice, why

PARTS = {
    "data": ("data",),
    "training": ("training",),
    "evaluation": ("evaluation", "fairness"),
    "drift": ("drift",),
    "governance": ("governance",),
}
"""The checks, and which parts of a verdict each shows."""
MOST_ANNOTATIONS = 150
_MOST_ROWS = 60
_CONCLUSIONS: dict[Status, Conclusion] = {
    Status.PASSED: "success",
    Status.WARNED: "neutral",
    Status.FAILED: "failure",
    Status.SKIPPED: "skipped",
}
_EXTERNAL = re.compile(r"assay v1 (?P<kind>[a-z0-9-]+) (?P<number>\d+) (?P<digest>[0-9a-f]{16}) (?P<began>[0-9TZ:.-]*)\Z")
_TIMES = frozenset({"wall"})
"""Values that differ from run to run although nothing changed."""


@dataclass(frozen=True)
class About:
    """What the checks are about. `branch` is the base where it is not the default branch; `began` is when the run did."""

    head: str
    number: int
    kind: str = "check"
    branch: str = ""
    began: str = ""
    details_url: str = ""
    buttons: bool = False
    """Whether somebody listens for clicks: an App's own service, not a job."""


def wanted(verdict: Verdict, facts: Facts, about: About, policy_text: str = "") -> list[CheckRun]:
    """The check runs of a verdict. `policy_text` is assay.yml as the change has it, for the lines of remarks on it."""
    parts = {each.name: each for each in verdict.result.children}
    runs = []
    for name, members in PARTS.items():
        found = [parts[member] for member in members if member in parts]
        if found:
            result = combine(name, found) if len(found) > 1 else found[0]
            run = _run(name, result, about, *_annotations(found, verdict, facts, policy_text))
            runs.append(replace(run, text=explanation(found).source, buttons=_buttons(result) if about.buttons else ()))
    return runs


def experiment(verdict: Verdict, about: About, *, refused: bool) -> CheckRun:
    """The one check run of a command's run, `about.kind`. It is no verdict on the change, so what it found never makes it red."""
    parts = verdict.result.children
    run = _run(verdict.result.name, verdict.result, about, (), 0)
    conclusion: Conclusion = "failure" if refused else "success" if verdict.passed else "neutral"
    return replace(run, name=f"assay {about.kind}", conclusion=conclusion, text=explanation(parts).source)


def under_way(about: About) -> CheckRun:
    """The same check run while the command's run goes on."""
    return CheckRun(
        name=f"assay {about.kind}",
        head_sha=about.head,
        external_id=f"assay v1 {about.kind} {about.number} {'0' * 16} {about.began}",
        status="in_progress",
        conclusion=None,
        title="under way",
        summary="The run shows its stages as they go on.",
        details_url=about.details_url,
    )


def given_up(about: About, why: str) -> CheckRun:
    """The same check run where nothing came of it."""
    return replace(under_way(about), status="completed", conclusion="cancelled", title=why, summary=why)


def single(result: Result, about: About) -> CheckRun:
    """The check run of one part, of which there are no facts yet."""
    return _run(result.name, result, about, (), 0)


def decide(present: Sequence[CheckRunRecord], runs: Sequence[CheckRun], mine: Callable[[CheckRunRecord], bool]) -> list[Effect]:
    """What to write so that each check says what it should, once. `mine` tells our own check runs from others'."""
    effects: list[Effect] = []
    for run in runs:
        same = [each for each in present if each.name == run.name and each.head_sha == run.head_sha and mine(each)]
        newest = max(same, key=lambda each: each.id, default=None)
        if newest is None:
            effects.append(CreateCheck(run))
        elif not _says(newest, run):
            effects.append(UpdateCheck(newest.id, run))
    return effects


def number_of(external_id: str) -> int | None:
    """The pull request of a check run of ours; None for what is none of ours."""
    found = _EXTERNAL.match(external_id)
    return int(found["number"]) if found else None


def began(external_id: str) -> str:
    """When the run behind a check run of ours began; empty where that is not known."""
    found = _EXTERNAL.match(external_id)
    return found["began"] if found else ""


def is_ours(record: CheckRunRecord, app_id: int | None) -> bool:
    """Whether a check run is ours: marked so, and made by our App where its id is known."""
    return bool(_EXTERNAL.match(record.external_id)) and (app_id is None or record.app_id in (None, app_id))


def digest(value: Any) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of some JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def lasting(result: Result) -> Any:
    """A result as JSON without how long things took, so that a re-run with the same outcome is the same."""
    plain = result.model_dump(mode="json", exclude={"children", "values"})
    values = {name: value for name, value in result.values.items() if name not in _TIMES}
    return [plain, values, [lasting(child) for child in result.children]]


def _buttons(result: Result) -> tuple[Button, ...]:
    failing = result.status is Status.FAILED
    waivable = failing and result.name in WAIVABLE_PARTS
    return (RERUN, EXPLAIN, WAIVE) if waivable else (RERUN, EXPLAIN) if failing else (RERUN,)


RERUN = Button("Re-run", "Check this commit again", "rerun")
EXPLAIN = Button("Explain", "Say in a comment what was found", "explain")
WAIVE = Button("Waive", "Say in a comment how to waive it", "waive")


def _says(record: CheckRunRecord, run: CheckRun) -> bool:
    there, here = _EXTERNAL.match(record.external_id), _EXTERNAL.match(run.external_id)
    if there is None or here is None or record.status != "completed":
        return False
    same = (there["kind"], there["number"], there["digest"]) == (here["kind"], here["number"], here["digest"])
    return (same and record.conclusion == run.conclusion) or overtaken(there["began"], here["began"])


def _run(name: str, result: Result, about: About, remarks: tuple[Annotation, ...], left_out: int) -> CheckRun:
    # A folder's slash in a branch is fine; what cannot be seen is spelled out.
    branch = f" ({visible(about.branch)[:80]})" if about.branch else ""
    own = "" if about.kind == "check" else f" {about.kind}"
    return CheckRun(
        name=f"assay{own} / {name}{branch}",
        head_sha=about.head,
        external_id=f"assay v1 {about.kind} {about.number} {digest(lasting(result))} {about.began}",
        status="completed",
        conclusion=_CONCLUSIONS[result.status],
        title=shorten(visible(" ".join(result.why.split())), 200) or name,
        summary=_summary(result, left_out),
        details_url=about.details_url,
        annotations=remarks,
    )


def _summary(result: Result, left_out: int) -> str:
    """The checks of a part as a table, the worst first."""
    leaves = sorted(result.leaves(), key=lambda leaf: RANK[leaf.status])
    lines = [row([Markdown(""), Markdown("check"), Markdown("why"), Markdown("next")]), "|:-:|---|---|---|"]
    for leaf in leaves[:_MOST_ROWS]:
        loud = leaf.status in (Status.FAILED, Status.WARNED)
        cells = [ICONS[leaf.status], code(leaf.name), why(leaf), advice(leaf) if loud else Markdown("")]
        lines.append(row(cells))
    rest = len(leaves) - _MOST_ROWS
    notes = [
        f"{rest:,} more checks stand in the report." if rest > 0 else "",
        f"{left_out:,} annotations left out." if left_out else "",
    ]
    head = join([ICONS[result.status], why(result)], " ").source
    return "\n".join([head, "", *lines, "", *filter(None, notes)])


def _annotations(parts: Sequence[Result], verdict: Verdict, facts: Facts, policy_text: str) -> tuple[tuple[Annotation, ...], int]:
    """Remarks on the lines that caused something, the worst first; and how many were left out."""
    whole = verdict.model_copy(update={"result": verdict.result.model_copy(update={"children": list(parts)})})
    made = [_annotation(each) for each in annotations(whole, facts, policy_text) if each.file and _is_inside(each.file)]
    return tuple(made[:MOST_ANNOTATIONS]), max(0, len(made) - MOST_ANNOTATIONS)


def _annotation(remark: Remark) -> Annotation:
    line = max(1, remark.line or 1)
    return Annotation(
        path=remark.file or "",
        start_line=line,
        end_line=line,
        level="failure" if remark.level == "error" else "warning",
        message=shorten(visible(" ".join(remark.message.split())), 2_000) or "see the report",
        title=shorten(visible(remark.title), 200),
    )


def _is_inside(file: str) -> bool:
    """Whether it can be a file of the repository, as GitHub writes its name."""
    path = PurePosixPath(file)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in file and file.isprintable() and file != "."
