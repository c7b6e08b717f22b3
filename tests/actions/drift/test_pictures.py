"""The small histograms of base and head."""

import numpy as np
from hypothesis import given, settings

from actions.drift.categories import counted
from actions.drift.numbers import Numbers
from actions.drift.pictures import BINS, LONGEST_LABEL, histogram, short
from actions.drift.profile import Column
from tests.actions.drift.laws import columns, samples


def numbers(values: np.ndarray, dtype: str = "Float64") -> Column:
    kind = "time" if dtype.startswith("Date") else "number"
    return Column("x", kind, dtype, len(values), 0, numbers=Numbers.of(values.copy()))


def words(**counts: int) -> Column:
    total = sum(counts.values())
    kept = counted(list(counts), np.array(list(counts.values())), total=total, distinct=len(counts))
    return Column("x", "category", "String", total, 0, categories=kept)


@settings(deadline=None)
@given(samples, samples)
def test_every_value_is_in_one_bin(base: np.ndarray, head: np.ndarray) -> None:
    picture = histogram(numbers(base), numbers(head))
    assert len(picture.labels) == len(picture.base) == len(picture.head) <= BINS
    assert (sum(picture.base), sum(picture.head)) == (len(base), len(head))
    assert min(picture.base + picture.head) >= 0


@settings(max_examples=20, deadline=None)
@given(columns(), columns())
def test_so_it_is_where_columns_are_compressed(base: np.ndarray, head: np.ndarray) -> None:
    picture = histogram(numbers(base), numbers(head))
    assert (sum(picture.base), sum(picture.head)) == (len(base), len(head))
    assert min(picture.base + picture.head) >= 0


def test_few_values_have_a_bin_each() -> None:
    picture = histogram(numbers(np.array([0.0, 1.0, 1.0])), numbers(np.array([1.0, 2.5])))
    assert (picture.labels, picture.base, picture.head) == (["0", "1", "2.5"], [1, 2, 0], [0, 1, 1])


def test_the_outer_bins_are_open_so_that_an_outlier_does_not_flatten_the_picture() -> None:
    values = np.append(np.linspace(0, 100, 1_000), 1e9)
    picture = histogram(numbers(values), numbers(values))
    assert picture.labels[0].startswith("< ")
    assert picture.labels[-1].startswith("≥ ")
    assert min(picture.base) > 50


def test_times_are_shown_as_dates() -> None:
    days = np.arange(20) * 86_400.0
    assert histogram(numbers(days[:2], "Date"), numbers(days[:2], "Date")).labels == ["1970-01-01", "1970-01-02"]
    assert histogram(numbers(days[:1], "Datetime(us)"), numbers(days[:1], "Datetime(us)")).labels == ["1970-01-01 00:00"]
    assert histogram(numbers(np.array([1e18]), "Date"), numbers(np.array([1e18]), "Date")).labels == ["1e+18"]


def test_categories_begin_with_the_most_frequent_and_end_with_the_others() -> None:
    many = {f"c{at:02}": 100 - at for at in range(30)}
    picture = histogram(words(**many), words(new=5))
    assert picture.labels[0] == "new"
    assert picture.labels[-1] == "others"
    assert len(picture.labels) == BINS
    assert (sum(picture.base), sum(picture.head)) == (sum(many.values()), 5)


def test_few_categories_need_no_others() -> None:
    picture = histogram(words(a=2, b=1), words(a=1))
    assert (picture.labels, picture.base, picture.head) == (["a", "b"], [2, 1], [1, 0])


def test_a_long_or_empty_category_is_shown_short() -> None:
    assert short("") == "(empty)"
    assert len(short("x" * 500)) == LONGEST_LABEL


def test_columns_of_different_kinds_have_no_picture() -> None:
    assert histogram(numbers(np.array([1.0])), words(a=1)).labels == []
