from policy.result import Tier, combine
from reports.panels.gates import gates
from tests.reports import samples


def test_the_worst_gates_come_first_and_the_brief_counts_the_failing_ones():
    block = gates(samples.facts(), samples.verdict(), draw=True)
    assert [line.status.value for line in block.lines] == ["failed", "failed", "warned", "passed", "passed"]
    assert block.brief == "2 of 5 gates fail"


def test_a_gate_without_a_value_says_so_where_its_picture_would_be():
    block = gates(samples.facts(), samples.verdict(), draw=True)
    (line,) = [line for line in block.lines if "recall_at_k" in line.cells[0]]
    assert "no value to draw" in line.cells[4]


def test_a_floor_is_drawn_even_where_there_is_no_base():
    only = samples.gate("roc_auc", None, 0.72, 0.0, Tier.PASS, allowed="≥ 0.7", least=0.7)
    block = gates(samples.facts(), samples.verdict(combine("evaluation", [only])), draw=True)
    assert 'class="limit"' in block.lines[0].cells[4]


def test_every_cell_has_a_head_with_and_without_pictures():
    for draw in (True, False):
        block = gates(samples.facts(), samples.verdict(), draw=draw)
        assert all(len(line.cells) == len(block.heads) for line in block.lines)


def test_a_gate_against_the_champion_says_so():
    since = samples.gate("roc_auc", 0.744, 0.729, 0.003, Tier.REGRESSED, allowed="≥ −0.01").model_copy(
        update={"name": "roc_auc since champion"}
    )
    block = gates(samples.facts(), samples.verdict(combine("evaluation", [since])), draw=True)
    assert "since <code>champion</code>" in block.lines[0].cells[0]
