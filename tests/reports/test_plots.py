import io
import json
import sys

import pytest
from PIL import Image as Raster

from policy.problems import UserProblem
from reports import plots
from reports.plots import Image, Plot

LINES = [{"rev": rev, "step": at, "test.loss": 1 / (at + 1)} for rev in ("main", "this") for at in range(20)]
NAMES = [
    {"rev": rev, "predicted": p, "actual": a}
    for rev in ("main", "this")
    for p in ("late", "on time")
    for a in ("late", "on time")
]
BARS = [{"rev": rev, "gain": at, "feature": f"f[{at}]"} for rev in ("main", "this") for at in range(5)]

OWN = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "data": {"values": "<DVC_METRIC_DATA>"},
    "title": "<DVC_METRIC_TITLE>",
    "params": [{"name": "grid", "select": "interval", "bind": "scales"}],
    "transform": [{"calculate": "datum.step * 2 + 1", "as": "twice"}],
    "mark": {"type": "area", "opacity": 0.4},
    "encoding": {
        "x": {"field": "twice", "type": "quantitative"},
        "y": {"field": "<DVC_METRIC_Y>", "type": "quantitative", "title": "<DVC_METRIC_Y_LABEL>"},
        "color": "<DVC_METRIC_COLOR>",
    },
}


def lines(template="linear", **more) -> Plot:
    return Plot("loss of training", template, LINES, "step", "test.loss", **more)


@pytest.mark.parametrize(
    ("template", "points", "x", "y"),
    [
        ("linear", LINES, "step", "test.loss"),
        ("simple", LINES, "step", "test.loss"),
        ("smooth", LINES, "step", "test.loss"),
        ("scatter", LINES, "step", "test.loss"),
        ("scatter_jitter", NAMES, "predicted", "actual"),
        ("confusion", NAMES, "predicted", "actual"),
        ("confusion_normalized", NAMES, "predicted", "actual"),
        ("bar_horizontal", BARS, "gain", "feature"),
        ("bar_horizontal_sorted", BARS, "gain", "feature"),
    ],
)
def test_every_template_of_dvc_is_drawn_with_both_revisions(template, points, x, y):
    svg = plots.render(Plot("a title", template, points, x, y), "svg").decode()
    assert ">main<" in svg and ">this<" in svg
    assert "a title" in svg
    assert svg.count("<path") > 4


def test_a_plot_is_a_png_that_is_not_blank():
    picture = Raster.open(io.BytesIO(plots.render(lines())))
    assert picture.format == "PNG"
    assert len(picture.convert("L").getcolors(256)) > 3


def test_a_confusion_matrix_counts_and_a_normalised_one_sums_to_one_by_row():
    points = [
        {"rev": "this", "p": p, "a": a} for p, a, times in (("x", "x", 6), ("y", "x", 2), ("y", "y", 5)) for _ in range(times)
    ]
    counted, _ = plots.specification(Plot("c", "confusion", points, "p", "a"))
    assert {(cell["x"], cell["y"]): cell["value"] for cell in counted["data"]["values"]} == {
        ("x", "x"): 6, ("y", "x"): 2, ("x", "y"): 0, ("y", "y"): 5}  # fmt: skip
    normalised, _ = plots.specification(Plot("c", "confusion_normalized", points, "p", "a"))
    assert {cell["value"] for cell in normalised["data"]["values"] if cell["y"] == "x"} == {0.75, 0.25}


