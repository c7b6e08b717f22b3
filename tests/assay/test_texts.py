"""A folder of texts through the command line: its checks, difference and drift, with examples by name and none by content."""

import json
from pathlib import Path

import pytest

from policy.facts.reading import read
from policy.reasons import Reason
from tests.actions.texts.tiny import package
from tests.assay.conftest import Assay, red
from tests.assay.rendered import harmless
from tests.repositories import Repo

POLICY = """\
version: 1
data:
  - path: data/reviews
    drift: {columns: {words: {alone: true}}}
    text: {languages: [en], duplicates: fail}
"""


def test_what_is_wrong_with_texts_is_named_and_what_they_say_is_not_shown(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("assay.yml", POLICY)
    for seed in range(40):
        repo.write(
            f"data/reviews/good/{seed:02}.txt", f"the flight number {seed} of {seed * 7} was late " + f"again{seed} " * (seed % 5)
        )
    repo.dvc_add("data/reviews").commit("texts").branch("change")
    for seed in range(40):
        repo.write(f"data/reviews/good/{seed:02}.txt", f"the flight number {seed} of {seed * 7} was late " + f"more{seed} " * 40)
    repo.write("data/reviews/bad/90.txt", "der Flug war sehr spät und das ist nicht gut, Geheimnis")
    repo.write("data/reviews/bad/91.txt", b"\xff").write("data/reviews/bad/92.txt", "same words here")
    repo.write("data/reviews/bad/93.txt", "Same words, here!")
    done = assay("check", "--no-remote", cwd=repo.dvc_add("data/reviews").commit().root)
    assert done.code == 1, done.out + done.err
    assert "no sound UTF-8 texts (1): bad/91.txt (it is not UTF-8 at byte 0)" in done.out
    assert "another language than en (1): bad/90.txt (de)" in done.out
    assert "bad/92.txt = bad/93.txt" in done.out and "words moved far" in done.out
    written = (repo.root / ".assay/facts.json").read_bytes()
    assert b"Geheimnis" not in written
    (facts,) = read(written).data
    assert facts.text is not None and facts.diff is not None and (facts.text.texts, facts.diff.added) == (44, 4)


WORDS = "version: 1\ndata:\n  - path: data/reviews\n    text: {vocabulary: {}, duplicates: ignore}\n"


def test_words_that_moved_are_named_and_are_only_words(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("assay.yml", WORDS)
    for seed in range(60):
        repo.write(f"data/reviews/{seed:02}.txt", f"the flight was late and gate {seed} was full, said passenger{seed}")
    repo.dvc_add("data/reviews").commit("texts").branch("change")
    for seed in range(60):
        repo.write(f"data/reviews/{seed:02}.txt", f"the _hotel_ room was dirty and breakfast {seed} was cold, said guest{seed}")
    done = assay("check", "--no-remote", cwd=repo.dvc_add("data/reviews").commit().root)
    assert done.code == 1, done.out + done.err
    assert "beyond chance, and 0.2 is the limit" in done.out and "most of all flight 100% to 0%" in done.out
    assert "% of the words: _hotel_, breakfast, cold, dirty" in done.out
    assert "guest" not in done.out, "each of them is in one text alone"
    assert "_hotel_" in harmless(repo.root / ".assay")


def test_ga_04_words_that_a_runner_made_up_do_nothing_in_the_report(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("assay.yml", WORDS).write("data/reviews/a.txt", "one two three")
    repo.dvc_add("data/reviews").commit("texts").branch("change")
    repo.write("data/reviews/b.txt", "four five six").dvc_add("data/reviews").commit()
    assert assay("check", "--no-remote", cwd=repo.root).code == 0
    file = repo.root / ".assay/facts.json"
    facts = json.loads(file.read_text())
    words = ["<script>alert(1)</script>", "@acme/team", "[x](javascript:alert(1))", "--> `x` | \u202e", "# h1\n<img src=x>"]
    found = facts["data"][0]["text"]["vocabulary"]
    found |= {"distance": 0.9, "unseen_words": words, "moved": [{"word": word, "base": 0.1, "head": 0.9} for word in words]}
    file.write_text(json.dumps(facts))
    done = assay("report", file, "--out", tmp_path / "site", cwd=repo.root)
    assert done.code == 1, done.out + done.err
    comment = harmless(tmp_path / "site")
    assert "acme" in comment and "<script>alert" in comment, "they are told, in code"


MEANING = "version: 1\ndata: [{path: data/reviews, text: {embeddings: tiny-model, duplicates: ignore}}]\n"


def test_texts_about_something_else_are_told_by_the_model_that_is_named(
    assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = Repo(tmp_path).write("assay.yml", MEANING)
    for seed in range(40):
        repo.write(f"data/reviews/{seed:02}.txt", "the flight was late! " * (1 + seed % 3))
    repo.dvc_add("data/reviews").commit("texts").branch("change")
    for seed in range(40):
        repo.write(f"data/reviews/{seed:02}.txt", "dirty hotel room! " * (1 + seed % 3))
    repo.dvc_add("data/reviews").commit()
    why, advice = red(assay("check", "--no-remote", cwd=repo.root))
    assert why.startswith("tiny-model: the model is not installed") and "pip install --no-deps tiny-model" in advice
    monkeypatch.syspath_prepend(package(tmp_path / "site"))
    done = assay("check", "--no-remote", cwd=repo.root)
    assert done.code == 1, done.out + done.err
    assert (
        "by tiny-model, the texts can be told from those of the base: AUC 1, and 0.75 is the limit (40 of each side)" in done.out
    )


TABLE = """\
version: 1
data:
  - path: data/reviews.csv
    key: [id]
    personal: warn
    drift: {columns: {review.words: {alone: true}}}
    text: {column: review, languages: [en], least_words: 3, duplicates: fail, vocabulary: {}}
"""


def rows(*texts: str) -> str:
    return "id,review\n" + "".join(f'{number},"{text}"\n' for number, text in enumerate(texts))


def test_texts_in_a_column_are_named_by_the_number_of_their_row_and_never_shown(assay: Assay, tmp_path: Path) -> None:
    before = [f"the flight number {seed} of {seed * 7} was late" for seed in range(40)]
    repo = Repo(tmp_path).write("assay.yml", TABLE).write("data/reviews.csv", rows(*before)).dvc_add("data/reviews.csv")
    repo.commit("texts").branch("change")
    longer = [f"{text} " + f"more{seed} " * 40 for seed, text in enumerate(before)]
    wrong = ["der Flug war sehr spät und das ist nicht gut, Geheimnis", "CafÃ© of ada@example.org", "short", longer[3].upper()]
    repo.write("data/reviews.csv", rows(*longer, *wrong)).dvc_add("data/reviews.csv").commit()
    done = assay("check", "--no-remote", cwd=repo.root)
    assert done.code == 1, done.out + done.err
    assert "another language than en (1): row 41 (de)" in done.out
    assert "no sound UTF-8 texts (1): row 42 (its encoding is garbled)" in done.out
    assert "at least 3 words (1): row 43 (1 word)" in done.out and "(1): row 4 = row 44" in done.out
    assert "review.words moved far" in done.out
    written = (repo.root / ".assay/facts.json").read_bytes() + (repo.root / ".assay/report.html").read_bytes()
    assert not any(said in written for said in (b"Geheimnis", b"ada@example.org", b"flight number"))
    (facts,) = read((repo.root / ".assay/facts.json").read_bytes()).data
    assert facts.text is not None and facts.diff is not None and (facts.text.texts, facts.diff.added) == (44, 4)
    words = facts.text.vocabulary
    assert words is not None and words.unseen and (words.unseen_words, words.moved) == ([], []), "where `personal` is asked for"


def test_a_new_column_of_texts_has_nothing_to_be_compared_with(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("assay.yml", TABLE).write("data/reviews.csv", "id\n0\n1\n").dvc_add("data/reviews.csv")
    repo.commit("no texts").branch("change")
    repo.write("data/reviews.csv", rows("the first of the texts", "and this is another one")).dvc_add("data/reviews.csv").commit()
    done = assay("check", "--no-remote", cwd=repo.root)
    assert done.code == 0, done.out + done.err
    (facts,) = read((repo.root / ".assay/facts.json").read_bytes()).data
    assert facts.text is not None and facts.text.vocabulary is not None and facts.text.vocabulary.texts_base == 0
    assert facts.drift is not None and {column.skipped for column in facts.drift.columns[1:]} == {Reason.DRIFT_COLUMN_NEW}


def test_a_column_that_is_gone_is_missed(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("assay.yml", TABLE).write("data/reviews.csv", rows("one two three", "four five six"))
    repo.dvc_add("data/reviews.csv").commit("texts").branch("change")
    repo.write("data/reviews.csv", "id,said\n0,one two three\n1,four five six\n").dvc_add("data/reviews.csv").commit()
    done = assay("check", "--no-remote", cwd=repo.root)
    assert done.code == 1, done.out + done.err
    assert "the data has no column review that holds text" in done.out and "review is gone" in done.out
