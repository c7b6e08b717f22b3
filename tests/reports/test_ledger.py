"""The ledger in a terminal and in a spreadsheet: what people wrote there stays text (AU-05)."""

import csv
import io
import json

import pytest

from policy import ledger
from policy.ledger import Kept, Personal
from reports.ledger import jsonl, line, row, table
from tests.policy.test_ledger import NOW, chain, draft


def said(because: str, login: str = "mona") -> Kept:
    return ledger.append(None, draft("k"), Personal(salt="0" * 32, actor_id=7, login=login, because=because), NOW)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1", "\n=1"])
def test_au_05_no_cell_is_a_formula(text: str) -> None:
    (found,) = csv.DictReader(io.StringIO(table([said(text, text)]), newline=""))
    assert found["because"] == f"'{text}" and found["by"] == f"'{text}"


def test_au_05_an_entry_is_one_line_whatever_it_says() -> None:
    told = line(said("a\r\nb\x1b[31m\u202e\u2028c"))
    assert len(told.splitlines()) == 1 and "\x1b" not in told and "\u202e" not in told
    assert told.endswith('c"') and "approved delays by mona because" in told


def test_what_was_taken_out_is_empty_and_said() -> None:
    gone = Kept(chain(1)[0].entry, None)
    assert (row(gone)["by"], row(gone)["because"]) == ("", "")
    assert "whose name was taken out" in line(gone)


def test_json_lines_hold_all_of_it_with_the_hashes() -> None:
    told = [json.loads(each) for each in jsonl(chain(2)).splitlines()]
    assert told[1]["previous"] == told[0]["hash"] == chain(1)[0].entry.hash
    assert told[0]["personal"]["login"] == "mona"
