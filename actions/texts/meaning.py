"""Whether texts changed in what they are about: a domain classifier on the vectors of a model that the policy names.

Where nobody can tell the vectors of base and head apart, the area under its ROC curve is 0.5; see `actions.monitor.domains`.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from actions.data.sample import sampled
from actions.datafile import DataFile
from actions.frames import reading, scan
from actions.monitor.domains import apart
from actions.texts.encoder import Encoder, Floats
from actions.texts.look import MOST_BYTES, Broken, decode
from actions.texts.table import text_files
from policy.facts.monitoring import ApartFacts
from policy.facts.texts import EmbeddingFacts

SAMPLE = 400
"""Texts of each side that are turned into vectors."""
AXES = 20
"""Directions in which the vectors of both sides spread most; the others are left out, or chance would look like a difference."""
_BEGINNING = 4_000
"""Characters of a text that are read: more than the pieces that a model takes."""


def sample(files: Sequence[DataFile], column: str | None, *, seed: int = 0) -> list[str]:
    """The beginnings of about `SAMPLE` texts of a folder or a column, always the same; blank and broken ones are left out."""
    found: Sequence[str | None]
    if column is None:
        names = text_files(files)
        found = [
            _read(names[at]) for at in pl.int_range(len(names), eager=True).sample(min(SAMPLE, len(names)), seed=seed).sort()
        ]
    elif column not in (frame := scan(files)).collect_schema():
        found = []
    else:
        with reading(files):
            rows, _ = sampled(frame, [column], SAMPLE, seed)
        found = rows[column].cast(pl.String).to_list()
    return [text[:_BEGINNING] for text in found if text and text.strip()]


def _read(file: DataFile) -> str | None:
    try:
        return None if file.path.stat().st_size > MOST_BYTES else decode(file.path.read_bytes())
    except (Broken, OSError):
        return None


def compare(encoder: Encoder, model: str, base: Sequence[str], head: Sequence[str]) -> EmbeddingFacts:
    """How well texts of base and head can be told apart by the vectors that `encoder` makes of them."""
    if not base or not head:
        return EmbeddingFacts(model=model, rows=0)
    found = told_apart(encoder.encode(base), encoder.encode(head))
    return EmbeddingFacts(model=model, rows=0) if found is None else EmbeddingFacts(model=model, **found.model_dump())


def told_apart(base: Floats, head: Floats) -> ApartFacts | None:
    """How well the rows of two sets of vectors can be told apart; None where they are too few."""
    both = np.concatenate([base, head]).astype(np.float64)
    centred = both - both.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:AXES]
    places = pl.DataFrame(centred @ axes.T, schema=[f"axis {number}" for number in range(len(axes))])
    return apart(places.head(len(base)), places.tail(len(head)), places.columns)
