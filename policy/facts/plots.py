"""What a runner says about DVC plots: points to draw at base and head, to be looked at; nothing is judged by them."""

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from policy.models import Name, Number, Record, Text

MOST_POINTS = 2_000
MOST_CLASSES = 50

Template = Literal[
    "linear",
    "simple",
    "smooth",
    "scatter",
    "scatter_jitter",
    "confusion",
    "confusion_normalized",
    "bar_horizontal",
    "bar_horizontal_sorted",
]
"""DVC's own. A template of the repository's own stays in the repository: it is a program that draws."""
TEMPLATES: tuple[Template, ...] = get_args(Template)

Label = Annotated[str, StringConstraints(max_length=80)]
Values = Annotated[list[Number | Label], Field(max_length=MOST_POINTS)]


class PlotSeries(Record):
    """The points of one field at one side, by coordinate: x[i] belongs to y[i].

    `counts`, where there are any, say how many rows of the file each point stands for (confusion matrices).
    """

    side: Literal["base", "head"]
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    x: Values
    y: Values
    counts: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=MOST_POINTS)] = []

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        if len(self.x) != len(self.y) or (self.counts and len(self.counts) != len(self.x)):
            raise ValueError("every x needs its y, and its count where there are counts")
        return self


class PlotFact(Record):
    """One plot: at most 2,000 points in all. Without series there is nothing to draw, and `detail` says why.

    `detail` also says what was left out: points that are no numbers, or more points than a picture needs.
    """

    title: Name
    template: Template = "linear"
    x_label: Label = ""
    y_label: Label = ""
    series: Annotated[list[PlotSeries], Field(max_length=40)] = []
    detail: Text = ""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if sum(len(one.x) for one in self.series) > MOST_POINTS:
            raise ValueError(f"a plot has at most {MOST_POINTS:,} points")
        if self.template.startswith("confusion"):
            for axis in ("x", "y"):
                if len({value for one in self.series for value in getattr(one, axis)}) > MOST_CLASSES:
                    raise ValueError(f"a confusion matrix has at most {MOST_CLASSES} classes")
        return self
