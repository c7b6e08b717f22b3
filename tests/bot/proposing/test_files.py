"""A proposal changes bytes, locks, parameters, metrics and plots, and nothing else."""

import pytest

from bot.proposing.files import allowed
from policy.facts.commit import CommitFacts, CommitFile
from policy.problems import UserProblem
from tests.bot.proposing.scene import FILES, IMPORT, PIPELINE

BASE = {"dvc.yaml": PIPELINE, "data/raw.csv.dvc": IMPORT.format("a1", "a1", 5), ".dvc/config": "[core]\n", "train.py": "pass\n"}


def told(**files: str) -> CommitFacts:
    return CommitFacts(request="1", sha="a" * 40, files=[CommitFile(path=path, text=text) for path, text in files.items()])


def test_new_bytes_of_an_import_and_what_the_pipeline_names_may_be_proposed() -> None:
    assert allowed(told(**FILES), BASE.get, BASE.get) == FILES
    assert allowed(told(), BASE.get, BASE.get) == {}


@pytest.mark.parametrize(
    "path",
    [
        *(".github/workflows/x.yml", ".dvc/config", "assay.yml", "train.py", "dvc.yaml", "../params.yaml", "/params.yaml"),
        *("data/new.dvc", "../data/raw.csv.dvc", "data/../data/raw.csv.dvc", ".dvc", "data/raw.csv.dvc/x", "x.dvc\n"),
    ],
)
def test_a_file_that_is_no_such_one_is_refused_and_with_it_all_others(path: str) -> None:
    with pytest.raises(UserProblem, match="not proposed") as refused:
        allowed(told(**{**FILES, path: IMPORT.format("a2", "a2", 9)}), BASE.get, BASE.get)
    assert str(refused.value).isascii() and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        IMPORT.format("a2", "a2", 9).replace("path: raw.csv", "path: ../../.bashrc"),
        IMPORT.format("a2", "a2", 9).replace("../live.csv", "https://mallory.example/live.csv"),
        IMPORT.format("a2", "a2", 9) + "cmd: id\n",
        IMPORT.format("a2", "a2", 9) + "outs:\n- {md5: a2, path: ../../.bashrc}\n",
        IMPORT.format("a2", "a2", 9).replace("hash: md5", "hash: md5\n  remote: elsewhere"),
        "",
        "[",
    ],
)
def test_a_file_of_dvc_in_which_more_than_bytes_are_others_is_refused(text: str) -> None:
    with pytest.raises(UserProblem, match="only the bytes are others"):
        allowed(told(**{"data/raw.csv.dvc": text}), BASE.get, BASE.get)


def test_a_file_that_stands_twice_and_too_many_are_refused() -> None:
    twice = CommitFacts(request="1", sha="a" * 40, files=[CommitFile(path="dvc.lock", text=each) for each in "ab"])
    with pytest.raises(UserProblem, match="stands in it twice"):
        allowed(twice, BASE.get, BASE.get)
    with pytest.raises(UserProblem, match="more than 50 files of DVC"):
        allowed(told(**{f"{index}.dvc": "" for index in range(51)}), BASE.get, BASE.get)
