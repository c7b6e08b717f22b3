from policy.facts import EvaluationFacts
from policy.facts.evaluation import HistoryPoint, MetricFact, Slice
from policy.reasons import Reason
from reports.panels.metrics import history, slices
from tests.reports import samples


def test_the_slice_that_lost_most_comes_first_and_all_share_a_scale():
    block = slices(samples.facts(), samples.verdict(), draw=True)
    assert "carrier=YV" in block.lines[0].cells[0]
    zero = {
        cell.split('class="reference"')[1].split("/>")[0] for line in block.lines for cell in line.cells if "reference" in cell
    }
    assert len(zero) == 1


def test_only_a_loss_that_the_interval_shows_is_tinted():
    block = slices(samples.facts(), samples.verdict(), draw=True)
    tinted = [line.cells[0] for line in block.lines if "dot warned" in line.cells[-1]]
    assert len(tinted) == 1
    assert "carrier=EV" in tinted[0]


def test_for_a_metric_where_lower_is_better_a_rise_is_the_loss():
    made = [MetricFact(metric="rmse", source="p", slice=Slice(column="c", value=name), base=1.0, head=head) for name, head in
            (("good", 0.5), ("bad", 1.5))]  # fmt: skip
    block = slices(samples.facts(evaluation=EvaluationFacts(metrics=made)), samples.verdict(), draw=True)
    assert "c=bad" in block.lines[0].cells[0]


def test_a_slice_without_a_value_comes_last_and_is_marked():
    made = [
        MetricFact(metric="f1", source="p", slice=Slice(column="c", value="x"), base=0.5, head=0.5),
        MetricFact(metric="f1", source="p", slice=Slice(column="c", value="gone"), base=0.5, problem_head=Reason.ERROR),
    ]
    block = slices(samples.facts(evaluation=EvaluationFacts(metrics=made)), samples.verdict(), draw=True)
    assert "c=gone" in block.lines[-1].cells[0]
    assert "needs a look" in block.lines[-1].cells[0]


def test_a_history_ends_in_this_change_and_shows_the_limit_of_its_gate():
    (figure,) = history(samples.facts(), samples.verdict()).figures
    assert ">this</text>" in figure.picture
    assert 'class="limit"' in figure.picture


def test_a_metric_that_is_missing_now_has_no_line():
    lost = EvaluationFacts(history={"roc_auc": [HistoryPoint(label="a", value=1.0), HistoryPoint(label="b", value=2.0)]})
    assert history(samples.facts(evaluation=lost), samples.verdict()).figures == ()
    assert history(samples.facts(evaluation=None), samples.verdict()).figures == ()


def test_a_slice_without_an_interval_shows_its_change_and_no_whisker():
    made = [MetricFact(metric="f1", source="p", slice=Slice(column="c", value="x"), base=0.6975, head=0.658)]
    (line,) = slices(samples.facts(evaluation=EvaluationFacts(metrics=made)), samples.verdict(), draw=True).lines
    assert "…" not in line.cells[-1]
    assert "interval" not in line.cells[-1]
    assert "<rect" in line.cells[-1]
