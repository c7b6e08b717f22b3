"""A folder of texts through the command line: its checks, difference and drift, with examples by name and none by content."""

from pathlib import Path

from policy.facts.reading import read
from tests.assay.conftest import Assay
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
    told = (repo.root / ".assay/facts.json").read_bytes()
    assert b"Geheimnis" not in told
    (facts,) = read(told).data
    assert facts.text is not None and facts.diff is not None and (facts.text.texts, facts.diff.added) == (44, 4)


TABLE = """\
version: 1
data:
  - path: data/reviews.csv
    key: [id]
    personal: warn
    drift: {columns: {review.words: {alone: true}}}
    text: {column: review, languages: [en], least_words: 3, duplicates: fail}
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
    assert "no sound UTF-8 texts (1): row 42 (it was read in another encoding than it was written in)" in done.out
    assert "at least 3 words (1): row 43 (1 word)" in done.out and "(1): row 4 = row 44" in done.out
    assert "review.words moved far" in done.out
    told = (repo.root / ".assay/facts.json").read_bytes() + (repo.root / ".assay/report.html").read_bytes()
    assert not any(said in told for said in (b"Geheimnis", b"ada@example.org", b"flight number"))
    (facts,) = read((repo.root / ".assay/facts.json").read_bytes()).data
    assert facts.text is not None and facts.diff is not None and (facts.text.texts, facts.diff.added) == (44, 4)


def test_a_column_that_is_gone_is_missed(assay: Assay, tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("assay.yml", TABLE).write("data/reviews.csv", rows("one two three", "four five six"))
    repo.dvc_add("data/reviews.csv").commit("texts").branch("change")
    repo.write("data/reviews.csv", "id,said\n0,one two three\n1,four five six\n").dvc_add("data/reviews.csv").commit()
    done = assay("check", "--no-remote", cwd=repo.root)
    assert done.code == 1, done.out + done.err
    assert "the data has no column review that holds text" in done.out and "review is gone" in done.out
