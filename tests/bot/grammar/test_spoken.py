"""From a comment to what was said in it, and to replies that nobody's text can break."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.grammar.lines import Line
from bot.grammar.names import Prefix
from bot.grammar.spoken import Command, Mistake, Spoken
from bot.sticky import Marker, marker_of
from tests.bot.grammar.material import CODE, INJECTIONS, Approve, Hold, Nothing, Train, names, said, told, work
from tests.reports.test_markdown import HOSTILE, flat, kinds, outside_code


def test_a_comment_says_its_commands_in_order() -> None:
    found = said("Let us see.\n\n/train fit --full\n/cancel\n")
    assert found.said == (
        Command("train", Train("fit", full=True), Line(3, "/train fit --full")),
        Command("cancel", Nothing(), Line(4, "/cancel")),
    )
    assert found.commands == found.said
    assert not found.mistakes


def test_an_ordinary_comment_says_nothing_and_costs_nothing() -> None:
    ordinary = "Looks good to me!\n\n> quoted /train\n\n- `/usr/bin`\n/lgtm\n" * 20
    assert said(ordinary) == Spoken()
    assert not said(ordinary)
    assert not said("")
    assert work(lambda: said("Looks good. See a/b, and 1/2.\n" * 500)) < 300


def test_an_alias_is_said_by_its_own_name() -> None:
    assert names("/retrain") == ["train"]


@pytest.mark.parametrize(
    "line", ["/promoted", "/promote-all", "/promot\u0435 m prod", "\uff0fpromote m prod", "/promo\u200bte m prod"]
)
def test_cp_08_what_looks_like_a_command_gets_one_reply_at_most(line: str) -> None:
    found = said(f"{line}\n{line}")
    assert not found.commands
    assert all(not each.name for each in found.mistakes)
    assert len(said(line).said) <= 1


def test_cp_09_names_have_no_case_and_nor_have_environments() -> None:
    (command,) = said("/PROMOTE Delays Prod").commands
    assert (command.name, command.arguments.model.name, command.arguments.environment) == ("promote", "Delays", "prod")


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ("/promote " + "x" * 70_000, "65,536 characters"),
        ("/promote m \x00", "NUL"),
        ("/train\n" * 500, "at most 10 commands; this one has 500"),
        ("/trian\n" * 11, "at most 10 commands"),
    ],
)
def test_cp_12_a_comment_beyond_the_limits_is_refused_as_a_whole(body: str, limit: str) -> None:
    found = said(body)
    assert not found.said
    assert limit in found.refused.source
    assert found


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ('/promote "unclosed', "This quote is never closed"),
        ("/promote m prod\\", "Nothing stands behind this backslash"),
        ("/train " + "a=1 " * 400, "A command has at most 50 words"),
        ("/hold --because " + "x" * 5_000, "A command has at most 2,000 characters"),
    ],
)
def test_cp_12_a_line_without_a_reading_is_a_mistake_that_points_at_it(line: str, limit: str) -> None:
    assert limit in told(line)
    assert "^" in told(line)


def test_cp_12_five_thousand_words_are_refused_without_being_split() -> None:
    body = "/train " + "a " * 5_000
    assert work(lambda: said(body)) < 5_000
    assert not said(body).commands


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("name", ["promote", "train", "compare", "waive", "approve", "cancel", "help", "unhold"])
def test_cp_13_nothing_that_others_could_act_on_is_ever_an_argument(name: str, text: str) -> None:
    assert not said(f"/{name} {text}").commands
    assert not said(f"/{name} '{text}'").commands


def test_cp_14_all_commands_of_a_comment_come_out_in_order() -> None:
    found = said(f"/approve {CODE}\n/hold\n/approve {CODE}")
    assert [(each.name, each.arguments) for each in found.commands] == [
        ("approve", Approve(CODE)),
        ("hold", Hold()),
        ("approve", Approve(CODE)),
    ]


def test_cp_15_words_that_follow_are_never_another_command() -> None:
    for line in ("/approve please don't cancel", f"/approve {CODE} please don't cancel", f"/approve {CODE} /cancel"):
        assert not said(line).commands
    assert "`please` is not a decision code" in told("/approve please don't cancel")
    assert "`please` is not expected here" in told(f"/approve {CODE} please don't cancel")
    assert "`/cancel` is not expected here" in told(f"/approve {CODE} /cancel")


def test_cp_16_a_slip_of_the_pen_is_not_run_and_gets_one_suggestion() -> None:
    assert names(f"/aprove {CODE}") == []
    assert "Did you mean `/approve`?" in told(f"/aprove {CODE}")
    assert told(f"/aprove {CODE}").count("Did you mean") == 1
    assert not said("/lgtm")


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200b", "\u05e9"])
def test_cp_22_what_cannot_be_seen_is_refused_and_shown_spelled_out(character: str) -> None:
    for line in (
        f"/hold --because 'all is {character} well'",
        f"/train x{character}",
        f"/promote m prod{character}",
        f"/train{character}x",
    ):
        found = said(line)
        assert not found.commands
        for mistake in found.mistakes:
            shown = mistake.told.source.replace("\u2068", "").replace("\u2069", "")
            assert character == "\u05e9" or character not in shown
            assert character == "\u05e9" or f"\\u{{{ord(character):x}}}" in shown


MARKER = str(Marker(1, 7, "check", "0" * 16, "a" * 40))
EVIL = [
    "@org/team",
    "@ada",
    "<script>alert(1)</script>",
    "![](https://evil.example/beacon.png)",
    '<img src="https://evil.example/b.png">',
    "```",
    "~~~~",
    "`" * 300,
    "--> text",
    MARKER,
    "</details>",
    "Fixes #1",
    "https://evil.example",
    "**bold** | a | b |",
    *[each for each in HOSTILE if "\n" not in each and "\r" not in each and "\0" not in each],
]
ALLOWED = {"paragraph_open", "paragraph_close", "text", "softbreak", "code_inline", "fence", "em_open", "em_close"}
ACTED_ON = re.compile(r"@\w|#\d|://|www\.|<\w|</|<!|!\[|\]\(|`|\*\*|evil|\bGH-\d")


def check(reply: str) -> None:
    """Nothing in the reply is more than text, code and our own words."""
    assert kinds(reply) <= ALLOWED
    assert not [token for token in flat(reply) if token.type == "html_inline"]
    assert not ACTED_ON.search(outside_code(reply))
    assert "<!--" not in reply
    assert "-->" not in reply
    assert marker_of(reply) is None


@pytest.mark.parametrize("text", EVIL)
@pytest.mark.parametrize(
    "line",
    [
        "/train {}",
        "/train '{}'",
        "/train --{}",
        "/train --x={}",
        "/train lr={}",
        "/train -S {}",
        "/train{}",
        "/assay {}",
        "/promote m {}",
        "/waive auc --until {}",
        "/hold --because 'x' {}",
        "/cancel {}",
        '/hold --because "{}',
        "/aprove{} x",
    ],
)
def test_cp_23_a_reply_quotes_what_was_written_as_text_alone(line: str, text: str) -> None:
    for mistake in said(line.format(text)).mistakes:
        check(mistake.told.source)
        check("Two mistakes:\n\n" + mistake.told.source + "\n\n" + mistake.told.source)


def test_cp_23_the_hostile_texts_do_get_quoted() -> None:
    shown = told("/train @org/team")
    assert "`@org/team` is not the name of a stage" in shown
    assert "/train @org/team\n       ^^^^^^^^^" in shown
    assert "\\u{3c}!-- assay:report" in told(f"/train '{MARKER}'")


@settings(deadline=None)
@given(st.sampled_from(["/train ", "/assay ", "/waive ", "/approve ", "/train --x=", "/aprove"]), st.text(max_size=80))
@example("/train ", "`" * 70 + "@a/b")
@example("/train --x=", "a='<!-- -->")
def test_cp_23_whatever_was_written(start: str, text: str) -> None:
    found = said(start + text)
    for mistake in found.mistakes:
        check(mistake.told.source)


def test_a_mistake_tells_what_where_and_how_it_is_written() -> None:
    (mistake,) = said("/train fit\n/train --comit lr=1").mistakes
    assert (mistake.name, mistake.line, mistake.suggestion) == ("train", Line(2, "/train --comit lr=1"), "--commit")
    assert mistake.told.source == (
        "There is no option `--comit` here.\n\n"
        "```text\n/train --comit lr=1\n       ^^^^^^^\n```\n\n"
        "Did you mean `--commit`? Usage: `/train [STAGE] [[-S] PARAM=VALUE ...] [--full] [--commit]`"
    )


def test_a_prefix_is_optional_or_the_only_way() -> None:
    assert names("/assay train\n/train") == ["train", "train"]
    assert "There is no command `/lgtm`" in told("/assay lgtm")
    assert "The name of a command is missing" in told("/assay")
    assert "Did you mean `/assay train`?" in told("/assay trian")
    only = said("/assay train\n/train\n/trian", prefix=Prefix(mandatory=True))
    assert [each.line.number for each in only.commands] == [1]
    assert not only.mistakes


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["/train", "/hold", "/aprove", "text", "```", "> q", "", "- i", "/train --x", "<!--", "-->"]), max_size=12
    )
)
def test_line_ends_make_no_difference_to_what_is_said(rows: list[str]) -> None:
    body = "\n".join(rows)
    assert said(body) == said("\r\n".join(rows)) == said("\r".join(rows))


@settings(deadline=None)
@given(st.text(max_size=300) | st.text("/train hold=-'\"\\`<>!\n\r\t ", max_size=300))
def test_any_comment_is_read(noise: str) -> None:
    for body in (noise, f"/train {noise}", f"/{noise}", f"{noise}\n\n/hold {noise}", f"/assay {noise}"):
        found = said(body)
        assert all(isinstance(each, Command | Mistake) for each in found.said)
        assert [each.line.number for each in found.said] == sorted(each.line.number for each in found.said)
