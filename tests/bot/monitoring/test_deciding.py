"""The decision about an issue is pure, and settles: what it writes, it does not want to write again."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.effects import CreateComment, ReviseIssue
from bot.gateway.records import IssueComment
from bot.gateway.requesting import Issue
from bot.monitoring import deciding
from bot.monitoring.noted import LABEL, Noted
from policy import vigil
from policy.vigil import Watch
from policy.vigil_history import look
from reports.markdown import Markdown
from reports.vigil import Scene
from tests.bot.gateway.scene import ME
from tests.policy.sightings import BEGIN, MODEL, seen
from tests.policy.test_vigil import LETTERS

WATCH = Watch()


def scene(letters: str, silent: bool = False) -> Scene:
    history = [look(seen(LETTERS[letter], day)) for day, letter in enumerate(letters)]
    now = BEGIN + timedelta(days=len(letters) - 1 + (9 if silent else 0))
    late = vigil.late(WATCH, history, now)
    return Scene(MODEL, WATCH, history, vigil.stage(WATCH, history), late)


def issue(body: str, state: str = "open", **more: object) -> Issue:
    made = Issue(4, "title", body, state, None, ME.id, ME.login, None, (LABEL,), (), False, "", "", "")
    return replace(made, **more)  # type: ignore[arg-type]


def step(there: Issue, comments: list[IssueComment], now: Scene) -> tuple[Issue, list[IssueComment], int]:
    """The issue and its comments after one decision is carried out, and how many effects that had."""
    before = deciding.standing(there, BEGIN + timedelta(days=900))
    turns = deciding.turns(there, before, now)
    effects = deciding.decide(1, there, before, now, turns, comments, ME)
    for each in effects:
        if isinstance(each, CreateComment):
            comments = [*comments, IssueComment(len(comments) + 1, each.body, ME.id, ME.login, None, "", "")]
        else:
            assert isinstance(each, ReviseIssue)
            there = replace(there, title=each.title, body=each.body, labels=each.labels, state=each.state)
    return there, comments, len(effects)


@settings(max_examples=60, deadline=None)
@given(st.text("nlmh", min_size=1, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12), st.integers(0, 12))
def test_what_was_decided_is_not_decided_again_and_ends_as_the_history_says(
    letters: str, silences: list[bool], broken: int
) -> None:
    there, comments = issue(""), list[IssueComment]()
    for end in range(1, len(letters) + 1):
        for silent in dict.fromkeys((False, silences[end - 1])):
            now = scene(letters[:end], silent)
            there, comments, _ = step(there, comments, now)
            assert step(there, comments, now)[2] == 0
            if now.stage.kind != "quiet" or silent:
                assert there.state == ("open" if deciding.opens(now) else "closed")
        if end == broken:
            there = replace(there, body=there.body[1:])
    assert len({each.body.split("\n")[0] for each in comments}) == len(comments)


def test_a_rise_is_told_once_and_what_only_goes_on_is_not() -> None:
    there, comments, _ = step(issue(Noted(MODEL, seen().at, "quiet").body(Markdown(""))), [], scene("m"))
    there, comments, _ = step(there, comments, scene("mmhmh"))
    assert len(comments) == 2 and step(there, comments, scene("mmhmhh"))[1] == comments


def test_the_issues_of_a_model_are_those_that_name_it_or_whose_name_was_spoiled() -> None:
    at = seen().at
    other = issue(Noted("other", at, "quiet").body(Markdown("")), number=1)
    ours = issue(Noted(MODEL, at, "quiet").body(Markdown("")), number=3)
    spoiled, strangers = issue("gone", number=2), issue(ours.body, number=0, author_id=9)
    assert deciding.mine([ours, spoiled, other, strangers], ME, MODEL) == [spoiled, ours]


def test_an_issue_of_ours_about_something_else_is_none_of_them_whoever_puts_the_label_on_it() -> None:
    ours = issue(Noted(MODEL, seen().at, "quiet").body(Markdown("")), number=3)
    others = [issue(f"<!-- assay:{kind} v1 {{}} -->\nsaid", number=2) for kind in ("pulse", "request", "registry")]
    assert deciding.mine([*others, ours], ME, MODEL) == [ours] and deciding.mine(others, ME, MODEL) == []
