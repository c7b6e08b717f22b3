"""Training: its section of `assay.yml`, and what a run and the state of the pipeline mean."""

from policy.durations import Duration
from policy.facts.data import PipelineFacts, StageState
from policy.facts.training import StageRun, TrainingFacts
from policy.models import Name, Section
from policy.reasons import Reason
from policy.result import Result, Status, Value, combine

NAME = "training"
_MISSING = "—"
# A runner may send any reason as a problem; only these say something about a run or a pipeline, and know their values.
_RUN_PROBLEMS = (Reason.TRAINING_FAILED, Reason.BUDGET_EXCEEDED, Reason.PIPELINE_UNREADABLE, Reason.REMOTE_UNREACHABLE)
_PIPELINE_PROBLEMS = (Reason.PIPELINE_UNREADABLE, Reason.REMOTE_UNREACHABLE, Reason.REMOTE_UNUSABLE)


class Train(Section):
    """What to reproduce, and how long it may take."""

    targets: list[Name] = []
    """Stages to bring up to date, with all they need; none means the whole pipeline."""
    budget: Duration | None = None
    """How long a run may take, such as `60 min`; it is stopped cleanly after that."""
    pull: bool = True
    """Whether a run may pull the data and the run cache it needs from DVC's remote."""


def decide(section: Train | None, training: TrainingFacts | None, pipeline: PipelineFacts | None) -> Result:
    """Judge the pipeline: nothing stale that was not run, nothing failed, nothing committed that was never pushed.

    A policy without a `train` section still hears about both: a stale lock means that the metrics in the change do
    not describe its code (a warning), and data that nobody else can get is red.
    """
    if pipeline is None and training is None:
        if section is None:
            return Result(name=NAME, status=Status.SKIPPED, reason=Reason.NOT_CONFIGURED)
        return Result(name=NAME, status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": NAME})
    children = [
        *(_run(training) if training else []),
        *(_pipeline(section, training, pipeline) if pipeline else []),
    ]
    result = combine(NAME, children)
    if result.status in (Status.FAILED, Status.WARNED):
        return result
    reason, values = _summary(training, pipeline)
    return result.model_copy(update={"status": Status.PASSED, "reason": reason, "values": values})


def _summary(training: TrainingFacts | None, pipeline: PipelineFacts | None) -> tuple[Reason, dict[str, Value]]:
    ran = [stage for stage in training.stages if stage.outcome in ("executed", "restored")] if training else []
    if training is None or not ran:
        count = len(training.stages) if training else len(pipeline.stages) if pipeline else 0
        return Reason.PIPELINE_CURRENT, {"count": count}
    executed = sum(stage.outcome == "executed" for stage in ran)
    budget = "" if training.budget_seconds is None else f" of {span(training.budget_seconds)}"
    return Reason.TRAINED, {
        "executed": executed,
        "restored": len(ran) - executed,
        "total": len(training.stages),
        "wall": span(training.wall_seconds),
        "budget": budget,
    }


# What a run did


def _run(training: TrainingFacts) -> list[Result]:
    stages = [result for stage in training.stages if (result := _stage_run(stage, training))]
    if training.problem is None or any(_tells(training.problem, result) for result in stages):
        return stages
    reason = training.problem if training.problem in _RUN_PROBLEMS else Reason.TRAINING_FAILED
    values: dict[str, Value] = {"detail": training.problem_detail or _MISSING}
    values |= {"budget": span(training.budget_seconds), "stage": _MISSING}
    return [Result(name="run", status=Status.FAILED, reason=reason, values=values), *stages]


def _tells(problem: Reason, result: Result) -> bool:
    """Whether a stage's own line already says what stopped the run."""
    return result.reason is problem or (problem is Reason.TRAINING_FAILED and result.reason is Reason.STAGE_FAILED)


def _stage_run(stage: StageRun, training: TrainingFacts) -> Result | None:
    """The line of one stage; none for a stage that was up to date."""
    values: dict[str, Value] = {"stage": stage.name, "wall": span(stage.wall_seconds)}
    if stage.outcome == "executed":
        return Result(name=stage.name, status=Status.PASSED, reason=Reason.STAGE_EXECUTED, values=values)
    if stage.outcome == "restored":
        return Result(name=stage.name, status=Status.PASSED, reason=Reason.STAGE_RESTORED, values=values)
    if stage.outcome == "failed":
        values |= {"code": _MISSING if stage.exit_code is None else stage.exit_code, "command": stage.command or _MISSING}
        return Result(name=stage.name, status=Status.FAILED, reason=Reason.STAGE_FAILED, values=values)
    if stage.outcome == "stopped":
        values |= {"budget": span(training.budget_seconds)}
        return Result(name=stage.name, status=Status.FAILED, reason=Reason.BUDGET_EXCEEDED, values=values)
    if stage.outcome == "not_reached":
        # What stopped the run is red; what it did not come to only follows from it.
        return Result(name=stage.name, status=Status.WARNED, reason=Reason.STAGE_NOT_REACHED, values=values)
    return None


# What the pipeline is


def _pipeline(section: Train | None, training: TrainingFacts | None, pipeline: PipelineFacts) -> list[Result]:
    results = [*_problem(pipeline), *_unpushed(pipeline)]
    stale = [stage for stage in pipeline.stages if stage.state != "current"]
    if training is None and section is not None and stale:
        return [*results, _not_trained(stale)]
    done = {stage.name for stage in training.stages} if training else set()
    return results + [_stale(stage) for stage in stale if stage.name not in done]


def _problem(pipeline: PipelineFacts) -> list[Result]:
    if pipeline.problem is None:
        if pipeline.remote is None and pipeline.stages:
            return [Result(name="remote", status=Status.WARNED, reason=Reason.NO_REMOTE)]
        return []
    reason = pipeline.problem if pipeline.problem in _PIPELINE_PROBLEMS else Reason.PIPELINE_UNREADABLE
    return [Result(name="pipeline", status=Status.FAILED, reason=reason, values={"detail": pipeline.problem_detail or _MISSING})]


def _unpushed(pipeline: PipelineFacts) -> list[Result]:
    values: dict[str, Value] = {"remote": pipeline.remote or _MISSING}
    return [
        Result(name=path, status=Status.FAILED, reason=Reason.NOT_PUSHED, values=values | {"path": path})
        for path in pipeline.missing_remote
    ]


def _not_trained(stale: list[StageState]) -> Result:
    shown = ", ".join(stage.name for stage in stale[:5]) + (", …" if len(stale) > 5 else "")
    first = stale[0]
    values: dict[str, Value] = {"count": len(stale), "stages": shown}
    return Result(name="stages", status=Status.FAILED, reason=Reason.NOT_TRAINED, values=values, file=first.file, line=first.line)


def _stale(stage: StageState) -> Result:
    """A stage that a run would execute, and that none did: outside the targets, or not asked for by the policy."""
    reason = Reason.STAGE_NEVER_RUN if stage.state == "never_run" else Reason.STAGE_STALE
    values: dict[str, Value] = {"stage": stage.name, "because": "; ".join(stage.because[:3]) or _MISSING}
    return Result(name=stage.name, status=Status.WARNED, reason=reason, values=values, file=stage.file, line=stage.line)


def span(seconds: float | None) -> str:
    """A length of time as people say it: `0.4 s`, `1 min 12 s`, `2 h 5 min`."""
    if seconds is None:
        return _MISSING
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
