"""`policy.facts.plots`: what the record of a plot refuses, whatever a runner sends."""

import pytest
from pydantic import ValidationError

from policy.facts.plots import PlotFact

HEAD = {"side": "head", "x": [0.0, 1.0], "y": [0.5, 0.6]}


def test_numbers_and_names_can_be_points() -> None:
    found = PlotFact.model_validate({"title": "classes", "template": "confusion", "series": [HEAD | {"x": ["a", "b"]}]})
    assert found.series[0].x == ["a", "b"]
    assert found.series[0].y == [0.5, 0.6]


@pytest.mark.parametrize(
    "changed",
    [
        {"x": [float("nan"), 1.0]},
        {"y": [float("inf"), 1.0]},
        {"x": [0.0]},
        {"counts": [1]},
        {"counts": [0, 1]},
        {"side": "elsewhere"},
        {"x": ["a" * 81, "b"]},
        {"x": [[1.0], 1.0]},
        {"x": list(range(2_001)), "y": list(range(2_001))},
    ],
)
def test_points_that_nobody_can_draw_are_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PlotFact.model_validate({"title": "loss", "series": [HEAD | changed]})


def test_two_thousand_points_are_counted_over_all_series() -> None:
    half = {"x": list(range(1_001)), "y": list(range(1_001))}
    with pytest.raises(ValidationError, match="2,000"):
        PlotFact.model_validate({"title": "loss", "series": [HEAD | half, HEAD | half | {"side": "base"}]})


def test_a_template_that_is_not_dvcs_own_is_refused() -> None:
    with pytest.raises(ValidationError):
        PlotFact.model_validate({"title": "loss", "template": {"mark": "image"}, "series": []})


def test_a_confusion_matrix_of_very_many_classes_is_refused() -> None:
    names = [str(number) for number in range(51)]
    with pytest.raises(ValidationError, match="50 classes"):
        PlotFact.model_validate(
            {"title": "classes", "template": "confusion", "series": [{"side": "head", "x": names, "y": ["a"] * 51}]}
        )
