"""The ledger, and whether it holds where one looks."""

import json
import re

import pytest

from bot.pages.ledger import REQUESTS, SIZE, Present, draw, followed
from policy import ledger
from reports.pages import Frame, render
from tests.bot.pages.furnished import entries, write
from tests.bot.pages.visiting import REPOSITORY, Visiting

CHAIN = entries(9)
FILES: dict[int, bytes | None] = {each.entry.sequence: ledger.write(each) for each in CHAIN}
ADDRESS = f"/repos/{REPOSITORY}/ledger"


def changed(number: int, **values: object) -> bytes:
    """An entry with other values and a hash to match, as somebody would write it who can write to the branch."""
    data = json.loads(FILES[number] or b"")
    entry = ledger.Entry.model_validate_json(json.dumps({**data["entry"], **values}))
    return ledger.write(ledger.Kept(entry, CHAIN[number - 1].personal))


def test_a_chain_that_holds_has_no_fault_from_whichever_entry_on() -> None:
    for low in range(1, 10):
        found, fault = followed({number: raw for number, raw in FILES.items() if number >= low})
        assert fault is None and all(found.values())


@pytest.mark.parametrize(
    ("number", "raw", "said"),
    [
        (4, None, "it is not there"), (4, b"{}", "no record of the ledger"), (4, FILES[5], "it says that it is entry 5"),
        (4, changed(4, reason="another"), "does not follow from the entry before it"),
        (1, changed(1, previous="1" * 64), "does not follow from the entry before it"),
    ],
)  # fmt: skip
def test_au_01_the_first_entry_that_does_not_fit_is_named(number: int, raw: bytes | None, said: str) -> None:
    found, fault = followed({**FILES, number: raw})
    assert fault is not None and said in fault.what
    # One that was changed with its hash is fit in itself; the one after it does not follow.
    assert fault.sequence == (5 if raw == changed(4, reason="another") else number)
    assert len(found) == 9


def test_au_02_a_decision_that_does_not_come_out_again_is_named_though_the_chain_holds() -> None:
    (raw,) = [FILES[1] or b""]
    entry = json.loads(raw)["entry"]
    lax = changed(1, inputs={**entry["inputs"], "votes": entry["inputs"]["votes"][:1]})
    _, fault = followed({1: lax})
    assert fault is not None and fault.sequence == 1 and "comes to pending and not to an approval" in fault.what
    _, fault = followed({2: changed(2, inputs={"approved": "0" * 64})})
    assert fault is not None and "its code is not that of what was approved" in fault.what


def test_a_promotion_whose_approval_stands_further_back_is_said_to_be_looked_at_no_further() -> None:
    present = Present({2: CHAIN[1]}, 9, None, "https://github.com/a/b", 1)
    assert "whose approvals stand further back (1)" in render(draw(present), Frame())


def test_a_ledger_that_holds_says_how_far_it_was_looked_at(lived_in: Visiting) -> None:
    text = lived_in.browser("octocat").get(ADDRESS).text
    assert (
        "Holds: all 7 entries follow one from another, and what they decide comes out again" in text
        and "assay audit verify" in text
    )
    assert re.findall(r"entry (\d+)<", text) == ["7", "6", "5", "4", "3", "2", "1"]
    assert "&lt;img src=x" in text and "<img" not in text


def test_a_long_ledger_has_pages_that_are_each_held_against_the_entry_before(there: Visiting) -> None:
    write(there, entries(SIZE * 2 + 3))
    browser = there.browser("octocat")
    for page, low in ((1, SIZE + 4), (2, 4), (3, 1)):
        there.github.forget_requests()
        text = browser.get(f"{ADDRESS}?page={page}").text
        high = SIZE * 2 + 3 - (page - 1) * SIZE
        assert f"entries {low} to {high} follow" in text
        assert len(there.asked()) <= REQUESTS + 1 and not there.changed()
    assert "There are no entries here" in browser.get(f"{ADDRESS}?page=9").text
    broken = ledger.write(entries(1)[0])
    write(there, [], **{f"e{SIZE * 2}": broken})
    text = browser.get(ADDRESS).text
    assert f"Does not hold: entry {SIZE * 2}: it says that it is entry 1" in text and "(does not fit)" in text


def test_where_there_is_none_the_page_says_how_there_will_be_one() -> None:
    assert "There is no ledger yet" in render(draw(None), Frame())
    assert "There is no ledger yet" in render(draw(Present({}, 0, None, "")), Frame())


def test_personal_data_that_was_taken_out_is_said_to_be() -> None:
    kept = ledger.Kept(CHAIN[0].entry, None)
    assert "taken out" in render(draw(Present({1: kept}, 1, None, "https://github.com/a/b")), Frame())
