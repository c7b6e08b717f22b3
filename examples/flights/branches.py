"""What happened on main, the branches that wait for a verdict, and the verdicts they must get."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Edit:
    """One piece of a file replaced by another."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Accepted:
    """A change that was merged into main: its commit message, and the features the model had then."""

    message: str
    features: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """A change that waits for its verdict."""

    name: str
    message: str
    edits: tuple[Edit, ...] = ()
    data: Literal["same", "new-months", "corrupt"] = "same"


@dataclass(frozen=True)
class Expected:
    """The verdict a branch must get."""

    branch: str
    status: Literal["passed", "warned", "failed"]
    shows: tuple[tuple[str, str], ...]
    """Part and reason code (or tier) of results that must be somewhere below that part; `verdict` is the whole."""
    holds: tuple[str, ...]
    """The parts that must have passed."""
    story: str


SCHEDULE = ("carrier", "origin", "dest", "hour", "minute", "weekday", "distance")

HISTORY = (
    Accepted("Guess from the schedule alone (#31)", SCHEDULE),
    Accepted("Look how far one can see (#35)", (*SCHEDULE, "visib")),
    Accepted("Look at the rain (#38)", (*SCHEDULE, "visib", "precip")),
    Accepted("Look at the wind and the month (#41)", (*SCHEDULE, "visib", "precip", "wind_speed", "month")),
)
"""The last one is what `project/params.yaml` says."""

CHAMPION = "(#38)"
"""The accepted change whose model is in production, tagged `champion`."""

_LAST_FEATURE = "  - month\n"

BRANCHES = (
    Branch("new-months", "Add the flights of June and July", data="new-months"),
    Branch("better-model", "Tell the model how warm it is", (Edit("params.yaml", _LAST_FEATURE, f"{_LAST_FEATURE}  - temp\n"),)),
    Branch(
        "worse-model",
        "Use all the weather we have, in a bigger model",
        (
            Edit("params.yaml", _LAST_FEATURE, f"{_LAST_FEATURE}  - humid\n  - pressure\n  - wind_dir\n"),
            Edit("params.yaml", "num_leaves: 31", "num_leaves: 127"),
        ),
    ),
    Branch("corrupt-data", "Refresh the flights", data="corrupt"),
    Branch("readme-only", "Say how to see the runs", (Edit("README.md", "mlflow ui", "mlflow server"),)),
    Branch("within-noise", "Three trees more", (Edit("params.yaml", "trees: 60", "trees: 63"),)),
)

EXPECTED = (
    Expected(
        "new-months",
        "warned",
        (("drift", "drift-moved-far"), ("evaluation", "within-margin")),
        ("data", "training", "evaluation", "fairness"),
        "summer is warmer than winter, and the model still holds",
    ),
    Expected(
        "better-model",
        "passed",
        (("evaluation", "improved"),),
        ("data", "drift", "training", "evaluation", "fairness"),
        "the temperature truly helps",
    ),
    Expected(
        "worse-model",
        "failed",
        (("evaluation", "regressed"),),
        ("data", "drift", "training"),
        "with more weather and more leaves the model learns single days by heart",
    ),
    Expected(
        "corrupt-data",
        "failed",
        (("data", "contract-failures"), ("data", "schema-break"), ("data", "rows-share-key")),
        (),
        "a column lost, negative distances, an unknown carrier, rows twice",
    ),
    Expected("readme-only", "passed", (("verdict", "nothing-to-check"),), (), "nothing that the policy watches changed"),
    Expected(
        "within-noise",
        "passed",
        (("evaluation", "within-margin"),),
        ("data", "drift", "training", "evaluation", "fairness"),
        "three trees after sixty make it neither better nor worse",
    ),
)
