"""Drift in the report: worst columns first, shapes side by side."""

from policy.facts import DataFacts
from policy.facts.data import ColumnDrift, DriftFacts
from policy.reasons import Reason
from policy.result import Status, combine
from reports.sections.drift import distance, drift, most_moved, moved, shapes_of
from tests.reports.examples import PATH, bare_facts, check, full_facts, full_verdict, verdict_of


def test_the_columns_that_moved_come_first_with_their_limits_and_shapes() -> None:
    (section,) = drift(full_facts(), full_verdict())
    assert section.brief == "2 of 7"
    assert section.rows[0].line.replace("\u00a0", " ") == (
        "| `dep_delay` | Wasserstein | 0.210 ± 0.002 🟡 | 0.1 / 0.3 | ▂█▅▃▂▂ ▸ ▂▅█▅▃▂ |  |"
    )
    assert "nulls 1 % → 4.3 %" in section.rows[1].line.replace("\u00a0", " ")
    assert "new: `HA`" in section.rows[2].line


def test_a_distance_beside_its_limit_is_not_rounded_to_it() -> None:
    column = ColumnDrift(column="x", kind="number", measure="ks", value=0.0996)
    facts = bare_facts(data=[DataFacts(path=PATH, drift=DriftFacts(mode="exact", rows_base=1, rows_head=1, columns=[column]))])
    verdict = verdict_of(combine("drift", [combine(PATH, [check("x", Status.PASSED, Reason.HOLDS, warn=0.1, fail=0.3)])]))
    assert "| 0.0996 🟢 | 0.1 / 0.3 |" in drift(facts, verdict)[0].rows[0].line


def test_a_column_that_only_the_verdict_knows_is_shown_by_its_sentence() -> None:
    verdict = verdict_of(
        combine("drift", [combine(PATH, [check("ghost", Status.FAILED, Reason.DRIFT_NO_SUCH_COLUMN, column="ghost")])])
    )
    facts = bare_facts(data=[DataFacts(path=PATH)])
    assert "🔴 assay.yml sets limits for `ghost`" in drift(facts, verdict)[0].rows[0].line


def test_the_words_count_the_columns_of_all_data_sets() -> None:
    part = full_verdict().result.children[1]
    assert moved(part).source == "2 of 7 columns moved"
    assert not moved(check("drift", Status.PASSED, Reason.HOLDS))


def test_the_columns_that_moved_most_are_named_in_the_table_of_parts() -> None:
    assert [str(each) for each in most_moved(full_facts(), full_verdict(), limit=1)] == ["`dep_delay` 0.21 ▂▅█▅▃▂"]


def test_a_distance_has_three_decimals_and_is_never_rounded_to_nothing_or_to_a_limit() -> None:
    assert [distance(value) for value in (0.6023, 0.09656, 0.00028, 0.0, None)] == ["0.602", "0.097", "< 0.001", "0", "—"]
    assert distance(0.09996, ["0.1", "0.3"]) == "0.09996"


def test_categories_are_drawn_without_what_a_profile_left_unnamed() -> None:
    column = ColumnDrift(
        column="dest",
        kind="category",
        measure="psi",
        value=0.1,
        labels=["ATL", "ORD", "others"],
        histogram_base=[3, 2, 95],
        histogram_head=[2, 3, 95],
    )
    assert shapes_of(column) == ([3, 2], [2, 3])


def test_a_column_whose_categories_alone_are_new_shows_them_and_not_its_distance() -> None:
    column = ColumnDrift(column="x", kind="category", measure="psi", value=0.01, new_categories=["ZZ"])
    facts = bare_facts(data=[DataFacts(path=PATH, drift=DriftFacts(mode="exact", rows_base=1, rows_head=1, columns=[column]))])
    new = check("x", Status.WARNED, Reason.DRIFT_NEW_CATEGORIES, column="x", count=1, examples="ZZ")
    assert [str(each) for each in most_moved(facts, verdict_of(combine("drift", [combine(PATH, [new])])))] == [
        "`x` with new `ZZ`"
    ]
