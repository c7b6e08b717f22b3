"""Reproduces what changed, in the user's environment, within a budget, and says what became of every stage."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from actions.data.state import inspect
from actions.progress import Progress
from actions.repository import Repository, Stage
from actions.repository.command import reproduce
from actions.train.environment import for_stages, secrets
from actions.train.keep import Kept
from actions.train.output import clean
from actions.train.process import Watched, terminations_as_interrupts
from actions.train.story import Story
from actions.train.transfer import bring
from policy.facts.data import PipelineFacts
from policy.facts.training import StageRun, TrainingFacts
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.training import Train, span


def run(
    repository: Repository,
    section: Train,
    pipeline: PipelineFacts | None,
    progress: Progress,
    environment: Mapping[str, str] | None = None,
    *,
    single: bool = False,
    full: bool = False,
    enough: Callable[[], bool] | None = None,
) -> TrainingFacts:
    """Bring the section's targets up to date with the user's own `dvc repro`; where nothing is stale, nothing is started.

    Args:
        pipeline: the state of the pipeline (`actions.data.state.inspect`); read here where absent.
        environment: the user's (default: ours); tokens are taken out before stages see it.
        single: only the targets, not what they need.
        full: also what did not change, and nothing out of the run cache.
        enough: asked several times a second; once it says so, the run is stopped as one that is out of its budget.

    Raises:
        UserProblem: no dvc on PATH, a cache that cannot be used, or a target that is no stage.
        KeyboardInterrupt: after Ctrl-C, when the run is stopped and cleaned up.
    """
    pipeline = pipeline or inspect(repository, check_remote=False)
    budget = section.budget.total_seconds() if section.budget else None
    base = TrainingFacts(targets=list(section.targets), budget_seconds=budget)
    if pipeline.problem is Reason.PIPELINE_UNREADABLE:
        return base.model_copy(update={"problem": pipeline.problem, "problem_detail": pipeline.problem_detail})
    needed = _needed(repository.stages(), section.targets, upstream=not single)
    stale = {stage.name for stage in pipeline.stages if stage.state != "current"}
    todo = [stage for stage in needed if full or stage.name in stale]
    if not todo:
        return base.model_copy(update={"stages": [StageRun(name=stage.name, outcome="unchanged") for stage in needed]})
    around = os.environ if environment is None else environment
    pull = section.pull and pipeline.remote is not None and pipeline.problem is None
    repository.store.check_cache()
    command = reproduce(for_stages(around), section.targets, pull=pull, single=single, full=full)
    if full and pull:
        bring(repository, todo, progress, around)
    progress.step(f"{len(todo)} of {len(needed)} stages to run: {', '.join(stage.name for stage in todo)}")
    kept = Kept(repository, todo)
    started = time.monotonic()
    deadline = None if budget is None else started + budget
    try:
        watch = _Run(Story({stage.name: stage.command for stage in needed}), progress, secrets(around), deadline, enough)
        with terminations_as_interrupts():
            ended = watch.follow(Watched(command, repository.dvc_root, for_stages(around)))
    finally:
        repository.forget()
    wall = time.monotonic() - started
    if ended.interrupted or ended.late:
        _clean_up(kept, ended)
    kept.drop()
    if ended.interrupted:
        raise KeyboardInterrupt
    ended = _without_oversights(repository, todo, ended)
    return base.model_copy(update={"stages": ended.stages, "wall_seconds": round(wall, 3), **_problem(ended, budget)})


def _needed(stages: list[Stage], targets: list[str], *, upstream: bool) -> list[Stage]:
    """The stages that bringing the targets up to date involves, upstream first; without `upstream` the targets alone."""
    if not targets:
        return stages
    by_name = {stage.name: stage for stage in stages}
    wanted: set[str] = set()
    queue = list(targets)
    while queue:
        name = queue.pop()
        if name in wanted:
            continue
        # A group that `foreach` or `matrix` generates is named by its head.
        group = [other for other in by_name if other == name or other.startswith(f"{name}@")]
        if not group:
            known = ", ".join(list(by_name)[:20]) or "there are none"
            raise UserProblem(f"no stage is called {name!r}", "assay.yml: train.targets", f"Stages: {known}")
        wanted.update(group, [name])
        queue += [other for one in group for other in by_name[one].upstream] if upstream else []
    return [stage for stage in stages if stage.name in wanted]


@dataclass(frozen=True)
class _Ended:
    """How a run ended."""

    stages: list[StageRun]
    code: int
    late: bool
    interrupted: bool
    errors: list[str]
    enough: bool = False


class _Run:
    """Follows one `dvc repro` from its first line to its last."""

    def __init__(
        self,
        story: Story,
        progress: Progress,
        hidden: list[str],
        deadline: float | None,
        enough: Callable[[], bool] | None = None,
    ) -> None:
        self._story = story
        self._progress = progress
        self._hidden = hidden
        self._deadline = deadline
        self._enough = enough
        self._stopped = False

    def follow(self, program: Watched) -> _Ended:
        """Read until the end, the budget, enough, or Ctrl-C; all but the first stop the program."""
        late = interrupted = False
        try:
            late = not self._read(program)
            if late:
                program.stop()
        except KeyboardInterrupt:
            interrupted = True
            self._stop_impatiently(program)
        code = program.wait()
        if late or interrupted:
            self._read_on(program)
        stages = self._story.end(time.monotonic(), program.cpu(), ok=code == 0 and not late, stopped=late or interrupted)
        self._tell()
        return _Ended(stages, code, late, interrupted, self._story.errors, self._stopped)

    def _read(self, program: Watched) -> bool:
        """Pass the lines on; False when the budget ran out, or it is enough."""
        for found in program.lines():
            if found is not None:
                moment, raw = found
                text = clean(raw, self._hidden)
                running = self._story.current
                self._story.line(text, moment, program.cpu())
                if self._story.current != running:
                    program.quicken()
                if text:
                    self._progress.line(text)
                self._tell()
            if (used := program.memory()) is not None:
                self._story.memory(used)
            self._stopped = self._enough is not None and self._enough()
            if self._stopped or (self._deadline is not None and time.monotonic() > self._deadline):
                return False
        return True

    def _read_on(self, program: Watched) -> None:
        """What was said until it stopped: a stage may have begun meanwhile, and what it wrote is half-written too."""
        self._story.stopping = True
        for moment, raw in filter(None, program.lines()):
            self._story.line(clean(raw, self._hidden), moment, program.cpu())

    def _tell(self) -> None:
        """A line for each stage that ended meanwhile."""
        for said in self._story.news():
            self._progress.line(clean(said, self._hidden))

    def _stop_impatiently(self, program: Watched) -> None:
        """Stop with grace; a second Ctrl-C stops at once."""
        try:
            program.stop()
        except KeyboardInterrupt:
            program.stop(grace=(0.0, 0.0))


def _without_oversights(repository: Repository, todo: list[Stage], ended: _Ended) -> _Ended:
    """Say of stages that DVC passed over and that are still stale that they were not reached.

    With `--allow-missing`, DVC takes a dependency that nobody has for one that did not change.
    """
    unchanged = {stage.name for stage in ended.stages if stage.outcome == "unchanged"} & {stage.name for stage in todo}
    if ended.code or not unchanged:
        return ended
    now = inspect(repository, check_remote=False)
    left = {stage.name: stage.because for stage in now.stages if stage.name in unchanged and stage.state != "current"}
    stages = [stage.model_copy(update={"outcome": "not_reached"}) if stage.name in left else stage for stage in ended.stages]
    errors = [f"stage {name} is still out of date: {'; '.join(because[:3])}" for name, because in left.items()]
    return replace(ended, stages=stages, errors=[*ended.errors, *errors], code=ended.code or int(bool(left)))


def _clean_up(kept: Kept, ended: _Ended) -> None:
    for stage in ended.stages:
        if stage.outcome == "stopped":
            kept.put_back(stage.name)


def _problem(ended: _Ended, budget: float | None) -> dict[str, object]:
    """What stopped the run, as fields of the facts."""
    if ended.enough:
        return {"problem": Reason.TRIAL_PRUNED, "problem_detail": "stopped, because it was enough"}
    if ended.late:
        return {"problem": Reason.BUDGET_EXCEEDED, "problem_detail": f"stopped after {span(budget)}"}
    if ended.code == 0:
        return {}
    failed = next((stage.name for stage in ended.stages if stage.outcome == "failed"), None)
    told = "; ".join(_few(ended.errors)) or (f"stage {failed} failed" if failed else f"dvc ended with exit code {ended.code}")
    return {"problem": Reason.TRAINING_FAILED, "problem_detail": told[:2_000]}


def _few(errors: list[str]) -> list[str]:
    """DVC repeats itself for every object; its first complaint names the cause, its last one the stage."""
    return errors if len(errors) <= 3 else [errors[0], f"{len(errors) - 2} more of its errors", errors[-1]]
