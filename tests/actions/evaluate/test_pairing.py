"""Predictions of both sides, matched by key."""

import numpy as np
import polars as pl
import pytest

from actions.evaluate import pairing
from actions.evaluate.trouble import Undefined
from policy.evaluation import Predictions
from policy.facts.evaluation import PairingFacts
from policy.reasons import Reason
from tests.actions.evaluate.predictions import SECTION, frame

STRICT = Predictions.model_validate(SECTION)
LENIENT = Predictions.model_validate(SECTION | {"max_unpaired": 0.1})


def paired(base: pl.DataFrame, head: pl.DataFrame, section: Predictions = STRICT) -> pairing.Pair:
    return pairing.pair(pairing.checked(base, section), pairing.checked(head, section), section)


def refused(table: pl.DataFrame) -> Undefined:
    with pytest.raises(Undefined) as caught:
        pairing.checked(table, STRICT)
    return caught.value


def test_rows_pair_by_key_whatever_their_order() -> None:
    base, head = frame(model=1), frame(model=2)
    one = paired(base, head)
    other = paired(base.sample(fraction=1, shuffle=True, seed=1), head.sample(fraction=1, shuffle=True, seed=2))
    assert one.facts == PairingFacts(rows_base=400, rows_head=400, paired=400)
    assert one.base.equals(other.base)
    assert one.head.equals(other.head)
    assert one.base["id"].equals(one.head["id"])


def test_integers_of_any_width_and_text_of_any_encoding_are_the_same_keys() -> None:
    base = frame()
    head = base.with_columns(pl.col("id").cast(pl.Int32), pl.col("late").cast(pl.Boolean))
    assert paired(base, head).facts.problem is None
    text = base.with_columns(pl.col("id").cast(pl.String))
    assert paired(text, text.with_columns(pl.col("id").cast(pl.Categorical))).facts.problem is None


def test_keys_of_other_types_do_not_pair() -> None:
    facts = paired(frame(), frame().with_columns(pl.col("id").cast(pl.String))).facts
    assert (facts.problem, facts.paired) == (Reason.MISMATCHED_KEYS, 0)
    assert "id is Int64 in the base and String in this change" in facts.detail


def test_missing_rows_are_counted_on_the_side_that_lacks_them() -> None:
    facts = paired(frame()[10:], frame()[:-5]).facts
    assert (facts.missing_base, facts.missing_head, facts.paired) == (10, 5, 385)
    assert facts.problem is Reason.MISMATCHED_KEYS


def test_a_changed_label_is_told_as_such() -> None:
    head = frame().with_columns(late=pl.when(pl.col("id") < 7).then(1 - pl.col("late")).otherwise("late"))
    facts = paired(frame(), head).facts
    assert (facts.relabelled, facts.paired, facts.problem) == (7, 393, Reason.RELABELLED)


def test_a_share_that_the_policy_permits_is_left_out() -> None:
    found = paired(frame()[10:], frame()[:-5], LENIENT)
    assert found.facts.problem is None
    assert found.base.height == found.head.height == 385
    assert paired(frame()[60:], frame(), LENIENT).facts.problem is Reason.MISMATCHED_KEYS


def test_no_common_row_is_never_permitted() -> None:
    assert paired(frame()[:200], frame()[200:], LENIENT).facts.problem is Reason.MISMATCHED_KEYS


def test_keys_of_several_columns() -> None:
    section = Predictions.model_validate(SECTION | {"key": ["id", "carrier"]})
    assert paired(frame(), frame(), section).facts.paired == 400


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (frame().drop("p"), Reason.MISSING_COLUMN),
        (frame().drop("id"), Reason.MISSING_COLUMN),
        (frame()[:0], Reason.NO_ROWS),
        (pl.concat([frame(), frame()[:3]]), Reason.REPEATED_KEYS),
        (frame().with_columns(id=pl.when(pl.col("id") > 0).then("id")), Reason.MISSING_KEYS),
        (frame().with_columns(p=pl.when(pl.col("id") > 0).then("p")), Reason.NOT_A_NUMBER),
        (frame().with_columns(late=pl.when(pl.col("id") > 0).then("late")), Reason.NOT_A_NUMBER),
        (frame().with_columns(p=pl.lit(np.nan)), Reason.NOT_A_NUMBER),
        (frame().with_columns(p=pl.lit(np.inf)), Reason.NOT_A_NUMBER),
        (frame().with_columns(id=pl.lit(np.nan)), Reason.MISSING_KEYS),
    ],
)
def test_what_cannot_be_paired_has_a_reason(table: pl.DataFrame, reason: Reason) -> None:
    assert refused(table).reason is reason


def test_only_what_is_needed_is_read() -> None:
    assert pairing.columns(STRICT, ["carrier", "id"]) == ["id", "late", "p", "carrier"]
