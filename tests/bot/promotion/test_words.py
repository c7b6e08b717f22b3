"""The word of a rollback is one command of a comment, as it stands, and of a person."""

from dataclasses import replace
from typing import Any

import pytest

from bot.gateway.records import IssueComment
from bot.promotion.words import said

AT = "2026-05-01T12:00:00Z"
BODY = 'It is down.\n\n/rollback flight-delay in Staging to v2 because "it forgets the holidays entirely"\n'
COMMENT = IssueComment(7, BODY, 5, "alice", None, AT, AT, number=12)


def test_the_word_says_what_is_to_run_where_and_why() -> None:
    found = said(COMMENT, 0)
    assert found
    word, model = found
    assert (model, word.environment, word.version, word.author, word.login) == ("flight-delay", "staging", 2, 5, "alice")
    assert word.because == "it forgets the holidays entirely" and word.at.isoformat() == "2026-05-01T12:00:00+00:00"
    assert not word.edited and word.type == "User"


@pytest.mark.parametrize(
    ("line", "environment", "version"),
    [
        ("/rollback m because 'a b c'", None, None),
        ("/rollback m production because 'a b c'", "production", None),
        ("/rollback m to 3 in production because 'a b c'", "production", 3),
        ("/rollback m --because='a b c' --to=3", None, 3),
    ],
)
def test_environment_and_version_may_be_left_out(line: str, environment: str | None, version: int | None) -> None:
    found = said(replace(COMMENT, body=line.replace("'", '"')), 0)
    assert found and (found[0].environment, found[0].version) == (environment, version)


@pytest.mark.parametrize(
    ("change", "index"),
    [
        ({}, 1),
        ({"body": "/help"}, 0),
        ({"body": '> /rollback m because "a b c"'}, 0),
        ({"body": BODY + "/trian"}, 0),
        ({"body": '/rollback m@2 because "a b c"'}, 0),
        ({"body": "/rollback m"}, 0),
        ({"body": '/rollback m to latest because "a b c"'}, 0),
        ({"author_id": None}, 0),
    ],
)
def test_az_02_what_is_quoted_mistaken_or_of_nobody_is_no_word(change: dict[str, Any], index: int) -> None:
    assert said(replace(COMMENT, **change), index) is None


def test_what_an_app_wrote_in_somebodys_name_is_a_bots_word() -> None:
    found = said(replace(COMMENT, app_id=3, updated_at="2030-01-01T00:00:00Z"), 0)
    assert found and found[0].type == "Bot" and found[0].edited


def test_only_with_the_prefix_where_it_is_asked_for() -> None:
    assert said(COMMENT, 0, prefix=True) is None
    assert said(replace(COMMENT, body='/assay rollback m because "a b c"'), 0, prefix=True)
