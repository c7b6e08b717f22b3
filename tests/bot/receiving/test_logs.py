"""One JSON object on each line; no token and no body in any."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.receiving import logs
from bot.receiving.logs import Strike, places

TOKEN = "ghp_" + "Zz9" * 12
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\nabcdefghijklmnop\n-----END RSA PRIVATE KEY-----"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    before = {name: list(logging.getLogger(name).handlers) for name in ("", "dbos")}
    logs.start("info", ["a-webhook-secret", KEY], stream)
    yield stream
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()
    for name, handlers in before.items():
        logging.getLogger(name).handlers[:] = handlers


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_what_it_is_about(log: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(delivery="d-1", repository="acme/flights", number=7, sender="octocat"):
        structlog.get_logger("assay.handling").info("handled", reason="done")
    [line] = lines(log)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "handled", "delivery": "d-1", "repository": "acme/flights", "number": 7, "sender": "octocat", "reason": "done",
        "level": "info", "logger": "assay.handling",
    }  # fmt: skip


def test_au_05_no_text_of_a_users_begins_a_line(log: io.StringIO) -> None:
    forged = '\r\n{"event": "approved", "level": "info"}\u2028\u0085\x0b\x0c\x1b[2J\x00'
    structlog.get_logger("assay.x").warning(forged, sender=forged, deep={"a": [forged]})
    logging.getLogger("assay.library").warning("%s", forged)
    text = log.getvalue()
    assert text.count("\n") == 2 and text.isascii()
    assert not any(character in text.replace("\n", "") for character in "\r\x0b\x0c\x1b\x00")
    assert [line["event"] for line in lines(log)] == [forged, forged]


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=40), max_size=4), st.text(max_size=60))
def test_au_05_whatever_is_said_is_one_line(values: dict[str, str], said: str) -> None:
    stream = io.StringIO()
    root = list(logging.getLogger().handlers)
    logs.start("info", [], stream)
    structlog.get_logger("assay.x").info(said, **{f"x{name}": value for name, value in values.items()})
    assert len(stream.getvalue().splitlines()) == 1
    assert json.loads(stream.getvalue())["event"] == said
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = root


@pytest.mark.parametrize(
    "secret",
    ["a-webhook-secret", TOKEN, "github_pat_" + "1a" * 20, "ghs_" + "b" * 36, KEY, "MIIEowIBAAKCAQEA7",
     "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0xxxx.c2lnbmF0dXJlLXh4"],
)  # fmt: skip
def test_ap_08_secrets_are_struck_out_wherever_they_turn_up(log: io.StringIO, secret: str) -> None:
    said = structlog.get_logger("assay.x")
    said.info(f"with {secret} in it", deep=[{"a": secret}], raw=secret.encode(), thing=ValueError(secret), pair=(secret,))
    logging.getLogger("dbos").error("failed: %s", secret)
    logging.getLogger("uvicorn.error").error("failed: %s", secret)
    assert len(lines(log)) == 3
    for piece in [secret, *secret.splitlines()[1:-1]]:
        assert piece not in log.getvalue()
    assert "[secret]" in log.getvalue()


def test_an_error_is_told_by_its_kind_and_place_and_not_by_its_words(log: io.StringIO) -> None:
    def inner() -> None:
        raise ValueError("hunter2 wrote this")

    try:
        inner()
    except ValueError as error:
        structlog.get_logger("assay.x").error("a bug", exc_info=error)
        structlog.get_logger("assay.x").exception("a bug")
        logging.getLogger("dbos").exception("a bug")
        assert places(error)[-1].endswith(" inner")
    for line in lines(log):
        assert line["error"] == "ValueError"
        assert line["at"][-1].startswith("test_logs.py:") and line["at"][-1].endswith(" inner")
    assert "hunter2" not in log.getvalue() and len(lines(log)) == 3


def test_long_values_are_cut(log: io.StringIO) -> None:
    structlog.get_logger("assay.x").info("x" * 100_000)
    assert len(log.getvalue()) < 3_000


def test_libraries_are_heard_from_warnings_on_and_print_nothing_themselves(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("dbos", "uvicorn", "sqlalchemy.engine"):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("trouble")
    assert [(line["logger"], line["event"]) for line in lines(log)] == [
        ("dbos", "trouble"), ("uvicorn", "trouble"), ("sqlalchemy.engine", "trouble"),
    ]  # fmt: skip
    assert capsys.readouterr() == ("", "")


def test_the_level_is_kept(log: io.StringIO) -> None:
    structlog.get_logger("assay.x").debug("detail")
    assert lines(log) == []


def test_short_pieces_are_no_secrets() -> None:
    assert Strike(["a\nb\nlong-enough-secret"]).clean("a b long-enough-secret") == "a b [secret]"
