"""Drift of a table with a column of texts."""

import pytest

from actions.texts import moved
from actions.texts.moved import beside, without
from policy.drift import ColumnDriftRule, Drift
from policy.facts.data import ColumnDrift, DriftFacts
from policy.problems import UserProblem


def facts(**values: float) -> DriftFacts:
    columns = [ColumnDrift(column=name, kind="number", measure="ks", value=value) for name, value in values.items()]
    return DriftFacts(mode="exact", rows_base=1, rows_head=1, columns=columns)


def test_the_texts_are_no_categories_unless_the_policy_names_the_column() -> None:
    assert without(Drift(), "review").columns["review"].ignore
    asked = Drift(columns={"review": ColumnDriftRule(alone=True)})
    assert without(asked, "review") is asked


def test_measures_come_after_the_columns_of_the_table_which_keep_their_names() -> None:
    both = beside(facts(id=0.1, words=0.2), facts(words=0.3, letters=0.4))
    assert [(column.column, column.value) for column in both.columns] == [("id", 0.1), ("words", 0.2), ("letters", 0.4)]


def test_more_columns_than_can_be_reported_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "MOST_COLUMNS", 2)
    with pytest.raises(UserProblem, match="3 columns are more"):
        beside(facts(a=0.1, b=0.1), facts(c=0.1))
