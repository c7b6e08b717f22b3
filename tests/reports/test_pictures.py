import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import pictures
from reports.pictures import Point, Whisker

numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)


def drawn(svg) -> ET.Element:
    """A picture, which must be well-formed, with every coordinate a finite number."""
    root = ET.fromstring(str(svg))
    assert root.find("title") is not None
    for value in re.findall(r'\s(?:x|y|cx|cy|x1|x2|y1|y2|width|height|points)="([^"]*)"', str(svg)):
        assert not re.search("nan|inf", value)
    return root


@given(numbers, st.none() | numbers, st.none() | numbers, st.none() | numbers)
def test_a_whisker_is_well_formed_whatever_its_numbers(value, reference, least, spread):
    low, high = (None, None) if spread is None else (value - abs(spread), value + abs(spread))
    drawn(pictures.whisker(Whisker(value, low, high, reference, least), "a title"))


def test_the_dot_lies_between_its_whiskers_and_the_forbidden_side_is_tinted():
    root = drawn(pictures.whisker(Whisker(0.729, 0.726, 0.732, 0.741, least=0.736, tone="failed"), "t"))
    dot = float(root.find("circle").get("cx"))
    ends = sorted(float(each.get("x1")) for each in root.findall("line") if each.get("class").startswith("interval"))
    assert ends[0] < dot < ends[-1]
    tinted = root.find("rect[@class='forbidden']")
    assert float(tinted.get("x")) == 0
    assert float(tinted.get("width")) > dot


def test_a_limit_far_away_does_not_squeeze_the_interval():
    root = drawn(pictures.whisker(Whisker(0.741, 0.740, 0.742, 0.741, least=0.2), "t"))
    ends = [float(each.get("x1")) for each in root.findall("line") if each.get("class").startswith("interval")]
    assert max(ends) - min(ends) > 100
    assert root.find("rect[@class='forbidden']") is None


def test_an_interval_that_leaves_the_scale_ends_in_an_arrow_head():
    over = pictures.Scale(-1, 1, 0, 100)
    root = drawn(pictures.whisker(Whisker(0.0, -5.0, 0.5), "t", over=over))
    assert len(root.findall("polygon")) == 1


def test_nothing_to_show_is_no_picture():
    assert pictures.whisker(Whisker(None), "t") == ""
    assert pictures.histograms([], [], "t") == ""
    assert pictures.paired_bars([], [], [], "t") == ""
    assert pictures.line([Point("a", 1.0)], "t") == ""


@given(st.lists(st.integers(0, 10**12), max_size=64), st.lists(st.integers(0, 10**12), max_size=64))
def test_histograms_of_any_counts_are_well_formed(base, head):
    svg = pictures.histograms(base, head, "t", ends=("0", "9"))
    assert svg == "" or drawn(svg) is not None


def test_a_data_set_that_only_grew_draws_the_same_shape():
    first = drawn(pictures.histograms([1, 2, 3], [10, 20, 30], "t"))
    heights = [float(each.get("y")) for each in first.findall("rect")]
    outline = [float(pair.split(",")[1]) for pair in first.find("polyline").get("points").split()]
    assert sorted(set(heights)) == sorted(set(outline[1:-1]))


@given(st.lists(numbers, min_size=2, max_size=50))
def test_a_line_of_any_values_is_well_formed(values):
    drawn(pictures.line([Point(str(at), value) for at, value in enumerate(values)], "t", limit=values[0]))


def test_what_a_profile_did_not_name_stands_last_and_does_not_squeeze_the_bars():
    root = drawn(pictures.paired_bars(["a", "b", "others"], [5, 4, 900], [4, 5, 900], "t"))
    assert root.findall("text")[-2].text == "others"
    assert max(float(bar.get("width")) for bar in root.findall("rect")) > 150


@given(numbers, numbers)
def test_ticks_are_few_and_inside(one, other):
    low, high = min(one, other), max(one, other)
    if high - low > 1e-6 * max(abs(low), abs(high), 1e-30):
        found = pictures.ticks(low, high)
        assert 1 <= len(found) <= 9
        room = (high - low) * 1e-6
        assert all(low - room <= each <= high + room for each in found)


@pytest.mark.parametrize("attack", ["</title><script>alert(1)</script>", '" onload="alert(1)', "\u202e]]>"])
def test_ga_04_hostile_labels_are_text(attack):
    made = [
        pictures.line([Point(attack, 1.0), Point(attack, 2.0)], attack),
        pictures.paired_bars([attack], [1], [2], attack),
        pictures.histograms([1], [2], attack, ends=(attack, attack)),
        pictures.bar(1, 2, attack),
        pictures.rates([(attack, 0.5), ("b", None), ("c", 1.0)], attack),
    ]
    for svg in made:
        root = drawn(svg)
        assert not root.findall(".//script")
        assert "onload" not in root.attrib
        assert "\u202e" not in str(svg)


def test_what_the_level_line_is_called_stands_beside_it() -> None:
    points = [Point("v1", 0.7), Point("v2", 0.8)]
    assert "limit 0.75" in pictures.line(points, "t", limit=0.75)
    assert "target 0.75" in pictures.line(points, "t", limit=0.75, called="target")