def test_a_template_of_the_repository_s_own_is_drawn():
    chart, note = plots.specification(lines(OWN))
    assert note == ""
    assert chart["mark"]["type"] == "area"
    assert chart["encoding"]["y"]["field"] == "test\\.loss"
    assert plots.draw(lines(OWN)).image.startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"url": "https://example.com/x.json"}},
        {"data": {"values": [{"a": 1}]}},
        {"datasets": {"a": []}},
        {"mark": {"type": "image", "url": "http://169.254.169.254/"}},
        {"mark": "image"},
        {"mark": {"type": "geoshape"}},
        {"encoding": {"url": {"field": "step"}}},
        {"encoding": {"href": {"value": "javascript:alert(1)"}}},
        {"usermeta": {"embedOptions": {"loader": {"baseURL": "https://example.com"}}}},
        {"transform": [{"calculate": "sequence(0, 1e9)", "as": "x"}]},
        {"transform": [{"lookup": "a", "from": {"data": {"url": "file:///etc/passwd"}, "key": "a"}}]},
        {"transform": [{"filter": "regexp('a+', datum.x)"}]},
        {"width": {"signal": "1e9"}},
        {"width": 1e9},
        {"width": {"step": 1}},
        {"encoding": {"x": {"bin": {"step": 1e-9}, "field": "step"}}},
        {"encoding": {"x": {"field": "step", "axis": {"format": "1000000000d"}}}},
        {"encoding": {"x": {"field": "step", "axis": {"labelExpr": "datum.label"}}}},
        {"layer": [{"mark": "line"}] * 50},
        {"encoding": {"row": {"field": "step", "type": "nominal"}}},
    ],
    ids=lambda change: json.dumps(change)[:60],
)
def test_a_template_that_reaches_out_or_asks_too_much_is_replaced_by_lines_and_that_is_said(change):
    points = [{"rev": "this", "step": at, "y": at} for at in range(40)]
    chart, note = plots.specification(Plot("t", OWN | change, points, "step", "y"))
    assert note.startswith("drawn as lines: the plot")
    assert chart["mark"]["type"] == "line"
    assert "http" not in json.dumps(chart)


def test_a_template_nested_a_thousand_deep_is_refused_and_not_followed():
    deep: dict = {}
    for _ in range(900):
        deep = {"layer": [deep]}
    assert "nested too deeply" in plots.specification(lines(OWN | deep))[1]


def test_an_unknown_template_is_drawn_as_lines_and_that_is_said():
    assert plots.specification(lines("sunburst"))[1] == "no template is called sunburst; drawn as lines"


def test_too_many_points_and_missing_fields_are_named_and_nothing_is_drawn():
    many = [{"rev": "this", "x": at, "y": at} for at in range(5_001)]
    assert "5,001 points" in plots.draw(Plot("t", "linear", many, "x", "y")).note
    assert "no point has the field `z`" in plots.draw(Plot("t", "linear", many[:3], "z", "y")).note
    assert "no point" in plots.draw(Plot("t", "linear", [], "x", "y")).note
    nested = [{"rev": "this", "x": {"a": 1}, "y": 1}]
    assert "neither number nor text" in plots.draw(Plot("t", "linear", nested, "x", "y")).note
    names = [{"rev": "this", "x": str(at), "y": 1} for at in range(300)]
    assert "different texts" in plots.draw(Plot("t", "linear", names, "x", "y")).note


def test_not_a_number_in_the_points_does_not_stop_a_plot():
    holes = [{"rev": "this", "x": at, "y": float("nan") if at == 2 else at} for at in range(5)]
    assert plots.draw(Plot("t", "linear", holes, "x", "y")).image


def test_an_image_of_the_repository_is_shown_only_if_it_is_one():
    buffer = io.BytesIO()
    Raster.new("RGB", (2, 2), "red").save(buffer, "PNG")
    assert plots.draw(Image("roc.png", buffer.getvalue())).image.startswith("data:image/png;base64,")
    assert plots.draw(Image("roc.svg", b"<svg onload='alert(1)'/>")).note == "not shown: neither PNG nor JPEG"
    assert "more than" in plots.draw(Image("big.png", buffer.getvalue() + b"\0" * 3_000_000)).note


def test_without_the_extra_a_plot_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    picture = plots.draw(lines())
    assert picture.image == ""
    assert "install assay[charts]" in picture.note
    with pytest.raises(UserProblem, match="needs vl-convert"):
        plots.render(lines())
