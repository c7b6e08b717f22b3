import io

import pytest
from PIL import Image

from policy.reasons import Reason
from policy.result import Result, Status, combine
from reports import charts
from tests.reports import samples

PNG = b"\x89PNG\r\n\x1a\n"


def is_blank(png: bytes) -> bool:
    """Whether a picture has one colour only."""
    return len(Image.open(io.BytesIO(png)).convert("L").getcolors(256) or []) <= 1


@pytest.mark.parametrize(
    "made",
    [
        lambda: charts.gates(samples.verdict()),
        lambda: charts.drift(samples.facts(), samples.verdict()),
        lambda: charts.history(samples.facts(), "roc_auc"),
    ],
    ids=["gates", "drift", "history"],
)
def test_every_chart_is_a_picture_that_is_not_blank(made):
    png = made()
    assert png.startswith(PNG)
    assert not is_blank(png)


def test_the_forest_plot_names_every_gate_that_moved():
    svg = charts.gates(samples.verdict(), "svg").decode()
    assert all(name in svg for name in ("roc_auc", "log_loss", "latency_ms", "carrier=HA"))


def test_only_columns_that_moved_are_drawn():
    svg = charts.drift(samples.facts(), samples.verdict(), "svg").decode()
    assert "dep_delay" in svg
    assert "wind_speed" not in svg


def test_nothing_to_draw_is_no_picture():
    quiet = samples.verdict(Result(name="data", status=Status.SKIPPED, reason=Reason.NOTHING_TO_CHECK), combine("drift", []))
    assert charts.gates(quiet) is None
    assert charts.drift(samples.facts(data=[]), quiet) is None
    assert charts.history(samples.facts(), "no_such_metric") is None
    assert charts.history(samples.facts(evaluation=None), "roc_auc") is None


def test_ga_04_hostile_names_are_text_in_a_chart():
    facts, verdict = samples.hostile("']; alert(1); ['</svg><script>")
    for svg in (
        charts.gates(verdict, "svg"),
        charts.drift(facts, verdict, "svg"),
        charts.history(facts, "']; alert(1); ['</svg><script>", "svg"),
    ):
        assert b"<script" not in svg
        assert b"alert(1)" in svg


def test_the_same_facts_give_the_same_chart():
    assert charts.gates(samples.verdict(), "svg") == charts.gates(samples.verdict(), "svg")
