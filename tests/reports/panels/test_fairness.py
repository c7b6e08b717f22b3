from reports.panels.fairness import fairness
from reports.story import tell
from tests.reports import samples


def block(draw=True):
    facts, verdict = samples.facts(), samples.verdict()
    return fairness(facts, verdict, tell(facts, verdict).section("fairness"), draw=draw)


def test_every_group_has_its_rates_in_numbers_and_on_a_line():
    made = block()
    assert len(made.lines) == 3
    assert "24.0 %" in made.lines[0].cells
    assert "origin=EWR: favoured 24 %, true positives 61 %, false positives 18 %" in made.lines[0].cells[-1]


def test_the_gaps_are_told():
    assert "equalised odds" in " ".join(block().notes)


def test_every_cell_has_a_head_with_and_without_pictures():
    for draw in (True, False):
        made = block(draw)
        assert all(len(line.cells) == len(made.heads) for line in made.lines)
