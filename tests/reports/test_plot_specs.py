import pytest

from reports.plot_specs import Axes, build, field


@pytest.mark.parametrize(("name", "escaped"), [("loss", "loss"), ("a.b", "a\\.b"), ("f[0]", "f\\[0\\]"), ("it's", "it\\'s")])
def test_a_name_with_dots_or_brackets_is_one_field(name, escaped):
    assert field(name) == escaped


def test_a_name_that_dvc_does_not_have_is_none():
    assert build("sunburst", [], Axes("x", "y", "x", "y")) is None


def test_jitter_is_the_same_every_time():
    points = [{"rev": "this", "x": "a", "y": "b"}] * 10
    axes = Axes("x", "y", "x", "y")
    assert build("scatter_jitter", points, axes) == build("scatter_jitter", points, axes)


def test_a_side_that_is_alone_has_the_colour_of_the_change():
    axes = Axes("x", "y", "x", "y")
    alone, both = ([{"rev": rev, "x": 1, "y": 1} for rev in revisions] for revisions in (["this"], ["main", "this"]))
    assert "scale" in build("linear", alone, axes)["encoding"]["color"]
    assert "scale" not in build("linear", both, axes)["encoding"]["color"]


def test_points_of_a_confusion_matrix_may_stand_for_many_rows():
    points = [{"rev": "this", "x": "a", "y": "a", "assay_count": 30}, {"rev": "this", "x": "b", "y": "a", "assay_count": 10}]
    counted = build("confusion", points, Axes("x", "y", "x", "y"))["data"]["values"]
    shares = build("confusion_normalized", points, Axes("x", "y", "x", "y"))["data"]["values"]
    assert [cell["value"] for cell in counted] == [30, 10]
    assert [cell["value"] for cell in shares] == [0.75, 0.25]
