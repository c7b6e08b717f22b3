"""Plots of a record, drawn."""

import base64

import pytest

from policy.facts.plots import TEMPLATES, PlotFact
from reports import plot_facts, plot_specs, vega
from reports.plot_facts import pictures
from tests.reports import samples

HEAD = {"side": "head", "x": [0.0, 1.0, 2.0], "y": [0.5, 0.6, 0.8]}
BASE = HEAD | {"side": "base", "y": [0.4, 0.5, 0.7]}
NAMES = {"x": ["a", "b", "b"], "y": ["a", "a", "b"]}


def drawn(*plots: dict[str, object], total: int = 0):
    facts = samples.facts().model_copy(
        update={"plots": [PlotFact.model_validate({"title": "Loss"} | plot) for plot in plots], "plots_total": total}
    )
    return pictures(facts)


def svg(picture) -> str:
    return base64.b64decode(picture.image.partition(",")[2]).decode()


def test_a_record_without_plots_has_no_pictures(monkeypatch):
    monkeypatch.setattr(vega, "svg", lambda spec: pytest.fail("the converter is slow to import"))
    assert drawn() == []


def test_base_and_head_are_one_picture_that_names_both():
    (picture,) = drawn({"series": [BASE, HEAD], "x_label": "epoch", "y_label": "loss", "detail": "3 points are left out"})
    assert picture.note == "3 points are left out"
    for told in ("main", "this change", "epoch", "loss"):
        assert told in svg(picture)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_of_the_record_can_be_drawn(template):
    named = template in ("scatter_jitter", "confusion", "confusion_normalized")
    (picture,) = drawn({"template": template, "series": [BASE | NAMES, HEAD | NAMES] if named else [BASE, HEAD]})
    assert picture.image and picture.note == ("no different from main" if named else "")
    assert plot_specs.build(template, [], plot_specs.Axes("x", "y", "x", "y")) is not None


def test_sides_that_agree_are_drawn_once():
    (picture,) = drawn({"series": [HEAD | {"side": "base"}, HEAD]})
    assert picture.note == "no different from main"
    assert "this change" in svg(picture) and ">main<" not in svg(picture)


def test_several_lines_of_a_side_are_told_apart_by_dashes():
    several = [side | {"name": name} for side in (BASE, HEAD) for name in ("train", "valid")]
    (picture,) = drawn({"series": several})
    assert "stroke-dasharray" in svg(picture) and ">valid<" in svg(picture)


def test_a_confusion_matrix_shows_the_counts_of_its_rows():
    (picture,) = drawn({"template": "confusion", "series": [HEAD | NAMES | {"counts": [1_200, 34, 56]}]})
    assert ">1,200<" in svg(picture) and ">56<" in svg(picture)


def test_a_plot_that_has_nothing_to_draw_says_why():
    (picture,) = drawn({"detail": "nothing of the base"})
    assert (picture.image, picture.note) == ("", "nothing of the base")


def test_names_from_the_record_are_only_text():
    hostile = samples.HOSTILE[:60]
    (picture,) = drawn({"title": hostile, "series": [BASE | {"name": hostile}, HEAD], "x_label": hostile})
    assert "<script>" not in svg(picture)


def test_plots_that_are_left_out_are_counted_and_a_page_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(plot_facts, "_LARGEST_PAGE", 10)
    one, other, more = drawn({"series": [HEAD]}, {"series": [HEAD]}, total=5)
    assert one.image and other.note == "not drawn: the report would become too large"
    assert (more.title, more.note) == ("3 more plots", "only the first 2 are drawn")
