"""Every check that is not a gate."""

from policy.reasons import Reason
from policy.result import Status, combine
from reports.section import Section
from reports.story import tell
from tests.reports.examples import bare_facts, check, full_facts, full_verdict, verdict_of


def section(key: str, **facts: object) -> Section:
    found = tell(full_facts(**facts), full_verdict()).section(key)
    assert found is not None
    return found


def test_a_check_with_a_line_says_where() -> None:
    bad = check("contract", Status.FAILED, Reason.DATA_EMPTY, path="a").model_copy(update={"file": "c.py", "line": 7})
    found = tell(bare_facts(), verdict_of(combine("data", [bad]))).section("checks")
    assert found is not None
    assert found.rows[0].line == "| Data | 🔴 `a` holds no rows (`c.py:7`) | check the step that wrote it |"


def test_an_error_is_listed_with_what_where_and_next() -> None:
    error = {"part": "training", "reason": "error", "what": "no space left", "where": "/tmp/x", "next": "free some space"}
    found = section("errors", errors=[error])
    assert found.rows[0].line == "| Training | no space left | `/tmp/x` | free some space |"


def test_what_holds_and_what_was_left_out_is_listed() -> None:
    left = check("small", Status.SKIPPED, Reason.SMALL_SLICES, count=2, column="origin", rows=9, min_rows=30)
    verdict = verdict_of(combine("evaluation", [check("fine", Status.PASSED, Reason.HOLDS), left]))
    found = tell(bare_facts(), verdict).section("holds")
    assert found is not None
    assert [row.line[:20] for row in found.rows] == ["| 🟢 | Evaluation | `", "| ⚪ | Evaluation | `"]
