"""The pipeline: what was stale, what ran, and the last words of a stage that failed."""

from policy.facts import Facts, PipelineFacts, TrainingFacts
from policy.facts.data import StageState
from policy.facts.training import StageRun
from policy.result import Status
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, fence, join, put, text
from reports.section import ICONS, Block, Row, Section, columns, worst_first
from reports.sections.parts import part, plural, prose, status_of

_BAD = {"failed": Status.FAILED, "stopped": Status.FAILED, "not_reached": Status.WARNED}
_STATES = {
    "current": "current",
    "changed": "changed",
    "never_run": "never ran",
    "upstream": "waits for a stage that changed",
}


def training(facts: Facts, verdict: Verdict) -> list[Section]:
    """What ran, and the state of the pipeline before it."""
    status = status_of(part(verdict, "training"))
    return [_runs(facts), _state(facts, status), _missing(facts.pipeline, status)]


def _runs(facts: Facts) -> Section:
    found = facts.training
    why = reasons(facts)
    stages = found.stages if found else []
    paragraphs = []
    if found and found.problem:
        paragraphs.append(put(f"{ICONS[Status.FAILED]} {{}}", prose(found.problem, found.problem_detail)))
    return Section(
        "training",
        "Training, stage by stage",
        columns=columns("stage", "outcome", "because", "time>", "CPU time>", "peak memory>"),
        rows=worst_first([_run(stage, why.get(stage.name, EMPTY)) for stage in stages]),
        blocks=tuple(_last_words(stage) for stage in stages if stage.outcome == "failed" or stage.tail),
        paragraphs=tuple(paragraphs),
        brief=summary(found) if found else "",
        cap=40,
    )


def summary(found: TrainingFacts) -> str:
    """2 of 3 stages ran, 1 restored."""
    ran = sum(stage.outcome in ("executed", "failed", "stopped") for stage in found.stages)
    restored = sum(stage.outcome == "restored" for stage in found.stages)
    total = len(found.stages)
    words = f"{numbers.count(ran)} of {plural(total, 'stage')} ran"
    return f"{words}, {numbers.count(restored)} restored" if restored else words


def reasons(facts: Facts) -> dict[str, Markdown]:
    """Why each stage was not current, by its name."""
    return {stage.name: _because(stage) for stage in facts.pipeline.stages} if facts.pipeline else {}


def _run(stage: StageRun, because: Markdown) -> Row:
    status = _BAD.get(stage.outcome, Status.PASSED)
    icon = f"{ICONS[status]} " if status is not Status.PASSED else ""
    cells = (
        code(stage.name),
        Markdown(f"{icon}{stage.outcome.replace('_', ' ')}"),
        because,
        Markdown(numbers.duration(stage.wall_seconds)),
        Markdown(numbers.duration(stage.cpu_seconds)),
        Markdown(numbers.size(stage.peak_bytes)),
    )
    return Row(status, cells)


_LONGEST_TAIL, _LONGEST_LINE = 8_000, 500


def _last_words(stage: StageRun) -> Block:
    command = EMPTY if stage.command is None else put(", command {}", code(stage.command, 200))
    ended = "" if stage.exit_code is None else f" with exit code {stage.exit_code}"
    title = put(f"Stage {{}} {stage.outcome.replace('_', ' ')}{ended}{{}}", code(stage.name), command)
    if not stage.tail:
        return Block(Status.FAILED, title, Markdown("It printed nothing."))
    return Block(Status.FAILED, title, fence(_last(stage.tail)))


def _last(tail: list[str]) -> str:
    """The last lines, up to a size that a comment can bear; what is left out is said."""
    kept: list[str] = []
    size = 0
    tail = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in tail]
    for line in reversed(tail[-30:]):
        size += len(line) + 1
        if kept and size > _LONGEST_TAIL:
            break
        kept.append(line)
    lost = len(tail) - len(kept)
    return "\n".join([*([f"({plural(lost, 'earlier line')} not shown)"] if lost else []), *reversed(kept)])


def _state(facts: Facts, status: Status) -> Section:
    """The stages that were not current and were not run either; of those that were, the table of stages says why."""
    found = facts.pipeline
    run = {stage.name for stage in facts.training.stages} if facts.training else set()
    stale = [stage for stage in found.stages if stage.state != "current" and stage.name not in run] if found else []
    paragraphs = []
    if found and found.problem:
        paragraphs.append(put(f"{ICONS[Status.FAILED]} {{}}", prose(found.problem, found.problem_detail)))
    if found and found.remote and not found.remote_checked:
        paragraphs.append(put("The remote {} was not asked which objects it has.", code(found.remote)))
    return Section(
        "pipeline",
        "Stages that were not current",
        columns=columns("stage", "state", "because", "run cache"),
        rows=tuple(_stale(stage) for stage in stale),
        paragraphs=tuple(paragraphs),
        brief=f"{numbers.count(len(stale))} of {numbers.count(len(found.stages) if found else 0)}",
        cap=30,
    )


def _because(stage: StageState) -> Markdown:
    """The first causes. Prose of the runner: its names become code, its words stay words."""
    rest = len(stage.because) - _MOST_CAUSES
    more = [Markdown(f"and {numbers.count(rest)} more")] if rest > 0 else []
    return join([*[text(each, 160) for each in stage.because[:_MOST_CAUSES]], *more], "; ")


_MOST_CAUSES = 3


def _stale(stage: StageState) -> Row:
    cached = Markdown("can be restored" if stage.restorable else "must run")
    return Row(Status.PASSED, (code(stage.name), Markdown(_STATES[stage.state]), _because(stage), cached))


def _missing(found: PipelineFacts | None, status: Status) -> Section:
    """Data that was committed but never pushed: everybody else will fail on it."""
    missing = found.missing_remote if found else []
    remote = code(found.remote) if found and found.remote else Markdown("the remote")
    return Section(
        "missing_remote",
        "Data that the remote does not have",
        columns=columns("out", "remote"),
        rows=tuple(Row(status if status is not Status.PASSED else Status.WARNED, (code(path), remote)) for path in missing),
        brief=numbers.count(len(missing)),
        cap=30,
    )
