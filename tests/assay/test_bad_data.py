"""Data that cannot be read turns `assay check` red with its reason; a file that cannot be read ends `assay drift` with 2."""

import gzip
import io
import json
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest

from tests.assay.conftest import POLICY, Assay, red, rows, told
from tests.repositories import Repo


def parquet(count: int) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(
        {"id": range(count), "v": [i % 7 / 3 for i in range(count)]}, schema={"id": pl.Int64, "v": pl.Float64}
    ).write_parquet(file)
    return file.getvalue()


def damaged(start: int, end: int) -> bytes:
    whole = bytearray(parquet(1_000))
    span = range(*slice(start, end).indices(len(whole)))
    whole[span.start : span.stop] = bytes(7 * i % 251 for i in span)
    return bytes(whole)


def zipped(content: bytes, *more: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("x.csv", *more):
            archive.writestr(name, content)
    return file.getvalue()


def change(repo: Repo, path: str, before: bytes | str, after: bytes | str) -> Repo:
    """A data set of the policy, without a contract, that a change replaces."""
    policy = POLICY.replace("train:", f"  - {{path: {path}, key: [id], drift: {{warn: 0.5, fail: 2}}}}\ntrain:")
    repo.switch("main").write(path, before).dvc_add(path).write("assay.yml", policy).commit().branch("next")
    return repo.write(path, after).dvc_add(path).commit()


NOT_READ = "data/x.parquet cannot be read: "
FILES = {
    "0 bytes": ("x.parquet", parquet(9), b"", "data/x.parquet holds no rows"),
    "no rows": ("x.parquet", parquet(9), parquet(0), "data/x.parquet holds no rows; and 1 more"),
    "cut off": ("x.parquet", parquet(9), parquet(1_000)[:2_000], f"{NOT_READ}the file is no whole Parquet file"),
    "damaged inside": ("x.parquet", parquet(9), damaged(20, 400), NOT_READ),
    "a damaged footer": ("x.parquet", parquet(9), damaged(-300, -20), NOT_READ),
    "something else": ("x.parquet", parquet(9), b"PAR1" * 9, NOT_READ),
    "a bomb in a zip": (
        "x.csv.zip",
        zipped(b"id\n1\n"),
        zipped(b"id,v\n" + b"1,1\n" * 20_000_000),
        "data/x.csv.zip unpacks to more",
    ),
    "a bomb in gzip": (
        "x.csv.gz",
        gzip.compress(b"id\n1\n"),
        gzip.compress(b"1,1\n" * 20_000_000),
        "data/x.csv.gz unpacks to more",
    ),
    "two files in a zip": (
        "x.csv.zip",
        zipped(b"id\n1\n"),
        zipped(b"id\n1\n", "y.csv"),
        "the format of data/x.csv.zip is not known",
    ),
    "no known format": ("x.xlsx", b"1", b"2", "the format of data/x.xlsx is not known"),
    "an empty text": ("x.csv", "id\n1\n", "", "data/x.csv holds no rows"),
    "a text without rows": ("x.csv", "id\n1\n", "id\n", "data/x.csv holds no rows"),
    "lines too long": ("x.csv", "id\n1\n", "id\n1\n1,2,3\n", "data/x.csv cannot be read: "),
    "no text": ("x.csv", "id\n1\n", b"id\n" + bytes(range(128, 256)), "data/x.csv cannot be read: "),
    "no header": ("x.csv", "id\n1\n", "x" * 501 + "\n1\n", "data/x.csv cannot be read: the name of a column has 501 characters"),
    "a column twice": ("x.csv", "id\n1\n", "id,id\n1,2\n", "data/x.csv cannot be read: the column 'id' appears twice"),
    "no JSON Lines": ("x.jsonl", '{"id": 1}\n', "{{{\n", "data/x.jsonl cannot be read: "),
}


@pytest.mark.parametrize("name", FILES)
def test_data_that_cannot_be_read_is_red_and_says_why_and_what_next(assay: Assay, mine: Repo, name: str) -> None:
    file, before, after, wanted = FILES[name]
    done = assay("check", "--no-remote", cwd=change(mine, f"data/{file}", before, after).root)
    why, advice = red(done)
    assert why.startswith(wanted)
    assert advice
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "○ training not computed, because data already fails" in lines, "nothing is trained on it"
    assert "● drift everything the policy asks holds" not in lines


def test_a_folder_of_several_formats_is_red(assay: Assay, mine: Repo) -> None:
    policy = POLICY.replace("train:", "  - {path: data/many}\ntrain:")
    mine.switch("main").write("data/many/a.parquet", parquet(9)).dvc_add("data/many").write("assay.yml", policy).commit()
    mine.branch("next").write("data/many/b.csv", rows(9)).dvc_add("data/many").commit()
    why, _ = red(assay("check", "--no-remote", cwd=mine.root))
    assert why.startswith("the files of data/many do not fit together: ")
    assert "csv" in why and "parquet" in why


def test_an_object_that_was_never_pushed_is_red(assay: Assay, mine: Repo, tmp_path: Path) -> None:
    mine.write("data/raw.csv", rows(210)).dvc_add("data/raw.csv").commit()
    why, advice = red(assay("check", "--base", "origin/main", cwd=mine.clone(tmp_path / "runner").root))
    assert why.startswith("data/raw.csv is nowhere: not in the cache, not in the remote")
    assert advice.startswith("run `dvc push`")


def test_an_object_of_the_base_that_is_gone_is_red(assay: Assay, mine: Repo) -> None:
    mine.write("data/raw.csv", rows(210)).dvc_add("data/raw.csv").commit()
    mine.cached(rows(200)).unlink()
    (mine.root / ".dvc/config").write_text("")
    mine.commit()
    why, advice = red(assay("check", cwd=mine.root))
    assert why.startswith("data/raw.csv is nowhere: ")
    assert advice.startswith("run `dvc push`")


def test_a_column_without_a_name_and_an_empty_category_are_data_like_any_other(assay: Assay, mine: Repo) -> None:
    before = ",id,c\n" + "".join(f"{i},{i},a\n" for i in range(90))
    change(mine, "data/x.csv", before, before + "".join(f'{i},{i},""\n' for i in range(90, 120)))
    done = assay("check", "--no-remote", "--json", cwd=mine.root)
    assert done.code in (0, 1), done.err
    columns = json.loads((mine.root / ".assay/facts.json").read_text())["data"][1]["drift"]["columns"]
    assert [column["column"] for column in columns] == ["", "id", "c"]


def test_data_that_nothing_tracks_is_red(assay: Assay, mine: Repo) -> None:
    mine.switch("main").write("assay.yml", POLICY.replace("data/raw.csv", "data/nope.csv")).commit().branch("next")
    why, _ = red(assay("data", "--no-remote", cwd=mine.root))
    assert why.startswith("data/nope.csv does not exist")


ALONE = {
    "b.parquet": (parquet(100)[:200], "assay: b.parquet: the file is no whole Parquet file. "),
    "b.csv": (b"", "assay: b.csv: the file is empty (0 bytes). "),
    "b.xlsx": (b"x", "assay: b.xlsx: the suffix '.xlsx' is no known data format. "),
    "b.csv.zip": (b"PK\3\4 no", "assay: b.csv.zip: it cannot be unpacked: "),
    "b.jsonl": (b"{{{\n", "assay: b.jsonl: "),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_file_that_cannot_be_read_ends_drift_with_2_and_one_line(assay: Assay, tmp_path: Path, name: str) -> None:
    content, wanted = ALONE[name]
    (tmp_path / "a.parquet").write_bytes(parquet(10))
    (tmp_path / name).write_bytes(content)
    for order in (["a.parquet", name], [name, "a.parquet"]):
        (line,) = told(assay("drift", *order, cwd=tmp_path), 2)
        assert line.startswith(wanted)


def test_a_file_without_rows_has_drifted_as_far_as_one_can(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(parquet(10))
    (tmp_path / "b.parquet").write_bytes(parquet(0))
    done = assay("drift", "a.parquet", "b.parquet", cwd=tmp_path)
    assert (done.code, done.out.splitlines()[0]) == (1, "● b.parquet: the head has no rows")


def test_a_data_set_that_became_a_link_out_of_the_repository_is_red(assay: Assay, mine: Repo) -> None:
    policy = POLICY.replace("train:", "  - {path: plain.csv}\ntrain:")
    mine.switch("main").write("plain.csv", rows(9)).write("assay.yml", policy).commit().branch("next")
    for path in ("plain.csv", "data/raw.csv"):
        before = (mine.root / path).read_bytes()
        mine.remove(path)
        (mine.root / path).symlink_to("/etc/passwd")
        why, advice = red(assay("check", "--no-remote", cwd=mine.root))
        assert why == f"{path}: the symbolic link leads out of the repository"
        assert advice == "Put the file itself there"
        assert "root:" not in (mine.root / ".assay/report.html").read_text()
        mine.write(path, before)


def test_a_cache_that_is_no_folder_is_red_and_named(assay: Assay, mine: Repo) -> None:
    mine.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").commit()
    shutil.rmtree(mine.root / ".dvc/cache")
    (mine.root / ".dvc/cache").write_text("in the way")
    mine.remove("data/raw.csv")
    for verb in ("train", "check"):
        done = assay(verb, cwd=mine.root)
        red(done)
        assert "DVC's cache cannot be read: " in done.out
        assert ".dvc/cache" in done.out


def test_a_cache_in_a_place_that_cannot_be_is_red_and_named(assay: Assay, mine: Repo) -> None:
    mine.write("data/raw.csv", rows(210)).dvc_add("data/raw.csv").commit()
    (mine.root / ".dvc/config.local").write_text("[cache]\n    dir = /dev/null/x\n")
    why, advice = red(assay("check", cwd=mine.root))
    assert why.startswith("/dev/null/x") and "DVC's cache cannot be read: " in why
    assert advice == "Check its permissions and `dvc cache dir`"
