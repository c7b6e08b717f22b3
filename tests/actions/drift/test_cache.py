"""The cache of profiles: found again, or as good as not there; never wrong."""

import os
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.drift import cache
from actions.drift.cache import ProfileCache, decode, encode
from actions.drift.categories import counted
from actions.drift.numbers import Numbers
from actions.drift.profile import Column, Profile, merge

DIGEST = "md5:418cbd8708ebe8ca6ae2a24e87c2b0d1"


def some(seed: int = 0) -> Profile:
    random = np.random.default_rng(seed)
    names = [f"c{at}" for at in range(20)]
    kept = counted(names, np.arange(20, 0, -1), total=10_000, distinct=21, largest_unnamed=1)
    return Profile(
        10_000,
        (
            Column("x", "number", "Float64", 10_000, 100, numbers=Numbers.of(random.normal(size=9_900))),
            Column("word", "category", "String", 10_000, 0, categories=kept),
            Column("none", "empty", "Null", 10_000, 10_000),
            Column("list", "other", "List(Int64)", 10_000, 3),
        ),
    )


def test_a_profile_is_found_again_as_it_was(tmp_path: Path) -> None:
    store = ProfileCache(tmp_path / "profiles")
    assert store.get(DIGEST) is None
    store.put(DIGEST, some())
    found = store.get(DIGEST)
    assert found is not None
    assert encode(found, DIGEST) == encode(some(), DIGEST)


def test_a_merged_profile_keeps_its_intervals(tmp_path: Path) -> None:
    store, whole = ProfileCache(tmp_path), merge(some(1), some(2))
    store.put(DIGEST, whole)
    found = store.get(DIGEST)
    assert found is not None
    assert encode(found, DIGEST) == encode(whole, DIGEST)
    assert found.columns[0].numbers is not None
    assert whole.columns[0].numbers is not None
    assert found.columns[0].numbers.rank_error == whole.columns[0].numbers.rank_error > 0


def test_an_entry_of_a_million_rows_is_small() -> None:
    values = np.random.default_rng(4).normal(size=1_000_000)
    column = Column("x", "number", "Float64", 1_000_000, 0, numbers=Numbers.of(values))
    assert len(encode(Profile(1_000_000, (column,)), DIGEST)) < 60_000


@pytest.mark.parametrize("damage", [b"", b"rubbish", b"assay profile 1\n", b"assay profile 1\n" + zlib.compress(b"{}")])
def test_a_damaged_entry_is_ignored_and_written_anew(damage: bytes, tmp_path: Path) -> None:
    store = ProfileCache(tmp_path)
    store.put(DIGEST, some())
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(damage)
    assert store.get(DIGEST) is None
    store.put(DIGEST, some())
    assert store.get(DIGEST) is not None


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_the_bytes_reading_them_gives_a_profile_or_a_value_error(data: st.DataObject) -> None:
    text = zlib.decompress(encode(some(), DIGEST)[len(b"assay profile 1\n") :])
    start = data.draw(st.integers(0, len(text) - 1))
    changed = text[:start] + data.draw(st.binary(max_size=9)) + text[start + data.draw(st.integers(0, 9)) :]
    try:
        decode(b"assay profile 1\n" + zlib.compress(changed), DIGEST)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"rows": 10000', '"rows": 9999'),
        ('"rows": 10000', '"rows": true'),
        ('"rows": 10000', '"rows": 10000.0'),
        ('"kind": "number"', '"kind": "time of day"'),
        ('"kind": "number"', '"kind": "category"'),
        ('"missing": 100', '"missing": -100'),
        ('"mean": ', '"mean": 1e999, "was": '),
        ('"deviation": ', '"deviation": -1, "was": '),
        ('"names": ["c0"', '"names": ["c1"'),
    ],
)
def test_an_entry_that_cannot_be_true_is_refused(old: str, new: str) -> None:
    text = zlib.decompress(encode(some(), DIGEST)[len(b"assay profile 1\n") :]).decode()
    assert old in text
    with pytest.raises(ValueError, match=r".+"):
        decode(b"assay profile 1\n" + zlib.compress(text.replace(old, new, 1).encode()), DIGEST)


def test_an_entry_of_other_content_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="other content"):
        decode(encode(some(), DIGEST), "md5:other")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGEST_TEXT", 1_000)
    with pytest.raises(ValueError, match="too large"):
        decode(encode(some(), DIGEST), DIGEST)


def test_an_entry_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ProfileCache(tmp_path)
    store.put(DIGEST, some())
    monkeypatch.setattr(cache, "LARGEST_FILE", 10)
    assert store.get(DIGEST) is None


def test_a_new_version_of_the_algorithm_finds_no_old_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ProfileCache(tmp_path)
    store.put(DIGEST, some())
    monkeypatch.setattr(cache, "VERSION", cache.VERSION + 1)
    assert store.get(DIGEST) is None


def test_a_hostile_digest_stays_in_the_directory(tmp_path: Path) -> None:
    store = ProfileCache(tmp_path / "profiles")
    for digest in ("../../out", "/etc/passwd", "a\0b", "", "x" * 10_000):
        store.put(digest, some())
        assert store.get(digest) is not None
    assert [path.name for path in tmp_path.iterdir()] == ["profiles"]
    assert all(path.suffix == ".profile" for path in (tmp_path / "profiles").iterdir())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ProfileCache(tmp_path / "profiles").put(DIGEST, some())


def test_a_file_in_the_place_of_the_directory_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("")
    store = ProfileCache(tmp_path / "profiles")
    store.put(DIGEST, some())
    assert store.get(DIGEST) is None


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(cache, "encode", stop)
    with pytest.raises(KeyboardInterrupt):
        ProfileCache(tmp_path).put(DIGEST, some())
    assert list(tmp_path.iterdir()) == []
