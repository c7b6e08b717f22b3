"""Whether texts changed in what they are about."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from actions.datafile import DataFile
from actions.texts import meaning as module
from actions.texts.encoder import load
from actions.texts.meaning import compare, sample, told_apart
from tests.actions.texts.tiny import model


def test_vectors_of_one_kind_cannot_be_told_apart_and_moved_ones_can() -> None:
    source = np.random.default_rng(3)
    sides = [source.normal(size=(150, 30)).astype(np.float32) for _ in range(2)]
    same, moved = told_apart(*sides), told_apart(sides[0], sides[1] + np.eye(30, dtype=np.float32)[0] * 3)
    assert same is not None and moved is not None
    assert (same.auc < 0.65 and same.p > 0.01) and (moved.auc > 0.8 and moved.p < 1e-6)


def test_texts_about_something_else_can_be_told_apart(tmp_path: Path) -> None:
    encoder = load(model(tmp_path / "model"))
    flights = ["the flight was late", "the flight was late!", "late flight", "the late flight was unlikely"] * 20
    rooms = ["the room was dirty", "dirty hotel!", "the hotel room was dirty", "unlikely the dirty hotel"] * 20
    apart = compare(encoder, "tiny", flights, rooms)
    assert apart.auc is not None and apart.auc > 0.95 and apart.p < 1e-6 and (apart.model, apart.rows) == ("tiny", 80)
    same = compare(encoder, "tiny", flights, flights)
    assert same.auc is not None and same.auc < 0.6
    for few in (compare(encoder, "tiny", [], rooms), compare(encoder, "tiny", flights[:3], rooms)):
        assert (few.auc, few.p) == (None, 1.0)


def test_a_sample_of_a_folder_is_its_sound_texts_and_always_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"a.txt": b"one", "b.txt": b"\xff", "c.txt": b" \n", "d.md": b"two", "e.csv": b"x"}
    files = [DataFile(f"data/{name}", tmp_path / name) for name in given]
    for name, data in given.items():
        (tmp_path / name).write_bytes(data)
    assert sample(files, None) == ["one", "two"]
    monkeypatch.setattr(module, "SAMPLE", 2)
    assert sample(files, None) == sample(files[::-1], None) and len(sample(files, None)) <= 2


def test_a_sample_of_a_column_has_no_blank_ones_and_only_beginnings(tmp_path: Path) -> None:
    pl.DataFrame({"review": ["one", None, "", "x" * 9_000]}).write_parquet(tmp_path / "a.parquet")
    files = [DataFile("a.parquet", tmp_path / "a.parquet")]
    assert [len(text) for text in sample(files, "review")] == [3, 4_000]
    assert sample(files, "gone") == []
