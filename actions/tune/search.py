"""The search: strategies take turns by what they bring, until the trials or the time are used up."""

import random
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from actions.progress import Progress
from actions.tune import bandit, study
from actions.tune.live import Told
from actions.tune.strategies import distributions, pruner, samplers, start
from actions.tune.workshop import Outcome
from policy.facts.override import Scalar, written
from policy.problems import UserProblem
from policy.training import span
from policy.tuning import Point, Tune, better

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import Trial


class Run(Protocol):
    """Runs the pipeline with one point."""

    def __call__(self, point: Point, told: Told | None = None, /) -> Outcome:
        """What became of it; `told` may end it early, and is only given where trials are pruned."""


MOST_FAILED = 5
"""So many trials that fail one after the other, with none that did not, end the search: the next would fail too."""


@dataclass(frozen=True)
class Limits:
    """How long a search may go on: trials, and seconds until no further one begins."""

    trials: int
    seconds: float | None = None


@dataclass
class Searched:
    """What one run of the search did."""

    here: int = 0
    restored: int = 0
    failed: int = 0
    pruned: int = 0


def search(
    kept: "Study",
    tune: Tune,
    run: Run,
    limits: Limits,
    progress: Progress,
    *,
    seed: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Searched:
    """Try points until a limit is reached.

    Args:
        kept: the study; trials of other machines in it count for what is learned, not for the limits.
        run: runs the pipeline with one point.
        seed: of the strategies and of the choice between them; None: another one each time.

    Raises:
        UserProblem: the first trials all failed.
        KeyboardInterrupt: after Ctrl-C; the trial that ran is kept as one that failed.
    """
    strategies = tune.chosen
    # Another run of the same seed must not choose the same points once more.
    known = samplers(strategies, None if seed is None else seed + len(kept.trials))
    evenly = start(tune, kept.study_name if seed is None else str(seed))
    draw = random.Random(None if seed is None else f"{seed} {len(kept.trials)}")  # noqa: S311 - no secret is made of it
    kept.pruner = pruner(tune)
    space = distributions(tune)
    told = Searched()
    began = clock()
    while told.here < limits.trials and (limits.seconds is None or clock() - began < limits.seconds):
        study.bury(kept, time.time())
        chosen = bandit.turn(strategies, tune.objectives, study.ended(kept), draw)
        kept.sampler = evenly if chosen == bandit.START else known[chosen]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is experimental, and of spaces that one strategy cannot take as a whole
            trial = kept.ask(space)
        study.begin(trial, chosen)
        point = tune.tidy(trial.params)
        told.here += 1
        who = str(trial.user_attrs.get("strategy", chosen))
        progress.step(f"trial {told.here} of {limits.trials} ({who}): {shown(point)}")
        outcome = _known(kept, tune, trial, point) or _followed(kept, trial, run, point, watched=tune.prune is not None)
        told.restored += outcome.restored
        told.pruned += outcome.pruned
        told.failed += outcome.scores is None and not outcome.pruned
        progress.line(_line(kept, tune, outcome))
        if told.failed == told.here == MOST_FAILED:
            raise UserProblem(f"the first {MOST_FAILED} trials failed: {outcome.problem}", "assay tune", "Mend it, or the space")
    return told


def _known(kept: "Study", tune: Tune, trial: "Trial", point: Point) -> Outcome | None:
    """What an earlier trial of the same point came to; None where there is none.

    The run cache would answer too, but for stages whose outs DVC does not keep.
    """
    before = study.same(kept, tune, point)
    if before is None:
        return None
    scores = tuple(before.values)
    study.end(kept, trial, scores, 0.0, again=before.number)
    return Outcome(scores, 0.0, restored=True, again=before.number)


def _followed(kept: "Study", trial: "Trial", run: Run, point: Point, *, watched: bool) -> Outcome:
    """Run one trial and keep what became of it, whatever it is."""

    def told(steps: Mapping[int, float]) -> bool:
        for step, value in steps.items():
            trial.report(value, step)
        return trial.should_prune()

    began = time.monotonic()
    try:
        with study.beating(trial):
            outcome = run(point, told) if watched else run(point)
    except BaseException:
        study.end(kept, trial, None, time.monotonic() - began)
        raise
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study.end(kept, trial, outcome.scores, outcome.seconds, outcome.problem, pruned=outcome.pruned)
    return outcome


def shown(point: Mapping[str, Scalar]) -> str:
    """A point on one line, as a command would set it."""
    return " ".join(f"{name}={written(value)}" for name, value in point.items())


def _line(kept: "Study", tune: Tune, outcome: Outcome) -> str:
    """What one trial came to, and the best of the first objective so far."""
    if outcome.pruned:
        return f"pruned after {span(outcome.seconds)}: {outcome.problem}"
    if outcome.scores is None:
        return f"failed after {span(outcome.seconds)}: {outcome.problem}"
    values = ", ".join(f"{name} {value:.6g}" for name, value in zip(tune.metrics, outcome.scores, strict=True))
    first = tune.objectives[:1]
    best = outcome.scores[0]
    for trial in study.complete(kept):
        best = trial.values[0] if better(first, trial.values[:1], [best]) else best
    how = "restored from the run cache" if outcome.restored else span(outcome.seconds)
    how = how if outcome.again is None else f"as in trial {outcome.again}"
    return f"{values} ({how}); the best {tune.metrics[0]} is {best:.6g}"
