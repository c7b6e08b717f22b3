"""The one comment in which the bot answers."""

from hypothesis import given
from hypothesis import strategies as st

from bot.effects import CreateComment, UpdateComment, refused, told
from bot.gateway.records import Identity, IssueComment
from bot.said import KIND, Answer, Section, body, effects, heard, line_of, noted, sections, text_of
from bot.sticky import Marker, marker_of
from policy.reasons import Reason
from reports.markdown import Markdown

ME = Identity("assay[bot]", 7)
WHERE = Marker(1, 12, KIND, "0" * 16, "")


def section(key: int, text: str = "said", actor: int = 5) -> Section:
    return Section(key, actor, "2026-03-01T10:00:00Z", text)


def comment(text: str, author: int = 7, id: int = 100) -> IssueComment:
    return IssueComment(id, text, author, "assay[bot]" if author == 7 else "eve", None, "t", "t")


def test_an_answer_says_what_was_said_by_whom_and_what_came_of_it() -> None:
    said = text_of("mona", [Answer("/check", told(Reason.NOTHING_RUNS, sha="9ab41d0fe33a"))])
    assert said == "🟢 `/check` by `mona`: no run of `9ab41d0fe33a` is under way"


def test_a_refusal_goes_on_with_what_to_do() -> None:
    said = text_of("mona", [Answer("/x", refused(Reason.NOT_ALLOWED, Markdown("more"), actor="mona", command="/x", who="admin"))])
    assert said.startswith("🔴 `/x` by `mona`: `mona` may not say `/x`; it takes `admin`. Ask somebody who may.")
    assert said.endswith("\n\nmore")


def test_what_the_reaction_says_alone_is_not_repeated() -> None:
    assert text_of("mona", [Answer("/x", told(Reason.REVIEWERS_ASKED, quiet=True, who="wanda"))]) == ""


def test_the_first_answer_begins_the_comment() -> None:
    (effect,) = effects([], ME, WHERE, section(1))
    assert isinstance(effect, CreateComment)
    assert marker_of(effect.body).same_report(WHERE)
    assert sections(effect.body) == [section(1)]


def test_the_next_answer_goes_into_the_same_comment_on_top() -> None:
    (first,) = effects([], ME, WHERE, section(1))
    (effect,) = effects([comment(first.body)], ME, WHERE, section(2, "newer"))
    assert isinstance(effect, UpdateComment) and effect.id == 100
    assert [each.key for each in sections(effect.body)] == [2, 1]


def test_the_same_answer_again_writes_nothing() -> None:
    (first,) = effects([], ME, WHERE, section(1))
    assert effects([comment(first.body)], ME, WHERE, section(1)) == []


def test_another_answer_to_the_same_comment_takes_its_place() -> None:
    both = heard(heard([], section(1)), section(2))
    assert [each.text for each in heard(both, section(1, "better"))] == ["said", "better"]
    assert heard(heard([], section(2)), section(1)) == both
    assert [each.key for each in heard(both, section(1, "better"))] == [2, 1]


def test_runs_are_told_in_the_order_of_their_commands_whichever_is_told_first() -> None:
    one, two = ("1-2", Markdown("first")), ("1-10", Markdown("second"))
    shown = noted(noted("said", *one), *two)
    assert noted(noted("said", *two), *one) == shown == noted(noted(shown, *two), *one)
    assert [each.partition(" ")[0] for each in shown.split("\n\n")] == ["said", "first", "second"]


def test_what_was_said_about_runs_stays_where_an_asking_is_answered_once_more() -> None:
    shown = noted(noted("said", "1-0", Markdown("it is under way.")), "1-1", Markdown("that ended."))
    (first,) = effects([], ME, WHERE, section(1, shown))
    assert effects([comment(first.body)], ME, WHERE, section(1)) == []
    (again,) = effects([comment(first.body)], ME, WHERE, section(1, noted("other", "1-1", Markdown("that failed."))))
    (kept,) = sections(again.body)
    assert line_of(kept.text, "1-0") is not None and "that failed." in kept.text and "that ended." not in kept.text
    assert line_of(kept.text, "1-2") is None


def test_ga_15_a_comment_of_somebody_else_with_our_marker_is_not_touched() -> None:
    (first,) = effects([], ME, WHERE, section(1))
    (effect,) = effects([comment(first.body, author=666)], ME, WHERE, section(2))
    assert isinstance(effect, CreateComment)
    assert [each.key for each in sections(effect.body)] == [2]


def test_ga_14_many_long_answers_stay_below_githubs_limit() -> None:
    known: list[Section] = []
    for key in range(40):
        known = heard(known, section(key, "x" * 15_000))
    assert len(body(WHERE, known)) < 65_536
    assert known[0].key == 39


def test_one_answer_that_is_too_long_alone_is_cut() -> None:
    assert len(body(WHERE, heard([], section(1, "x" * 200_000)))) < 65_536


@given(st.lists(st.text(max_size=200), max_size=12))
def test_whatever_was_quoted_the_sections_come_back(texts: list[str]) -> None:
    known: list[Section] = []
    for key, quoted in enumerate(texts):
        known = heard(known, section(key, text_of("mona", [Answer(f"/x {quoted}", told(Reason.TOLD))])))
    if known:
        assert sections(body(WHERE, known)) == known


def test_what_became_of_a_run_takes_the_place_of_what_was_said_of_it() -> None:
    once = noted("started", "1-0", Markdown("[`train`](<https://github.com/x>) is under way."))
    assert once.split("\n")[-1].startswith("[`train`]")  # a line that begins with a comment would be no Markdown
    twice = noted(noted(once, "1-1", Markdown("`check` is under way.")), "1-0", Markdown("`train` ended."))
    assert twice.count("under way") == 1 and "`train` ended." in twice and twice.startswith("started\n")
