"""Labels and predictions as arrays of one length, ready to be measured.

Shapes: every array is (n,) for n rows. `codes` number the distinct labels from 0; a two-valued label is also `positive`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from actions.evaluate.trouble import Undefined
from policy.evaluation import Predictions
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Index = NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)

_THRESHOLD = 0.5
_KNOWN_PAIRS = ([0.0, 1.0], [-1.0, 1.0], [0.0], [1.0], [-1.0])
MAX_CLASSES = 1_000


@dataclass(frozen=True)
class Truth:
    """The labels. `positive` is None where they are not two-valued, `number` where they are not numbers."""

    rows: int
    positive: Flags | None = None
    number: Floats | None = None
    codes: Codes | None = None
    classes: int = 0
    not_binary: str = ""
    """Why `positive` is None."""

    def take(self, index: Index) -> "Truth":
        """Some of the rows."""
        return Truth(
            len(index),
            _take(self.positive, index),
            _take(self.number, index),
            _take(self.codes, index),
            self.classes,
            self.not_binary,
        )


@dataclass(frozen=True)
class Said:
    """What a model said. `score` is a column of scores, `number` the same or a numeric prediction, `codes` hard predictions."""

    score: Floats | None = None
    number: Floats | None = None
    codes: Codes | None = None

    def take(self, index: Index) -> "Said":
        """Some of the rows."""
        return Said(_take(self.score, index), _take(self.number, index), _take(self.codes, index))

    def equals(self, other: "Said") -> bool:
        """Whether both said the same in every row."""
        pairs = ((self.score, other.score), (self.number, other.number), (self.codes, other.codes))
        return all(a is b or (a is not None and b is not None and np.array_equal(a, b)) for a, b in pairs)


def prepare(frames: "list[pl.DataFrame]", section: Predictions) -> tuple[Truth, list[Said]]:
    """Labels (of the last frame) and what each frame's model said. Rows of the frames belong together one by one.

    Raises:
        Undefined: a score or numeric prediction is no number.
    """
    label = frames[-1][section.label]
    number = _numeric(label)
    positive, not_binary = _positive(label, number, section)
    codes, classes, said_codes = _codes(label, number, positive, frames, section)
    truth = Truth(len(label), positive, number, codes, classes, not_binary)
    said = []
    for frame, hard in zip(frames, said_codes, strict=True):
        score = _numeric(frame[section.score]) if section.score else None
        if section.score and score is None:
            raise Undefined(Reason.NOT_A_NUMBER, f" (the column {section.score} holds {frame[section.score].dtype})")
        said.append(Said(score, score if section.score else _numeric(frame[str(section.prediction)]), hard))
    return truth, said


def _take(values: NDArray[Kind] | None, index: Index) -> NDArray[Kind] | None:
    return None if values is None else values[index]


def _numeric(values: "pl.Series") -> Floats | None:
    import polars as pl

    if not (values.dtype.is_numeric() or values.dtype == pl.Boolean):
        return None
    return values.cast(pl.Float64).to_numpy()


def _positive(label: "pl.Series", number: Floats | None, section: Predictions) -> tuple[Flags | None, str]:
    import polars as pl

    count = label.n_unique()
    if count > 2:
        return None, f" (the column {section.label} has {count:,} values, and two are needed)"
    if section.positive is not None:
        if number is not None and not isinstance(section.positive, str):
            return number == float(section.positive), ""
        return (label.cast(pl.String).str.to_lowercase() == str(section.positive).lower()).to_numpy(), ""
    if number is not None and sorted(set(number.tolist())) in _KNOWN_PAIRS:
        return number == 1.0, ""
    return None, f" (which value of {section.label} is the positive one?)"


def _codes(
    label: "pl.Series", number: Floats | None, positive: Flags | None, frames: "list[pl.DataFrame]", section: Predictions
) -> tuple[Codes | None, int, list[Codes | None]]:
    """Labels and hard predictions numbered together, so that equal values have equal numbers."""
    import polars as pl

    if section.prediction is None:
        if positive is None:
            return None, 0, [None] * len(frames)
        scores = [_numeric(frame[str(section.score)]) for frame in frames]
        return positive.astype(np.int64), 2, [None if s is None else (s >= _THRESHOLD).astype(np.int64) for s in scores]
    columns = [label, *(frame[section.prediction] for frame in frames)]
    kind = pl.Float64 if number is not None and all(_numeric(column) is not None for column in columns) else pl.String
    together = pl.concat([column.cast(kind).rename("value") for column in columns])
    values = together.unique().sort()
    if len(values) > MAX_CLASSES:
        return None, len(values), [None] * len(frames)
    if positive is not None and len(values) == 2 and label.n_unique() == 2:
        # The positive label is number 1, whatever the order of the two.
        first = columns[0].cast(kind).filter(pl.Series(~positive))[0]
        values = pl.Series("value", [first, *(value for value in values.to_list() if value != first)], dtype=kind)
    numbered = together.replace_strict(values, pl.Series(np.arange(len(values))), return_dtype=pl.Int64).to_numpy()
    parts = np.split(numbered, len(columns))
    return parts[0], len(values), list(parts[1:])
