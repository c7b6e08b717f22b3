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
    assert facts.text is not None and facts.diff is not None and (facts.text.files, facts.diff.added) == (44, 4)
