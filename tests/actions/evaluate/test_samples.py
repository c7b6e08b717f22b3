"""Labels and predictions of every kind become arrays."""

import polars as pl
import pytest

from actions.evaluate.samples import Said, Truth, prepare
from actions.evaluate.trouble import Undefined
from policy.evaluation import Predictions
from policy.reasons import Reason


def prepared(label: list[object], said: list[object], **more: object) -> tuple[Truth, Said]:
    column = "prediction" if more.pop("hard", False) else "score"
    section = Predictions.model_validate({"path": "p", "key": ["id"], "label": "y", column: "s", **more})
    truth, (one,) = prepare([pl.DataFrame({"id": range(len(label)), "y": label, "s": said})], section)
    return truth, one


@pytest.mark.parametrize(
    ("label", "more"),
    [
        ([0, 1, 1], {}),
        ([-1, 1, 1], {}),
        ([0.0, 1.0, 1.0], {}),
        ([False, True, True], {}),
        (["on time", "late", "late"], {"positive": "late"}),
        ([2, 7, 7], {"positive": 7}),
        ([2, 7, 7], {"positive": "7"}),
        ([False, True, True], {"positive": "true"}),
    ],
)
def test_two_valued_labels_of_every_kind(label: list[object], more: dict[str, object]) -> None:
    truth, said = prepared(label, [0.2, 0.5, 0.4], **more)
    assert truth.positive.tolist() == [False, True, True]
    assert said.codes.tolist() == [0, 1, 0]


def test_two_labels_of_which_none_is_said_to_be_positive_are_not_guessed() -> None:
    truth, _ = prepared(["a", "b"], [0.1, 0.9])
    assert truth.positive is None
    assert "which value of y is the positive one?" in truth.not_binary


def test_labels_and_hard_predictions_share_their_numbers() -> None:
    truth, said = prepared(["b", "a", "c"], ["b", "c", "d"], hard=True)
    assert (truth.codes == said.codes).tolist() == [True, False, False]
    assert truth.classes == 4


def test_a_hard_prediction_of_a_two_valued_text_label_counts_the_positive_as_one() -> None:
    truth, said = prepared(["yes", "no", "yes"], ["no", "no", "yes"], hard=True, positive="no")
    assert truth.codes.tolist() == [0, 1, 0]
    assert said.codes.tolist() == [1, 1, 0]


def test_numbers_for_regression() -> None:
    truth, said = prepared([1, 2, 3], [1.5, 2.0, 2.5])
    assert truth.number.tolist() == [1.0, 2.0, 3.0]
    assert said.number.tolist() == [1.5, 2.0, 2.5]


def test_a_score_of_text_is_a_reason() -> None:
    with pytest.raises(Undefined) as caught:
        prepared([0, 1], ["high", "low"])
    assert caught.value.reason is Reason.NOT_A_NUMBER


def test_rows_can_be_taken() -> None:
    truth, said = prepared([0, 1, 1], [0.2, 0.5, 0.4])
    index = pl.Series([2, 0]).to_numpy()
    assert truth.take(index).positive.tolist() == [True, False]
    assert said.take(index).score.tolist() == [0.4, 0.2]
    assert said.equals(said)
    assert not said.equals(said.take(index))
