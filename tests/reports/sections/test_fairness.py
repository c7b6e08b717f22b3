"""Groups and gaps."""

from reports.section import Section
from reports.story import tell
from tests.reports.examples import full_facts, full_verdict


def section(key: str, **facts: object) -> Section:
    found = tell(full_facts(**facts), full_verdict()).section(key)
    assert found is not None
    return found


def test_groups_are_listed_by_how_much_they_are_favoured() -> None:
    found = section("fairness")
    assert [str(row.cells[0]) for row in found.rows] == ["`origin=EWR`", "`origin=JFK`", "`origin=LGA`"]
    assert "demographic parity difference 0.02 → 0.03" in str(found.paragraphs[0])
