from policy.result import Status, combine
from reports.panels.drift import drift
from tests.reports import samples


def test_columns_that_moved_come_first_and_are_drawn_large():
    (block,) = drift(samples.facts(), samples.verdict(), draw=True)
    assert "dep_delay" in block.lines[0].cells[0]
    assert block.brief == "5 of 14 columns moved"
    # `tailnum` could not be compared and has no histogram to draw.
    assert len(block.figures) == 4


def test_categories_are_bars_with_their_names_and_numbers_are_histograms_with_their_ends():
    (block,) = drift(samples.facts(), samples.verdict(), draw=True)
    pictures = {str(figure.title).split("<code>")[1].split("<")[0]: figure.picture for figure in block.figures}
    assert ">UA</text>" in pictures["carrier"]
    assert ">-43</text>" in pictures["dep_delay"]


def test_a_column_that_could_not_be_compared_says_why_in_its_row():
    (block,) = drift(samples.facts(), samples.verdict(), draw=True)
    (line,) = [line for line in block.lines if "tailnum" in line.cells[0]]
    assert "could not be compared" in line.cells[-1]


def test_new_categories_and_nulls_are_named():
    cells = " ".join(line.cells[-1] for line in drift(samples.facts(), samples.verdict(), draw=True)[0].lines)
    assert "new: <code>OO</code>, <code>YV</code>" in cells
    assert "nulls 2.1 % → 3.4 %" in cells


def test_the_name_of_the_base_branch_never_becomes_markup():
    facts, verdict = samples.hostile("<b>x</b>")
    assert not any("<b>" in head.title for block in drift(facts, verdict, draw=True) for head in block.heads)


def test_every_cell_has_a_head_with_and_without_pictures():
    for draw in (True, False):
        (block,) = drift(samples.facts(), samples.verdict(), draw=draw)
        assert all(len(line.cells) == len(block.heads) for line in block.lines)


def test_a_check_of_a_column_that_the_facts_do_not_hold_is_never_left_out():
    gone = samples.why("altitude", Status.FAILED, "the column is gone")
    found = samples.verdict(combine("drift", [combine("data/flights.parquet", [gone])]))
    (block,) = drift(samples.facts(), found, draw=True)
    assert "altitude" in block.lines[0].cells[0]
    assert "the column is gone" in block.lines[0].cells[-1]


def test_every_data_set_has_a_block_of_its_own():
    facts = samples.facts()
    second = facts.data[0].model_copy(update={"path": "data/second.csv"})
    blocks = drift(facts.model_copy(update={"data": [*facts.data, second]}), samples.verdict(), draw=True)
    assert [block.title for block in blocks] == ["data/flights.parquet", "data/second.csv"]
    assert len({block.key for block in blocks}) == 2
