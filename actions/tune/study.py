"""The study of one commit and one space: what earlier studies hand on, and what became of trials whose run was killed."""

import hashlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import psutil

from actions.tune.bandit import Ended
from actions.tune.strategies import distributions
from policy.facts.override import Scalar
from policy.tuning import Tune

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.study import Study
    from optuna.trial import FrozenTrial, Trial

HANDED_ON = 10
"""How many points an earlier study hands on, at most."""
BEAT_SECONDS = 15.0
LOST_SECONDS = 180.0
"""A trial on another machine that gave no sign for so long is lost."""
_STRATEGY, _SECONDS, _PROBLEM, _RUNNER, _BEAT, _OURS = "strategy", "seconds", "problem", "runner", "beat", "assay"
_HANDED, _AGAIN = "handed", "again"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def open_study(storage: "BaseStorage", tune: Tune, project: str, tree: str, *, first: bool = True) -> "tuple[Study, int]":
    """The study of a tree of git (so of code, data and other parameters), a space and objectives; carried on where it is there.

    A new one begins with the best points that earlier studies of the same parameters and objectives hand on, as far as they
    lie in the space; of several workers only the `first` sees to that. Returns the study, and how many of them are to be run.
    """
    from optuna import create_study
    from optuna.trial import TrialState

    aims = [[goal.metric, goal.direction] for goal in tune.objectives]
    ours = {"project": project, "keys": sorted(tune.space), "aims": aims}
    space = {name: dimension.model_dump(mode="json") for name, dimension in sorted(tune.space.items())}
    what = json.dumps([ours, space, tree], sort_keys=True)
    name = f"{project}:{hashlib.sha256(what.encode()).hexdigest()[:12]}"
    directions: list[Literal["maximize", "minimize"]]
    directions = ["maximize" if goal.direction == "higher" else "minimize" for goal in tune.objectives]
    study = create_study(storage=storage, study_name=name, directions=directions, load_if_exists=True)
    if study.user_attrs.get(_OURS) != ours:
        study.set_user_attr(_OURS, ours)
    if first and _HANDED not in study.user_attrs:
        # Said before it is done, because a trial is rather handed on by nobody than run twice.
        study.set_user_attr(_HANDED, True)
        for point in handed_on(storage, tune, ours, name):
            study.enqueue_trial(point, user_attrs={_STRATEGY: "earlier"}, skip_if_exists=True)
    return study, sum(trial.state is TrialState.WAITING for trial in study.trials)


def handed_on(storage: "BaseStorage", tune: Tune, ours: Mapping[str, Any], but: str) -> list[dict[str, Scalar]]:
    """The best points of other studies of the same parameters and objectives, the newest study first."""
    from optuna import get_all_study_summaries, load_study

    summaries = [each for each in get_all_study_summaries(storage, include_best_trial=False) if each.study_name != but]
    alike = [each for each in summaries if each.user_attrs.get(_OURS) == ours and each.n_trials]
    alike.sort(key=lambda each: each.datetime_start.timestamp() if each.datetime_start else 0.0, reverse=True)
    found: list[dict[str, Scalar]] = []
    for each in alike:
        for trial in _best(load_study(study_name=each.study_name, storage=storage), tune):
            if tune.holds(trial.params) and trial.params not in found:
                found.append(dict(trial.params))
    return found[:HANDED_ON]


def _best(study: "Study", tune: Tune) -> "list[FrozenTrial]":
    """The best trials of a study: its front, and then by the first objective."""
    sign = -1.0 if tune.objectives[0].direction == "higher" else 1.0
    front = {trial.number for trial in study.best_trials}
    ended = sorted(complete(study), key=lambda trial: (trial.number not in front, sign * trial.values[0]))
    return ended[:HANDED_ON]


def complete(study: "Study") -> "list[FrozenTrial]":
    """The trials that ended with scores, in the order in which they ended."""
    from optuna.trial import TrialState

    found = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    return sorted(found, key=_end)


def same(study: "Study", tune: Tune, point: Mapping[str, Scalar]) -> "FrozenTrial | None":
    """The first trial that ended with scores for a point, as it is written to the files."""
    return next((trial for trial in complete(study) if tune.tidy(trial.params) == point), None)


def ended(study: "Study") -> list[Ended]:
    """What the choice of a strategy rests on: every trial that told something, in the order in which they ended."""
    from optuna.trial import TrialState

    found = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL))
    return [
        Ended(
            strategy(trial),
            trial.values if trial.state is TrialState.COMPLETE else None,
            float(trial.user_attrs.get(_SECONDS, 0.0)),
            trial.state is TrialState.PRUNED,
            _AGAIN in trial.user_attrs,
        )
        for trial in sorted(found, key=_end)
        if not lost(trial)
    ]


