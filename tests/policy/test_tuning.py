"""The section `tune`: what may be tried, what it refuses, and what a search means (policy.tuned)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import document, tuning
from policy.errors import PolicyProblem
from policy.facts.override import Override
from policy.reasons import Reason
from policy.result import Status
from policy.tuned import Repeated
from policy.tuning import Dimension, Goal, Tune

HEAD = "version: 1\nevaluate: {metrics: [metrics.json]}\n"
SECTION = """\
tune:
  space:
    train.lr: {from: 1e-4, to: 0.1, scale: log}
    train.leaves: {from: 8, to: 64}
    configs/model.yaml:kind: {of: [linear, deep, 3, true]}
  objectives: [{metric: roc_auc}, {metric: seconds, better: lower}]
  budget: 2 hours
  repeats: {key: train.seed, seeds: 5}
"""


def read(text: str, head: str = HEAD) -> Tune:
    found = document.read(head + text).tune
    assert found is not None
    return found


def goals(*directions: str) -> list[Goal]:
    return [Goal.model_validate({"metric": f"m{index}", "better": each}) for index, each in enumerate(directions)]


def test_a_section_says_what_may_be_tried_and_what_is_to_become_better() -> None:
    found = read(SECTION)
    assert [each.shown for each in found.space.values()] == ["0.0001 to 0.1 (log)", "8 to 64", "linear, deep, 3, true"]
    assert [each.whole for each in found.space.values()] == [False, True, False]
    assert [goal.direction for goal in found.objectives] == ["higher", "lower"]
    assert found.metrics == ["roc_auc", "seconds"]
    assert tuning.overrides({"train.lr": 0.1, "configs/model.yaml:kind": "deep"}) == [
        Override("train.lr", 0.1),
        Override("kind", "deep", "configs/model.yaml"),
    ]


@pytest.mark.parametrize(
    ("found", "right", "said"),
    [
        ("{from: 8, to: 64}", "{from: 64, to: 8}", "`from` must lie below `to`"),
        ("{from: 8, to: 64}", "{from: 8}", "`from` and `to` are needed"),
        ("{from: 8, to: 64}", "{from: 8, to: 64, of: [1, 2]}", "`of` stands alone"),
        ("{from: 8, to: 64}", "{from: 0, to: 64, scale: log}", "on a log scale `from` must be above 0"),
        ("{from: 8, to: 64}", "{from: false, to: 64}", "a number is needed"),
        ("{from: 8, to: 64}", "{from: 8, to: .inf}", "finite"),
        ("{from: 8, to: 64}", "{form: 8, to: 64}", "did you mean `from`?"),
        ("3, true]", "linear]", "each of them once"),
        ("3, true]", "1, true]", "each of them once"),
        ("3, true]", "'$(id)']", "plain word"),
        ("3, true]", "'7']", "would be read as 7"),
        ("train.lr:", "'train lr':", "names no parameter"),
        ("train.leaves:", "params.yaml:train.lr:", "one parameter is named twice"),
        ("metric: seconds, better: lower", "metric: seconds", "`better: higher` or `better: lower` is needed"),
        ("metric: seconds, better: lower", "metric: rmse, better: higher", "rmse is better lower"),
        ("metric: seconds, better: lower", "metric: roc_auc", "one metric is named twice"),
        ("budget: 2 hours", "strategies: [cmaes]", "`cmaes` knows only one objective"),
        ("budget: 2 hours", "strategies: [tpe, tpe]", "one strategy is named twice"),
        ("budget: 2 hours", "prune: median", "leave `prune` out"),
        ("key: train.seed", "key: params.yaml:train.lr", "the seed of `repeats` is no parameter to tune"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_the_cure(found: str, right: str, said: str) -> None:
    assert found in SECTION
    with pytest.raises(PolicyProblem) as refused:
        read(SECTION.replace(found, right))
    assert said in str(refused.value)


def test_objectives_need_metrics_files() -> None:
    with pytest.raises(PolicyProblem, match=r"no metrics files are named; add `evaluate.metrics`"):
        read(SECTION, "version: 1\n")


def test_the_strategies_fit_the_objectives_unless_the_policy_names_them() -> None:
    plain = {"space": {"a": {"from": 0, "to": 1.0}, "b": {"from": 1, "to": 9}}, "objectives": [{"metric": "f1"}]}
    assert Tune.model_validate(plain).chosen == ("tpe", "gp")
    assert Tune.model_validate(plain | {"strategies": ["random"]}).chosen == ("random",)
    assert Tune.model_validate(plain | {"space": {"a": {"of": ["x", "y"]}}}).chosen == ("tpe", "gp")
    assert read(SECTION).chosen == ("tpe", "nsga2")


bounds = st.one_of(
    st.tuples(st.integers(-1_000_000, 1_000_000), st.integers(-1_000_000, 1_000_000)),
    st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)),
).filter(lambda pair: pair[0] < pair[1])


@given(pair=bounds, share=st.floats(0, 1))
def test_a_value_of_a_range_stays_in_it_when_it_is_written_and_reads_as_itself(pair: tuple[float, float], share: float) -> None:
    dimension = Dimension.model_validate({"from": pair[0], "to": pair[1]})
    inside = min(max(pair[0] + share * (pair[1] - pair[0]), pair[0]), pair[1])
    value = dimension.tidy(round(inside) if dimension.whole else float(inside))
    assert dimension.holds(value)
    assert dimension.tidy(value) == value
    again = Dimension.model_validate(dimension.model_dump(by_alias=True))
    assert again == dimension and again.whole == dimension.whole
    read = Override.parse(str(Override("a.b", value)))
    assert read.value == value and type(read.value) is type(value)


def test_a_choice_holds_its_values_by_kind() -> None:
    dimension = Dimension(of=["a", 2, False, None])
    assert [dimension.holds(each) for each in ("a", 2, False, None)] == [True] * 4
    assert not any(dimension.holds(each) for each in ("b", 2.0, 0, True))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=2))
def test_no_two_points_are_each_better_than_the_other(pair: list[tuple[int, int]]) -> None:
    both = goals("higher", "lower")
    assert not (tuning.better(both, *pair) and tuning.better(both, *reversed(pair)))
    assert not tuning.better(both, pair[0], pair[0])


def repeated(change: float, half: float) -> list[Repeated]:
    return [
        Repeated(metric="m0", present=[0, 1], winner=[change, 1 + change], change=change, low=change - half, high=change + half)
    ]


IDLE = [Repeated(metric="m0", present=[0.7, 0.7, 0.7], winner=[0.8, 0.8, 0.8], change=0.1, low=0.1, high=0.1)]


@pytest.mark.parametrize(
    ("direction", "winner", "told", "status", "reason"),
    [
        ("higher", [0.8], repeated(0.1, 0.05), Status.PASSED, Reason.TUNE_BETTER),
        ("higher", [0.8], repeated(0.1, 0.15), Status.WARNED, Reason.TUNE_NOISE),
        ("higher", [0.8], repeated(-0.1, 0.05), Status.WARNED, Reason.TUNE_LUCK),
        ("lower", [0.6], repeated(-0.1, 0.05), Status.PASSED, Reason.TUNE_BETTER),
        ("lower", [0.6], repeated(0.1, 0.05), Status.WARNED, Reason.TUNE_LUCK),
        ("higher", [0.8], IDLE, Status.PASSED, Reason.TUNE_SEED_IDLE),
        ("higher", [0.8], [], Status.PASSED, Reason.TUNE_BETTER_ONCE),
        ("higher", [0.7], [], Status.WARNED, Reason.TUNE_NONE_BETTER),
        ("lower", [0.8], [], Status.WARNED, Reason.TUNE_NONE_BETTER),
        ("higher", None, [], Status.FAILED, Reason.TUNE_NO_TRIAL),
    ],
)
def test_a_winner_is_one_only_where_it_would_win_again(
    direction: str, winner: list[float] | None, told: list[Repeated], status: Status, reason: Reason
) -> None:
    found = tuning.decide(goals(direction), [0.7], winner, told, 5)
    assert (found.status, found.reason) == (status, reason)
    assert "{" not in found.why + found.advice


def test_a_winner_within_noise_is_called_that() -> None:
    assert tuning.decide(goals("higher"), [0.7], [0.8], repeated(0.1, 0.15), 5).why == (
        "within noise: m0 went from 0.7 to 0.8 once, and over 5 seeds by +0.1 (-0.05 to +0.25)"
    )


TWO = [Goal(metric="roc_auc"), Goal(metric="trees", better="lower")]


def paired(metric: str, change: float, half: float) -> Repeated:
    return Repeated(
        metric=metric, present=[0, 1], winner=[change, change + 1], change=change, low=change - half, high=change + half
    )


@pytest.mark.parametrize(
    ("winner", "told", "worse"),
    [
        ([0.8, 124], [], ["trees"]),
        ([0.8, 60], [], []),
        ([0.8, 50], [], []),
        ([0.8, 124], [paired("roc_auc", 0.1, 0.05), paired("trees", 64, 8)], ["trees"]),
        ([0.8, 124], [paired("roc_auc", 0.1, 0.05), paired("trees", 64, 80)], []),
        ([0.8, 124], [paired("roc_auc", 0.1, 0.05), paired("trees", 64, 0)], ["trees"]),
        ([0.6, 124], [], []),
        ([0.8, 124], [paired("roc_auc", 0.1, 0.2), paired("trees", 64, 8)], []),
    ],
)
def test_what_a_winner_is_worse_in_by_more_than_chance_is_named(
    winner: list[float], told: list[Repeated], worse: list[str]
) -> None:
    found = tuning.decide(TWO, [0.7, 60], winner, told, 5)
    assert [each.name for each in found.children] == worse
    assert all(each.why == "trees pays for it and goes from 60 to 124" for each in found.children)
