"""What the policy asks of a folder of texts, answered."""

from pathlib import Path

from actions.texts.findings import find
from policy.facts.texts import TextFinding
from policy.texts import Texts
from tests.actions.texts.test_table import folder


def test_each_limit_that_is_asked_for_has_its_count_and_first_examples(tmp_path: Path) -> None:
    given = {
        "a.txt": b"the flight was late and they did not say why",
        "b.txt": "der Flug war sehr spät und das ist gut".encode(),
        "c.txt": b"late",
        "d.txt": b"\xff",
    }
    head = folder(tmp_path, given)
    assert find(Texts(least_words=2, most_words=9, languages=["en"]), head).findings == [
        TextFinding(check="encoding", count=1, examples=["d.txt (it is not UTF-8 at byte 0)"]),
        TextFinding(check="length", count=2, examples=["a.txt (10 words)", "c.txt (1 word)"]),
        TextFinding(check="language", count=1, examples=["b.txt (de)"]),
    ]
    assert [each.check for each in find(Texts(), head).findings] == ["encoding"]


def test_texts_that_read_alike_are_named_together(tmp_path: Path) -> None:
    head = folder(tmp_path, {"a.txt": b"one two three", "b.txt": b"One, two: three.", "c.txt": b"quite another text"})
    found = find(Texts(), head)
    assert (found.duplicates, found.groups) == (1, [["a.txt", "b.txt"]])
    assert find(Texts(duplicates="ignore"), head).groups == []


def test_how_near_texts_must_be_to_read_alike_is_the_policys(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(100)]
    changed = [*words[:50], "other", *words[51:]]
    head = folder(tmp_path, {"a.txt": " ".join(words).encode(), "b.txt": " ".join(changed).encode()})
    assert (find(Texts(within=16), head).duplicates, find(Texts(within=0), head).duplicates) == (1, 0)
