"""Sentences are ours; the values in them are not."""

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from policy.reasons import Reason
from policy.result import Result, Status
from reports.sentences import advice, sentence, why
from tests.reports.test_markdown import anything, kinds

_PARSER = MarkdownIt("commonmark", {"html": True})


def test_names_become_code_and_numbers_are_formatted() -> None:
    values = {"column": "dep_delay", "count": 12_345, "share": 0.123, "value": 0.21004}
    assert sentence("{count} rows ({share}) of {column} moved by {value}", values).source == (
        "12,345 rows (12.3 %) of `dep_delay` moved by 0.21"
    )


def test_quotes_around_a_value_give_way_to_the_code_span() -> None:
    assert sentence("'{path}' and `{path}` and {path}", {"path": "a b"}).source == "`a b` and `a b` and `a b`"


def test_what_the_policy_has_formatted_is_not_set_as_a_name() -> None:
    values = {"wall": "1 min 12 s", "budget": " of 60 min", "confidence": "95 %", "loss": "+0.012", "none": "—"}
    assert sentence("{wall}{budget}, {confidence}, {loss}, {none}", values).source == "1 min 12 s of 60 min, 95 %, +0.012, —"


def test_prose_in_a_value_keeps_its_blank_and_may_be_empty() -> None:
    assert sentence("cannot be read{detail}", {"detail": " (line 3)"}).source == "cannot be read (line 3)"
    assert sentence("cannot be read{detail}", {"detail": ""}).source == "cannot be read"
    assert sentence("cannot be read{detail}", {"detail": " because of @team"}).source == "cannot be read because of `@team`"


def test_a_value_that_is_not_there_is_a_dash() -> None:
    assert sentence("{gone} and {none}", {"none": None}).source == "— and —"


@given(anything, anything)
def test_no_value_gets_out_of_its_sentence(what: str, path: str) -> None:
    source = sentence("{path} does not fit: {what}", {"path": path, "what": what}).source
    assert kinds(source) <= {"paragraph_open", "paragraph_close", "text", "code_inline", "em_open", "em_close"}


@pytest.mark.parametrize("reason", list(Reason), ids=str)
def test_our_own_sentences_are_text_with_code_and_nothing_else(reason: Reason) -> None:
    result = Result(name="check", status=Status.FAILED, reason=reason)
    for made in (why(result), advice(result)):
        assert kinds(made.source) <= {"paragraph_open", "paragraph_close", "text", "code_inline"}
