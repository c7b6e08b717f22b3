"""Words that several sections share."""

from policy.facts.data import Example
from policy.facts.evaluation import Slice
from policy.reasons import Reason
from policy.result import Result, Status, combine
from reports.sections.parts import checks, child, examples, on_slice, part, plural, prose, status_of
from tests.reports.examples import check, verdict_of

DATA = combine("data", [check("a", Status.PASSED, Reason.HOLDS), check("b", Status.SKIPPED, Reason.NOT_CONFIGURED)])


def test_parts_and_children_are_found_by_name() -> None:
    verdict = verdict_of(DATA)
    assert part(verdict, "data") is not None
    assert part(verdict, "drift") is None
    assert child(part(verdict, "data"), "a") is not None
    assert child(None, "a") is None


def test_skipped_checks_are_not_judged() -> None:
    assert [each.name for each in checks(DATA)] == ["a"]
    assert status_of(None) is Status.PASSED
    assert status_of(Result(name="x", status=Status.FAILED, reason=Reason.ERROR)) is Status.FAILED


def test_examples_show_key_and_value_and_how_many_more() -> None:
    found = [Example(key={"id": "7"}, value="-5"), Example(key={"id": "8"}), Example(value="x|y")]
    assert examples(found, 3, 3).source == "`id=7`: `-5`; `id=8`; `x|y`"
    assert examples(found, 1_003, 1).source == "`id=7`: `-5`; and 1,002 more"
    assert not examples([], 0, 3)


def test_small_words() -> None:
    assert (plural(1, "row"), plural(2_000, "row")) == ("1 row", "2,000 rows")
    assert on_slice("auc", Slice(column="a", value="b")).source == "`auc` on `a=b`"
    assert prose(Reason.DATA_EMPTY, "").source == "data empty"
    assert prose(Reason.DATA_CORRUPT, "no footer @x").source == "data corrupt: no footer `@x`"
