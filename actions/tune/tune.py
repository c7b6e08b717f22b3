"""One run of `assay tune`: the present parameters, the search, the winner against them, and the record of it all."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from actions.progress import Progress
from actions.repository import Repository
from actions.tune import bandit, study
from actions.tune.repeats import repeat
from actions.tune.search import Limits, Searched, search
from actions.tune.share import Share
from actions.tune.storage import open_storage, reachable
from actions.tune.strategies import samplers
from actions.tune.weights import weights
from actions.tune.workshop import Outcome, Workshop, opened
from policy import tuning
from policy.evaluation import Evaluate
from policy.facts.override import Scalar
from policy.problems import UserProblem
from policy.result import Status
from policy.training import Train
from policy.tuned import Aim, Arm, Repeated, Tried, Tuned
from policy.tuning import Point, Tune

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.study import Study
    from optuna.trial import FrozenTrial

_MOST_FRONT = 200


@dataclass(frozen=True)
class Asked:
    """What one run is asked for, beside the policy."""

    limits: Limits
    storage: str | None = None
    """The address of a database, or the path of a journal; None: a journal in the scratch folder."""
    seed: int | None = None
    project: str = "assay"
    """Whose studies these are, where projects share a storage."""
    share: Share | None = None
    """Which share of the trials `work` makes."""


@dataclass(frozen=True)
class _Made:
    """What one run tried, and the commit as it is."""

    study: "Study"
    searched: Searched
    seeded: int
    present: Tried
    outcome: Outcome


@dataclass(frozen=True)
class _Found:
    """What the search came to."""

    made: _Made
    winner: Tried | None
    repeated: list[Repeated]


def tune(
    repository: Repository, section: Tune, evaluate: Evaluate, train: Train | None, asked: Asked, progress: Progress
) -> Tuned:
    """Search for better parameters than those of HEAD. The work tree is not touched.

    Raises:
        UserProblem: a library is not installed, a parameter cannot be set, or the pipeline fails as it is.
        OutsideProblem: the storage cannot be reached.
        KeyboardInterrupt: after Ctrl-C; what was tried until then is kept in the storage.
    """
    began = time.monotonic()
    with _shop(repository, section, evaluate, train, asked) as (shop, kept):
        made = _made(repository, section, shop, kept, asked, progress)
        winner = _winner(made.study, section, made.present.values)
        repeated = _repeated(section, shop, made.outcome, made.present, winner, progress)
        record = _record(section, repository.head().sha, _Found(made, winner, repeated), time.monotonic() - began)
        patch = shop.patch(record.winner.values) if record.winner and record.result.status is Status.PASSED else ""
    return record.model_copy(update={"patch": patch})


def work(
    repository: Repository, section: Tune, evaluate: Evaluate, train: Train | None, asked: Asked, progress: Progress
) -> Searched:
    """Make trials as one of several workers, and conclude nothing: `tune` does, when all are through. Raises as `tune`."""
    with _shop(repository, section, evaluate, train, asked) as (shop, kept):
        return _made(repository, section, shop, kept, asked, progress).searched


@contextmanager
def _shop(
    repository: Repository, section: Tune, evaluate: Evaluate, train: Train | None, asked: Asked
) -> "Iterator[tuple[Workshop, BaseStorage]]":
    kept = open_storage(asked.storage, repository.scratch)
    samplers(section.chosen, None)  # what is not installed is better told before the pipeline runs
    with reachable(), opened(repository, repository.head().sha, section, evaluate, train) as shop:
        yield shop, kept


def _made(repository: Repository, section: Tune, shop: Workshop, kept: "BaseStorage", asked: Asked, progress: Progress) -> _Made:
    """Run the present parameters, and then try others."""
    progress.step("the present parameters")
    here = shop.present()
    outcome = shop.run(here)
    if outcome.scores is None:
        raise UserProblem(
            f"the present parameters give no scores: {outcome.problem}", "assay tune", "Mend that; `dvc repro` shows it"
        )
    progress.line(", ".join(f"{name} {value:.6g}" for name, value in zip(section.metrics, outcome.scores, strict=True)))
    share = asked.share or Share(1, 1)
    tree = repository.tree(repository.head().sha)
    opened_study, seeded = study.open_study(kept, section, asked.project, tree, first=share.first)
    study.bury(opened_study, time.time())
    study.note(opened_study, section, here, outcome.scores)
    limits = replace(asked.limits, trials=share.part(asked.limits.trials))
    searched = search(opened_study, section, shop.run, limits, progress, seed=asked.seed)
    present = Tried(values=here, scores=list(outcome.scores), strategy="present", seconds=round(outcome.seconds, 3))
    return _Made(opened_study, searched, seeded, present, outcome)


def _repeated(
    section: Tune, shop: Workshop, outcome: Outcome, present: Tried, winner: Tried | None, progress: Progress
) -> list[Repeated]:
    """What repeating told; nothing where it is not asked for, or where the winner was not even better once."""
    if section.repeats is None or winner is None or outcome.scores is None:
        return []
    if not tuning.better(section.objectives[:1], winner.scores[:1], outcome.scores[:1]):
        return []
    return repeat(section, section.repeats, shop.run, present.values, winner.values, progress)


def _winner(kept: "Study", section: Tune, present: Point) -> Tried | None:
    """The best by the first objective of the front, or else of all, that is not the present point."""
    sign = -1.0 if section.objectives[0].direction == "higher" else 1.0
    front = {trial.number for trial in kept.best_trials}
    others = [trial for trial in study.complete(kept) if section.tidy(trial.params) != dict(present)]
    best = min(others, key=lambda each: (each.number not in front, sign * each.values[0], each.number), default=None)
    return None if best is None else _tried(best, section)


def _tried(trial: "FrozenTrial", section: Tune) -> Tried:
    values: dict[str, Scalar] = section.tidy(trial.params)
    seconds = round(study.seconds(trial), 3)
    return Tried(number=trial.number, values=values, scores=list(trial.values), strategy=study.strategy(trial), seconds=seconds)


def _front(kept: "Study", section: Tune) -> list[Tried]:
    """The best compromises, each once, the best of the first objective first; with one objective the best point alone."""
    sign = -1.0 if section.objectives[0].direction == "higher" else 1.0
    found: list[Tried] = []
    for trial in sorted(kept.best_trials, key=lambda each: (sign * each.values[0], each.number)):
        if all(list(trial.values) != each.scores for each in found):
            found.append(_tried(trial, section))
    return found[:_MOST_FRONT]


def _record(section: Tune, sha: str, found: _Found, seconds: float) -> Tuned:
    made, winner = found.made, found.winner
    told, lost = study.failures(made.study)
    seeds = section.repeats.seeds if section.repeats and found.repeated else 0
    scores = None if winner is None else winner.scores
    return Tuned(
        commit=sha,
        study=made.study.study_name,
        space={name: dimension.shown[:500] for name, dimension in section.space.items()},
        objectives=[Aim(metric=goal.metric, better=goal.direction) for goal in section.objectives],
        present=made.present,
        winner=winner,
        front=_front(made.study, section),
        trials=len(study.complete(made.study)),
        failed=len(told),
        lost=lost,
        pruned=study.pruned(made.study),
        here=made.searched.here,
        restored=made.searched.restored,
        seeded=made.seeded,
        arms=arms(section, study.ended(made.study)),
        weights=weights(made.study, section),
        repeated=found.repeated,
        seeds=seeds,
        confidence=section.confidence,
        seconds=round(seconds, 3),
        result=tuning.decide(section.objectives, made.present.scores, scores, found.repeated, seeds),
    )


def arms(section: Tune, ended: list[bandit.Ended]) -> list[Arm]:
    """What each strategy did in the whole study; points of earlier studies are an arm of their own, the present ones none."""
    steps = bandit.steps(section.objectives, ended)
    found = []
    for name in dict.fromkeys([*section.chosen, *(step.strategy for step in steps)]):
        own = [(step, each) for step, each in zip(steps, ended, strict=True) if step.strategy == name]
        if name == "present" or not own:
            continue
        found.append(
            Arm(
                strategy=name,
                trials=sum(each.scores is not None for _, each in own),
                failed=sum(each.scores is None and not each.pruned for _, each in own),
                good=sum(step.good for step, _ in own),
                seconds=round(sum(step.seconds for step, _ in own), 3),
            )
        )
    return found
