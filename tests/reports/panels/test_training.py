from reports.panels.training import training
from reports.story import tell
from tests.reports import samples


def block(facts, verdict, draw=True):
    return training(facts, tell(facts, verdict).section("training"), draw=draw)


def test_stages_stand_in_the_order_in_which_they_ran_with_a_bar_each():
    made = block(samples.facts(), samples.verdict())
    assert ["prepare" in made.lines[0].cells[0], "train" in made.lines[1].cells[0], "evaluate" in made.lines[2].cells[0]] == [
        True
    ] * 3
    assert made.brief.endswith("1 min 12 s of 1 h allowed")


def test_the_longest_stage_has_the_longest_bar():
    made = block(samples.facts(), samples.verdict())
    widths = [float(line.cells[4].split('<rect class="')[1].split('width="')[1].split('"')[0]) for line in made.lines]
    assert widths[1] == max(widths) == 160


def test_a_failed_stage_is_marked_and_its_last_lines_follow():
    made = block(*samples.broken())
    assert [line.status.value for line in made.lines] == ["passed", "failed", "warned"]
    assert any("ValueError" in figure.picture for figure in made.after)


def test_nothing_ran_is_an_empty_block():
    facts = samples.facts(training=None)
    made = block(facts, samples.verdict())
    assert made.lines == ()


def test_every_cell_has_a_head_with_and_without_pictures():
    for draw in (True, False):
        made = block(samples.facts(), samples.verdict(), draw)
        assert all(len(line.cells) == len(made.heads) for line in made.lines)
