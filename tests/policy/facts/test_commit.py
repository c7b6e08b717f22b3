"""What a run leaves to be committed, read as somebody else's data."""

import json

import pytest

from policy.facts.commit import MAX_BYTES, MAX_FILE, CommitFacts, CommitFile, digest, read, write
from policy.problems import UserProblem

FACTS = CommitFacts(request="1-0", sha="a" * 40, files=[CommitFile(path="dvc.lock", text="schema: '2.0'\nü\n")])


def test_what_is_written_is_read() -> None:
    assert read(write(FACTS)) == FACTS


def altered(**changed: object) -> bytes:
    return json.dumps(FACTS.model_dump() | changed).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"request": NaN}',
        b"[" * 100_000,
        altered(files=[{"path": "a"}]),
        altered(files=[{"path": "", "text": ""}]),
        altered(files=[{"path": "a", "text": 1}]),
        altered(files=[{"path": "a", "text": "x" * (MAX_FILE + 1)}]),
        altered(files=[{"path": "a", "text": ""}] * 201),
        b'{"request": "1", "sha": "a", "files": [{"path": "a", "text": "\\ud800"}]}',
        b"x" * (MAX_BYTES + 1),
    ],
    ids=lambda raw: repr(raw[:40]),
)
def test_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(UserProblem):
        read(raw)


def test_more_than_a_reader_takes_is_not_written() -> None:
    files = [CommitFile(path=f"{index}", text="x" * MAX_FILE) for index in range(5)]
    with pytest.raises(UserProblem, match="more than"):
        write(FACTS.model_copy(update={"files": files}))


def test_facts_are_named_by_their_bytes() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
