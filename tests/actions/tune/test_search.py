"""The search: its limits, what it keeps of failures, and that it can be made again."""

import logging
from collections.abc import Callable

import optuna
import pytest
from optuna.trial import TrialState

from actions.progress import Silent
from actions.tune import study as studies
from actions.tune.bandit import steps
from actions.tune.live import Told
from actions.tune.search import MOST_FAILED, Limits, search, shown
from actions.tune.workshop import Outcome
from policy.problems import UserProblem
from policy.tuning import Point, Tune

TUNE = Tune.model_validate(
    {
        "space": {"lr": {"from": 1e-3, "to": 1, "scale": "log"}, "kind": {"of": ["flat", "deep"]}},
        "objectives": [{"metric": "accuracy"}],
        "strategies": ["tpe"],
    }
)


@pytest.fixture
def study() -> optuna.Study:
    optuna.logging.set_verbosity(logging.ERROR)
    return optuna.create_study(direction="maximize")


def score(point: Point) -> Outcome:
    return Outcome((1 - abs(float(point["lr"] or 0) - 0.1) - (point["kind"] == "flat"),), 1.0)


class Progress(Silent):
    """Keeps what was said."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.lines: list[str] = []

    def step(self, text: str) -> None:
        self.steps.append(text)

    def line(self, text: str) -> None:
        self.lines.append(text)


def test_it_ends_after_so_many_trials_and_says_what_each_came_to(study: optuna.Study) -> None:
    told = Progress()
    found = search(study, TUNE, score, Limits(3), told, seed=1)
    assert (found.here, found.failed, len(studies.complete(study))) == (3, 0, 3)
    assert told.steps[0].startswith("trial 1 of 3 (tpe): lr=") and " kind=" in told.steps[0]
    best = max(trial.values[0] for trial in studies.complete(study))
    assert told.lines[-1].endswith(f"; the best accuracy is {best:.6g}")


def test_no_trial_begins_after_the_time_is_up(study: optuna.Study) -> None:
    clock = iter(range(0, 1_000, 10))
    found = search(study, TUNE, score, Limits(100, seconds=35), Silent(), seed=1, clock=lambda: float(next(clock)))
    assert found.here == 3


def test_the_values_that_run_are_tidy(study: optuna.Study) -> None:
    seen: list[Point] = []

    def run(point: Point) -> Outcome:
        seen.append(point)
        return score(point)

    search(study, TUNE, run, Limits(4), Silent(), seed=1)
    assert all(len(f"{point['lr']!r}".replace("0.", "").lstrip("0")) <= 6 for point in seen)
    assert all(TUNE.holds(point) for point in seen)


def test_the_same_seed_makes_the_same_search_and_a_second_run_goes_on() -> None:
    optuna.logging.set_verbosity(logging.ERROR)
    rows = []
    for _ in range(2):
        study = optuna.create_study(direction="maximize")
        search(study, TUNE, score, Limits(3), Silent(), seed=4)
        search(study, TUNE, score, Limits(3), Silent(), seed=4)
        rows.append([trial.params for trial in study.trials])
    assert rows[0] == rows[1]
    assert rows[0][:3] != rows[0][3:]


def test_several_strategies_begin_with_a_shared_start_that_a_second_run_carries_on() -> None:
    optuna.logging.set_verbosity(logging.ERROR)
    tune = TUNE.model_copy(update={"strategies": ["tpe", "random"]})
    rows = []
    for runs in ([14], [4, 10]):
        study = optuna.create_study(direction="maximize")
        for trials in runs:
            search(study, tune, score, Limits(trials), Silent(), seed=4)
        rows.append([trial.params for trial in study.trials])
        assert [studies.strategy(trial) == "start" for trial in study.trials] == [True] * 10 + [False] * 4
    assert rows[0][:10] == rows[1][:10]


def test_a_point_that_the_study_knows_is_not_run_again_and_tells_nothing(study: optuna.Study) -> None:
    few = Tune.model_validate({"space": {"kind": {"of": ["flat", "deep"]}}, "objectives": [{"metric": "accuracy"}]})
    seen: list[Point] = []

    def run(point: Point) -> Outcome:
        seen.append(point)
        return Outcome((1.0 if point["kind"] == "deep" else 0.0,), 5.0)

    told = Progress()
    found = search(study, few, run, Limits(9), told, seed=1)
    assert len(seen) == 2 and (found.here, found.restored, len(studies.complete(study))) == (9, 7, 9)
    assert sum("(as in trial " in line for line in told.lines) == 7
    ended = studies.ended(study)
    assert [each.again for each in ended].count(True) == 7 and sum(each.seconds for each in ended) == 10.0
    assert not any(step.good for step, each in zip(steps(few.objectives, ended), ended, strict=True) if each.again)


def test_a_trial_that_fails_is_kept_with_its_reason_and_the_search_goes_on(study: optuna.Study) -> None:
    def run(point: Point) -> Outcome:
        return Outcome(None, 2.0, problem="it burnt") if point["kind"] == "flat" else score(point)

    found = search(study, TUNE, run, Limits(12), Silent(), seed=2)
    reasons, lost = studies.failures(study)
    assert 0 < found.failed == len(reasons) < 12 and lost == 0
    assert set(reasons) == {"it burnt"}


def test_a_trial_that_is_worse_than_half_of_those_before_is_pruned_and_counts_as_none_that_failed(study: optuna.Study) -> None:
    tune = TUNE.model_copy(update={"prune": "median"})
    far: list[int] = []

    def run(point: Point, told: Told | None = None) -> Outcome:
        value = 0.5 if len(far) < 6 else 0.1
        assert told is not None
        for step in range(10):
            if told({step: value + step / 100}):
                far.append(step)
                return Outcome(None, 2.0, problem="worse", pruned=True)
        far.append(10)
        return Outcome((value,), 10.0)

    said = Progress()
    found = search(study, tune, run, Limits(8), said, seed=1)
    assert far == [10] * 6 + [0, 0]
    assert (found.here, found.failed, found.pruned) == (8, 0, 2) and said.lines[-1] == "pruned after 2.0 s: worse"
    assert (studies.pruned(study), studies.failures(study), len(studies.complete(study))) == (2, ([], 0), 6)
    last = studies.ended(study)[-1]
    assert (last.scores, last.seconds, last.pruned) == (None, 2.0, True)


def test_where_nobody_asked_for_it_nothing_is_watched(study: optuna.Study) -> None:
    def run(point: Point, told: Told | None = None) -> Outcome:
        assert told is None
        return score(point)

    assert search(study, TUNE, run, Limits(2), Silent()).here == 2


def test_where_everything_fails_it_stops_and_says_why(study: optuna.Study) -> None:
    with pytest.raises(UserProblem, match=f"the first {MOST_FAILED} trials failed: no such file"):
        search(study, TUNE, lambda _: Outcome(None, 1.0, problem="no such file"), Limits(50), Silent())
    assert len(study.trials) == MOST_FAILED


@pytest.mark.parametrize("raised", [KeyboardInterrupt, UserProblem])
def test_what_stops_a_trial_fails_it(study: optuna.Study, raised: Callable[[str], BaseException]) -> None:
    def run(point: Point) -> Outcome:
        raise raised("stopped")

    with pytest.raises(BaseException, match="stopped"):
        search(study, TUNE, run, Limits(2), Silent())
    assert [trial.state for trial in study.trials] == [TrialState.FAIL]
    assert studies.failures(study) == (["it was stopped"], 0)


def test_a_point_is_shown_as_a_command_would_set_it() -> None:
    assert shown({"train.lr": 0.1, "deep": True, "kind": None}) == "train.lr=0.1 deep=true kind=null"
