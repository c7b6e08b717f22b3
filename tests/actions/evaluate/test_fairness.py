"""Gaps between groups against fairlearn's own functions."""

import numpy as np
import polars as pl
import pytest
from fairlearn.metrics import demographic_parity_difference, equalized_odds_difference

from actions.evaluate import fairness
from policy.evaluation import Predictions
from policy.fairness import Fairness
from policy.reasons import Reason
from tests.actions.evaluate.predictions import SECTION, frame

PREDICTIONS = Predictions.model_validate(SECTION)
BY = Fairness(by="carrier", equalised_odds=0.1, min_rows=10)


def test_the_gaps_are_those_of_fairlearn() -> None:
    base, head = frame(noise=1.0, model=1), frame(noise=0.5, model=2)
    fact = fairness.measure(base, head, PREDICTIONS, BY)
    for table, parity, odds in (
        (head, fact.demographic_parity, fact.equalised_odds),
        (base, fact.demographic_parity_base, fact.equalised_odds_base),
    ):
        label, said, groups = table["late"].to_numpy(), (table["p"] >= 0.5).to_numpy(), table["carrier"].to_list()
        assert parity == pytest.approx(demographic_parity_difference(label, said, sensitive_features=groups))
        assert odds == pytest.approx(equalized_odds_difference(label, said, sensitive_features=groups))


def test_the_threshold_is_the_policys() -> None:
    always = fairness.measure(None, frame(), PREDICTIONS, Fairness(by="carrier", equalised_odds=0.1, threshold=0.0001))
    assert always.demographic_parity == 0


def test_small_groups_are_listed_but_left_out() -> None:
    table = frame().with_columns(carrier=pl.when(pl.col("id") < 5).then(pl.lit("XX")).otherwise("carrier"))
    fact = fairness.measure(None, table, PREDICTIONS, BY)
    assert {group.value: group.rows for group in fact.groups}["XX"] == 5
    without = fairness.measure(None, table.filter(pl.col("carrier") != "XX"), PREDICTIONS, BY)
    assert fact.equalised_odds == without.equalised_odds


def test_a_group_without_positives_has_no_true_positive_rate_instead_of_zero() -> None:
    table = frame().with_columns(late=pl.when(pl.col("carrier") == "HA").then(0).otherwise("late"))
    fact = fairness.measure(None, table, PREDICTIONS, BY)
    rates = {group.value: group for group in fact.groups}
    assert rates["HA"].true_positive_rate is None
    assert rates["HA"].false_positive_rate is not None
    gaps = [
        max(known) - min(known)
        for known in (
            [rates[name].true_positive_rate for name in ("AA", "UA")],
            [rates[name].false_positive_rate for name in ("AA", "UA", "HA")],
        )
    ]
    assert fact.equalised_odds == pytest.approx(max(gaps))


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (None, Reason.FAIRNESS_UNREADABLE),
        (frame().drop("carrier"), Reason.FAIRNESS_COLUMN_MISSING),
        (frame().with_columns(carrier=pl.lit("AA")), Reason.FAIRNESS_GROUPS),
        (frame().with_columns(late=pl.Series(np.arange(400) % 3)), Reason.FAIRNESS_UNREADABLE),
    ],
)
def test_what_cannot_be_measured_has_a_reason(table: pl.DataFrame | None, reason: Reason) -> None:
    assert fairness.measure(None, table, PREDICTIONS, BY).problem is reason
