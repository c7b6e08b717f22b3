"""The start that strategies share: even, the same for the same seed, and one sequence on several machines."""

import logging

import optuna

from actions.tune.even import Even
from actions.tune.strategies import distributions
from policy.tuning import Point, Tune

TUNE = Tune.model_validate(
    {
        "space": {"lr": {"from": 1e-3, "to": 1, "scale": "log"}, "n": {"from": 1, "to": 8}, "kind": {"of": ["a", "b", None]}},
        "objectives": [{"metric": "accuracy"}],
    }
)


def asked(study: optuna.Study, sampler: Even, trials: int) -> list[Point]:
    optuna.logging.set_verbosity(logging.ERROR)
    study.sampler = sampler
    return [study.ask(distributions(TUNE)).params for _ in range(trials)]


def test_a_start_is_spread_over_the_whole_space() -> None:
    for seed in "abcde":
        points = asked(optuna.create_study(), Even(distributions(TUNE), seed), 24)
        assert all(TUNE.holds(point) for point in points)
        assert {point["kind"] for point in points} == {"a", "b", None}
        assert {point["n"] for point in points} == set(range(1, 9))
        assert 7 <= sum(float(point["lr"] or 0) < 1e-2 for point in points) <= 9


def test_machines_with_the_same_seed_go_through_one_sequence() -> None:
    alone = asked(optuna.create_study(), Even(distributions(TUNE), "study"), 6)
    study = optuna.create_study()
    both = [asked(study, Even(distributions(TUNE), "study"), 1)[0] for _ in range(6)]
    assert both == alone
    assert asked(optuna.create_study(), Even(distributions(TUNE), "other"), 6) != alone
