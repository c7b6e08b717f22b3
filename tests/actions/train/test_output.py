"""A stage's output shown to people and runners: harmless, whatever the stage prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.train.output import Lines, clean


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain text", "plain text"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x00b\x08c\x7f\x9bd\u2028e", "abcde"),
        ("10%\r50%\r100%\r\n", "100%"),
        ("tab\tstays", "tab\tstays"),
        ("\u202eesrever", "esrever"),
        ("größe 10 µm 数据", "größe 10 µm 数据"),
    ],
)
def test_terminal_codes_and_control_characters_go(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize(
    "raw",
    ["::set-output name=x::y", "  ::add-mask::x", "\x1b[0m::error::x", "##[error]x", "text ##[group]x", "a\r::stop-commands::t"],
)
def test_ga_07_commands_to_the_runner_are_pulled_apart(raw: str) -> None:
    shown = clean(raw)
    assert not shown.lstrip().startswith("::") and "##[" not in shown
    assert shown.replace(": :", "::").replace("# #[", "##[").strip()


def test_secrets_are_hidden_longest_first() -> None:
    assert clean("token abc123xyz and abc123", ["abc123xyz", "abc123"]) == "token *** and ***"


def test_a_long_line_is_cut_with_a_mark() -> None:
    assert len(clean("x" * 5_000)) == 2_000
    assert clean("x" * 5_000).endswith("…")


@given(st.text())
def test_whatever_is_printed_is_one_harmless_line(raw: str) -> None:
    shown = clean(raw)
    assert len(shown) <= 2_000 and len(shown.splitlines()) <= 1
    assert not shown.lstrip().startswith("::") and "##[" not in shown
    assert "\x1b" not in shown


@given(st.lists(st.binary(max_size=20), max_size=8), st.integers(1, 5))
def test_lines_come_out_whole_however_the_stream_is_cut(lines: list[bytes], step: int) -> None:
    whole = b"\n".join(line.replace(b"\n", b"") for line in lines)
    cutter = Lines()
    found = [line for at in range(0, len(whole), step) for line in cutter.feed(whole[at : at + step])] + list(cutter.end())
    expected = whole.decode("utf-8", "replace").split("\n") if whole else []
    assert found == (expected[:-1] if expected and expected[-1] == "" else expected)


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    cutter = Lines()
    assert sum(len(line) for _ in range(30) for line in cutter.feed(b"x" * 100_000)) >= 2_000_000
