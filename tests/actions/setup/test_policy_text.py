"""The proposed policy is valid whatever things are called."""

from hypothesis import given
from hypothesis import strategies as st

from actions.setup.policy_text import render, scalar
from actions.setup.predictions import Recognised
from actions.setup.proposal import DataSet
from actions.setup.sources import Sources
from policy import document, yaml_text

NAMES = st.text(min_size=1, max_size=20).filter(lambda name: name.strip() and name.isprintable())
NOTHING = Sources((), (), (), (), None)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert "\n" not in scalar(text)
    assert yaml_text.read(f"- [{scalar(text)}]\n", "x").data == [[text]]


@given(NAMES, NAMES, NAMES, NAMES)
def test_names_of_anything_make_a_valid_policy(path: str, column: str, metric: str, stage: str) -> None:
    sets = [DataSet(path, "contracts/a.py:A", (column,), {column: ["email"]})]
    found = Sources((path,), (), (metric,), (stage,), path)
    said = Recognised(path, (column,), column, column, None, (column,), ("roc_auc",))
    policy = document.read(render(sets, found, said, [metric], model_name=stage))
    assert policy.data[0].path == path
    assert policy.data[0].key == [column]
    assert policy.train is not None
    assert policy.train.targets == [stage]


def test_nothing_found_is_a_valid_policy_too() -> None:
    assert document.read(render([], NOTHING, None, [], model_name="x")).data == []


def test_gates_know_the_good_direction_and_unknown_metrics_are_left_to_people() -> None:
    text = render([], Sources((), (), ("m.json",), (), None), None, ["accuracy", "test.rmse", "trees"], model_name="x")
    policy = document.read(text)
    assert policy.evaluate is not None
    assert [(gate.metric, gate.direction) for gate in policy.evaluate.gates] == [("accuracy", "higher"), ("test.rmse", "lower")]
    assert "#  - {metric: trees, better: higher" in text


def test_a_metric_that_predictions_give_is_gated_once() -> None:
    said = Recognised("p.parquet", ("id",), "y", "p", None, (), ("roc_auc",))
    policy = document.read(render([], Sources((), (), ("m.json",), (), None), said, ["roc_auc", "accuracy"], model_name="x"))
    assert policy.evaluate is not None
    assert [gate.metric for gate in policy.evaluate.gates] == ["roc_auc"]
