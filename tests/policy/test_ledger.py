"""AU-01, AU-02, AU-04: whatever is done to a ledger, the first place that does not fit is named."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.ledger import (
    BEGINNING,
    Anchor,
    Comment,
    Decision,
    Digests,
    Draft,
    Entry,
    Kept,
    Personal,
    Subject,
    append,
    check,
    path,
    read,
    sequence_of,
    write,
)

NOW = "2026-03-01T12:00:00+00:00"


def draft(key: str, **changed: Any) -> Draft:
    known: dict[str, Any] = {
        "decision": Decision.APPROVED,
        "reason": "holds",
        "repository": 1,
        "subject": Subject(model="delays"),
    }
    return Draft(key=key, **{**known, **changed})


def chain(count: int, **changed: Any) -> list[Kept]:
    made: list[Kept] = []
    for index in range(count):
        personal = Personal(salt=f"{index:032x}", actor_id=7, login="mona", because="the data is better")
        made.append(append(made[-1].entry if made else None, draft(f"{index}-approved", **changed), personal, NOW))
    return made


FILES = [write(each) for each in chain(6)]


def test_au_01_an_entry_holds_who_what_when_and_what_came_before() -> None:
    personal = Personal(salt="a" * 32, actor_id=7, login="mona")
    asked = draft(
        "4711-0", installation=5, delivery="d-1", comments=(Comment(id=9, digest="b" * 64),),
        subject=Subject(model="delays", version="3", environment="production", number=12),
        digests=Digests(code="c" * 40, facts="f", policy="p", decision_code="7f3a9c2e51d0"), inputs={"votes": [7, 8]},
    )  # fmt: skip
    entry = append(None, asked, personal, NOW).entry
    told = entry.model_dump(mode="json")
    for name in (
        "sequence",
        "time",
        "actor",
        "installation",
        "repository",
        "subject",
        "digests",
        "decision",
        "reason",
        "delivery",
    ):
        assert told[name], name
    assert (entry.sequence, entry.previous) == (1, BEGINNING)


def test_a_sound_chain_holds_and_has_a_head() -> None:
    found = check(FILES, expect=Anchor(chain(6)[3].entry.hash, 4))
    assert found.fault is None and len(found.entries) == 6 and found.head == chain(6)[-1].entry.hash


@given(st.integers(0, 5), st.data())
@settings(max_examples=300, deadline=None)
def test_au_02_a_byte_flipped_anywhere_is_named_where_it_is(index: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(FILES[index]) - 1))
    flipped = bytearray(FILES[index])
    flipped[at] ^= data.draw(st.integers(1, 255))
    fault = check([*FILES[:index], bytes(flipped), *FILES[index + 1 :]]).fault
    assert fault is not None and index + 1 <= fault.sequence <= index + 2


def test_au_02_the_last_entry_flipped_into_another_sound_one_shows_against_an_anchor() -> None:
    forged = [*FILES[:5], write(append(chain(5)[-1].entry, draft("other"), Personal(salt="0" * 32, actor_id=1, login="e"), NOW))]
    assert check(forged).fault is None
    fault = check(forged, expect=Anchor(chain(6)[-1].entry.hash, 6)).fault
    assert fault is not None and fault.sequence == 6


@given(st.integers(0, 4))
@settings(deadline=None)
def test_au_02_a_dropped_entry_is_named(index: int) -> None:
    fault = check([*FILES[:index], *FILES[index + 1 :]]).fault
    assert fault is not None and fault.sequence == index + 1


@given(st.permutations(range(6)))
@settings(deadline=None)
def test_au_02_another_order_is_named_at_its_first_difference(order: list[int]) -> None:
    fault = check([FILES[each] for each in order]).fault
    first = next((place for place, each in enumerate(order, 1) if each != place - 1), None)
    assert (fault.sequence if fault else None) == first


@given(st.integers(0, 5), st.integers(0, 6))
@settings(deadline=None)
def test_au_02_a_doubled_entry_is_named(index: int, place: int) -> None:
    assert check([*FILES[:place], FILES[index], *FILES[place:]]).fault is not None


@given(st.integers(0, 5))
@settings(deadline=None)
def test_au_02_an_end_that_was_cut_off_shows_only_against_an_anchor(left: int) -> None:
    assert check(FILES[:left]).fault is None
    for expect in (Anchor("0" * 40, 6), Anchor(chain(6)[-1].entry.hash), Anchor(chain(6)[-1].entry.hash, 6)):
        fault = check(FILES[:left], expect=expect).fault
        assert fault is not None and fault.sequence > left


def test_the_same_decision_under_new_numbers_is_a_double() -> None:
    twice = [*FILES, write(append(chain(6)[-1].entry, draft("2-approved"), chain(1)[0].personal or pytest.fail(), NOW))]
    assert str(check(twice).fault) == "entry 7: the decision of entry 3 stands here once more"


def test_au_04_what_is_personal_can_be_taken_out_and_the_chain_holds() -> None:
    removed = [write(Kept(each.entry, None)) for each in chain(6)]
    found = check(removed, expect=Anchor(chain(6)[-1].entry.hash, 6))
    assert found.fault is None
    assert b"mona" not in b"".join(removed) and b"better" not in b"".join(removed)


def test_au_04_what_is_personal_cannot_be_replaced() -> None:
    first = chain(1)[0]
    other = Kept(first.entry, Personal(salt="0" * 32, actor_id=8, login="eve"))
    assert "the person" in str(check([write(other)]).fault)


def test_a_decision_is_derived_again_where_it_can_be() -> None:
    def enough(entry: Entry) -> str | None:
        votes = entry.inputs["votes"]
        return None if isinstance(votes, list) and len(votes) >= 2 else "one vote is not enough"

    files = [write(chain(1, inputs={"votes": [1]})[0])]
    assert check(files).fault is None
    assert str(check(files, {Decision.APPROVED: enough}).fault) == "entry 1: one vote is not enough"


HOSTILE = st.text(max_size=60).filter(lambda each: each.strip() != "")


@given(HOSTILE, HOSTILE, HOSTILE, st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False, allow_infinity=False)))
@settings(max_examples=100, deadline=None)
def test_au_05_hostile_text_stays_on_its_line_and_comes_back(login: str, because: str, name: str, inputs: dict[str, Any]) -> None:
    personal = Personal(salt="0" * 32, actor_id=7, login=login, because=because)
    made = append(None, draft("k", subject=Subject(model=name), inputs=inputs), personal, NOW)
    raw = write(made)
    assert raw.count(b"\n") == 1 and b"\r" not in raw and raw.isascii()
    assert read(raw) == made


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"entry":1,"personal":null}\n', FILES[0][:-1], b" " + FILES[0]],
)
def test_what_is_no_entry_is_told_in_words(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        read(raw)


def test_a_newer_schema_and_a_time_that_is_no_utc_are_refused() -> None:
    for name, value in (("schema_version", 2), ("time", "2026-03-01T12:00:00+02:00"), ("time", "2026-03-01"), ("extra", 1)):
        data = json.loads(FILES[0])
        data["entry"][name] = value
        with pytest.raises(ValueError, match=name):
            read(json.dumps(data, sort_keys=True, separators=(",", ":")).encode() + b"\n")


def test_each_entry_has_one_path_and_each_path_one_entry() -> None:
    assert (path(1), path(999), path(12_345)) == ("entries/000/000001.json", "entries/000/000999.json", "entries/012/012345.json")
    assert [sequence_of(path(each)) for each in (1, 1_000, 1_234_567)] == [1, 1_000, 1_234_567]
    for no in (
        "README.md",
        "entries/000/1.json",
        "entries/001/000001.json",
        "entries/000/0000001.json",
        "entries/000/000001.json\n",
    ):
        assert sequence_of(no) is None


@pytest.mark.parametrize("text", ["", "abc", "0" * 41, "0" * 40 + ":", "0" * 40 + ":x", "Z" * 64])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="anchor"):
        Anchor.of(text)
    assert Anchor.of("0" * 40 + ":12") == Anchor("0" * 40, 12)
