"""Charts that GitHub draws, in which users' names are only names."""

import re

from hypothesis import given
from hypothesis import strategies as st

from policy.facts.evaluation import HistoryPoint
from policy.metrics import Better
from reports import mermaid
from reports.mermaid import Axis

POINTS = [HistoryPoint(label=f"#{number}", value=0.7 + number / 1_000) for number in (31, 35, 47)]
_NAME = r"\"[^\"`;%{}\[\]<>]*\""
_LINE = re.compile(
    rf"(%%\{{init: [^\n]*%%|xychart-beta|    title {_NAME}|    x-axis \[{_NAME}(, {_NAME})*\]"
    r"|    y-axis -?[\d.]+ --> -?[\d.]+|    line \[-?[\d.]+(, -?[\d.]+)*\])\Z"
)


def test_a_history_is_a_line_that_ends_in_this_change() -> None:
    drawn = mermaid.history("roc_auc", POINTS, 0.729, "main").source.splitlines()
    assert drawn[0] == "```mermaid"
    assert '    x-axis ["#31", "#35", "#47", "this"]' in drawn
    assert "    line [0.731, 0.735, 0.747, 0.729]" in drawn
    assert drawn[-1] == "```"


def test_the_palette_is_set_because_the_default_can_hardly_be_seen() -> None:
    assert "plotColorPalette" in mermaid.history("roc_auc", POINTS, 0.729, "main").source


def test_one_value_is_no_history() -> None:
    assert not mermaid.history("roc_auc", [], 0.729, "main")
    assert not mermaid.history("roc_auc", POINTS[:1], None, "main")


def test_numbers_that_mermaid_cannot_write_are_not_drawn() -> None:
    assert not mermaid.history("rows", POINTS, 1e20, "main")
    assert not mermaid.history("tiny", [HistoryPoint(label="a", value=1e-12)] * 3, None, "main")


names = st.text(min_size=1, max_size=80) | st.text('"`;%{}[]<>-\n#\\|', min_size=1, max_size=40)
values = st.floats(allow_nan=False, allow_infinity=False)


@given(names, st.lists(st.builds(HistoryPoint, label=names, value=values), max_size=50), values, names)
def test_no_name_leaves_its_quotes_and_every_line_is_one_of_ours(
    metric: str, points: list[HistoryPoint], head: float, base: str
) -> None:
    drawn = mermaid.history(metric, points, head, base).source
    assert len(drawn) < mermaid.LIMIT
    for line in drawn.splitlines()[1:-1]:
        assert _LINE.match(line), line


def test_labels_that_repeat_are_told_apart() -> None:
    assert mermaid.distinct(["#1", "#1", "#2", "#1"]) == ["#1", "#1 (2)", "#2", "#1 (3)"]


def test_the_limit_is_a_level_line_that_the_title_names_where_it_is_near() -> None:
    drawn = mermaid.history("roc_auc", POINTS, 0.729, "main", 0.742).source
    assert "the level line is the limit, 0.742" in drawn
    assert "    line [0.742, 0.742, 0.742, 0.742]" in drawn
    assert "limit" not in mermaid.history("roc_auc", POINTS, 0.729, "main", 0.1).source


def test_the_axis_has_round_ends_and_room_for_the_line() -> None:
    assert "    y-axis 0.725 --> 0.75" in mermaid.history("roc_auc", POINTS, 0.729, "main").source


def test_a_trend_is_a_line_over_moments() -> None:
    drawn = mermaid.trend('domain "auc"', [("07-01", 0.5), ("07-01", 0.6), ("07-02", 0.7)]).source.splitlines()
    assert '    x-axis ["07-01", "07-01 (2)", "07-02"]' in drawn and "    line [0.5, 0.6, 0.7]" in drawn
    assert '    title "domain ·auc·"' in drawn


def test_a_trend_of_one_value_or_of_values_beyond_mermaid_is_none() -> None:
    assert not mermaid.trend("auc", [("07-01", 0.5)]) and not mermaid.trend("auc", [("1", 1e300), ("2", 1.0)])
    assert mermaid.trend("auc", [(str(each), 0.0) for each in range(60)]).source.count(", ") == 1 + 19 + 19


def test_a_target_is_a_level_line_and_what_is_expected_the_last_point() -> None:
    drawn = mermaid.toward("roc_auc", POINTS, HistoryPoint(label="2027-03-31", value=0.76), 0.9).source.splitlines()
    assert '    x-axis ["#31", "#35", "#47", "2027-03-31"]' in drawn
    assert "    line [0.731, 0.735, 0.747, 0.76]" in drawn and "    line [0.9, 0.9, 0.9, 0.9]" in drawn
    assert '    title "roc_auc, the level line is the target, 0.9, the last point is expected"' in drawn
    assert "expected" not in mermaid.toward("roc_auc", POINTS, None, 0.9).source


def test_one_version_alone_and_numbers_without_a_size_are_not_drawn() -> None:
    assert not mermaid.toward("roc_auc", POINTS[:1], None, 0.9)
    assert not mermaid.toward("roc_auc", POINTS, None, 1e300)


@given(st.text(max_size=80), st.text(min_size=1, max_size=80), st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_no_name_of_a_target_writes_mermaid(metric: str, label: str, value: float, target: float) -> None:
    drawn = mermaid.toward(metric, [HistoryPoint(label=label, value=value), *POINTS], None, target).source
    assert all(_LINE.match(line) for line in drawn.splitlines()[1:-1]), drawn


_POINT = re.compile(
    rf"(%%\{{init: [^\n]*%%|quadrantChart|    [xy]-axis {_NAME} --> {_NAME}|    {_NAME}: \[[01]\.\d+, [01]\.\d+\])\Z"
)


def test_compromises_lie_higher_and_farther_right_the_better_they_are() -> None:
    axes = Axis("roc_auc", "higher"), Axis("trees", "lower")
    drawn = mermaid.compromises(*axes, [("now", 0.70, 60), ("7", 0.75, 124), ("3", 0.72, 92)]).source.splitlines()
    assert drawn[2] == "quadrantChart"
    assert drawn[3:5] == ['    x-axis "trees 124" --> "better, 60"', '    y-axis "roc_auc 0.7" --> "better, 0.75"']
    assert drawn[5:8] == ['    "now": [0.900, 0.100]', '    "7": [0.100, 0.900]', '    "3": [0.500, 0.420]']


def test_what_differs_in_one_objective_only_is_no_picture() -> None:
    axes = Axis("roc_auc", "higher"), Axis("trees", "lower")
    assert not mermaid.compromises(*axes, [("now", 0.7, 60), ("7", 0.75, 60)])
    assert not mermaid.compromises(*axes, [("now", 0.7, 60)]) and not mermaid.compromises(*axes, [])
    assert not mermaid.compromises(*axes, [("now", 0.7, -1e300), ("7", 0.75, 1e300)])


@given(names, names, st.lists(st.tuples(names, values, values), max_size=20), st.sampled_from(["higher", "lower"]))
def test_no_name_leaves_its_quotes_in_the_picture_of_compromises(
    first: str, second: str, points: list[tuple[str, float, float]], better: Better
) -> None:
    drawn = mermaid.compromises(Axis(first, better), Axis(second, better), points).source
    assert len(drawn) < mermaid.LIMIT
    for line in drawn.splitlines()[1:-1]:
        assert _POINT.match(line), line