def pruned(study: "Study") -> int:
    """How many trials were ended early."""
    from optuna.trial import TrialState

    return len(study.get_trials(deepcopy=False, states=(TrialState.PRUNED,)))


def failures(study: "Study") -> tuple[list[str], int]:
    """Why trials failed, a line each, the oldest first; and how many were lost."""
    from optuna.trial import TrialState

    failed = study.get_trials(deepcopy=False, states=(TrialState.FAIL,))
    told = [str(trial.user_attrs[_PROBLEM]) for trial in failed if _PROBLEM in trial.user_attrs]
    return told, len(failed) - len(told)


def lost(trial: "FrozenTrial") -> bool:
    """Whether the run of a trial was killed, which says nothing of its point."""
    from optuna.trial import TrialState

    return trial.state is TrialState.FAIL and _PROBLEM not in trial.user_attrs


def _end(trial: "FrozenTrial") -> tuple[float, int]:
    return (trial.datetime_complete.timestamp() if trial.datetime_complete else 0.0), trial.number


def strategy(trial: "FrozenTrial") -> str:
    """Who chose the point of a trial."""
    return str(trial.user_attrs.get(_STRATEGY, ""))


def seconds(trial: "FrozenTrial") -> float:
    """How long the run of a trial took."""
    return float(trial.user_attrs.get(_SECONDS, 0.0))


def note(study: "Study", tune: Tune, point: Mapping[str, Scalar], scores: tuple[float, ...]) -> None:
    """Add the present parameters as a trial, where they lie in the space and no trial has them yet."""
    from optuna.trial import create_trial

    known = [trial.params for trial in complete(study)]
    if tune.holds(point) and dict(point) not in known:
        study.add_trial(
            create_trial(
                params=dict(point), distributions=distributions(tune), values=list(scores), user_attrs={_STRATEGY: "present"}
            )
        )


def begin(trial: "Trial", chosen: str) -> None:
    """Say who runs a trial, so that others can see when its run is lost."""
    trial.set_user_attr(_RUNNER, _me())
    trial.set_user_attr(_BEAT, time.time())
    if _STRATEGY not in trial.user_attrs:
        trial.set_user_attr(_STRATEGY, chosen)


def end(
    study: "Study",
    trial: "Trial",
    scores: tuple[float, ...] | None,
    seconds: float,
    problem: str = "",
    *,
    pruned: bool = False,
    again: int | None = None,
) -> None:
    """Keep what became of a trial; nothing where another machine has given it up, because ours was asleep.

    `again` is the trial whose scores these are.
    """
    from optuna.exceptions import UpdateFinishedTrialError
    from optuna.trial import TrialState

    with suppress(UpdateFinishedTrialError):
        trial.set_user_attr(_SECONDS, round(seconds, 3))
        if again is not None:
            trial.set_user_attr(_AGAIN, again)
        if pruned:
            study.tell(trial, state=TrialState.PRUNED, skip_if_finished=True)
        elif scores is None:
            trial.set_user_attr(_PROBLEM, problem or "it was stopped")
            study.tell(trial, state=TrialState.FAIL, skip_if_finished=True)
        else:
            study.tell(trial, list(scores), skip_if_finished=True)


@contextmanager
def beating(trial: "Trial") -> Iterator[None]:
    """Give a sign every now and then while the block runs."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_SECONDS):
            try:
                trial.set_user_attr(_BEAT, time.time())
            except Exception:  # a storage has errors of its own; that it is out of reach shows at the trial's end
                return

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def bury(study: "Study", now: float) -> int:
    """Let the trials fail whose run is no more, and return how many. `now` is in seconds since 1970."""
    from optuna.trial import TrialState

    running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    gone = [trial for trial in running if _gone(trial, now)]
    for trial in gone:
        study.tell(trial.number, state=TrialState.FAIL, skip_if_finished=True)
    return len(gone)


def machine() -> str:
    """What tells this machine from others: its name, which hosted runners share, and when or in which boot it was started."""
    try:
        boot = _BOOT.read_text("ascii").strip()
    except OSError:
        boot = str(int(psutil.boot_time()))
    return f"{socket.gethostname()} {boot}"


def _gone(trial: "FrozenTrial", now: float) -> bool:
    runner = trial.user_attrs.get(_RUNNER)
    began = trial.datetime_start.timestamp() if trial.datetime_start else 0.0
    if not isinstance(runner, dict) or runner.get("host") != machine():
        return now - float(trial.user_attrs.get(_BEAT, began)) > LOST_SECONDS
    try:
        return bool(abs(psutil.Process(int(runner["process"])).create_time() - float(runner["born"])) > 1.0)
    except (psutil.Error, KeyError, ValueError):
        return True


def _me() -> dict[str, Any]:
    return {"host": machine(), "process": os.getpid(), "born": psutil.Process().create_time()}
