"""A rise in production asks for one training, in whatever order looks come and however often it is tried."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import document, vigil_history
from policy.document import PolicyProblem
from policy.problems import UserProblem
from policy.sighting import Severity
from policy.vigil import Watch, kept, stage, weight
from policy.vigil_history import Look, State, Training, look, read, write
from policy.vigil_training import SETTLED, asking, due, key, noted
from tests.policy.sightings import BEGIN, seen
from tests.policy.test_vigil import LETTERS, history

MEDIUM, HIGH = Severity.MEDIUM, Severity.HIGH


def at(day: float) -> datetime:
    return BEGIN + timedelta(days=day)


def became(state: State, day: float = 0) -> Training:
    return Training(state=state, at=at(day).isoformat())


@pytest.mark.parametrize(
    ("letters", "severity", "place"),
    [
        ("", MEDIUM, None),
        ("nl", MEDIUM, None),
        ("nm", MEDIUM, 1),
        ("nm", HIGH, None),
        ("nmh", HIGH, 2),
        ("nmhmh", MEDIUM, 2),
        ("hnn", HIGH, 0),
        ("hnnn", HIGH, None),
        ("hnnnm", MEDIUM, 4),
    ],
)
def test_a_rise_asks_by_the_look_that_made_it_and_one_that_is_over_by_none(
    letters: str, severity: Severity, place: int | None
) -> None:
    looks = history(letters)
    found = asking(Watch(), severity, looks)
    assert found == (None if place is None else looks[place]) == due(Watch(), severity, looks, at(99))


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("due", (False, True, True)),
        ("started", (False,) * 3),
        ("held", (False,) * 3),
        ("withheld", (False,) * 3),
        ("missing", (False, False, True)),
    ],
)
def test_what_was_cut_off_is_tried_soon_and_what_could_not_be_with_the_next_look(
    state: State, wanted: tuple[bool, bool, bool]
) -> None:
    looks = history("nh")
    after = noted(looks, looks[1], became(state, 1))
    later = noted([*looks, look(seen("high", 2))], looks[1], became(state, 1))
    soon = at(1) + SETTLED
    found = [due(Watch(), HIGH, *given) for given in ((after, soon - timedelta(seconds=1)), (after, soon), (later, at(2)))]
    assert tuple(each is not None for each in found) == wanted


def test_a_look_that_comes_late_and_makes_the_rise_older_asks_for_no_second_training() -> None:
    looks = history("nnhh")
    done = noted(looks, looks[2], became("started", 2))
    grown = kept(Watch(), done, seen("high", 0.5))
    cause = stage(Watch(), grown).cause
    assert cause is not None and cause.moment == at(0.5) and due(Watch(), HIGH, grown, at(9)) is None


def test_a_rise_that_outlasts_what_is_kept_asks_for_no_second_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vigil_history, "MOST", 5)
    looks = history("nnhh")
    grown = kept(Watch(), noted(looks, looks[2], became("started", 2)), seen("high", 0.5))
    for day in range(4, 20):
        grown = kept(Watch(), grown, seen("high", day))
        asked = asking(Watch(), HIGH, grown)
        assert asked is not None and asked.training is not None and due(Watch(), HIGH, grown, at(99)) is None, day


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("nlmh"), st.integers(0, 12)), max_size=14), st.sampled_from([MEDIUM, HIGH]))
def test_whoever_comes_after_every_look_starts_one_for_each_rise_that_is_bad_enough(
    looks: list[tuple[str, int]], severity: Severity
) -> None:
    watch, whole, started = Watch(), tuple[Look, ...](), list[str]()
    rises = set()
    for letter, day in looks:
        whole = kept(watch, whole, seen(LETTERS[letter], day))
        for _ in range(2):
            found = due(watch, severity, whole, at(99))
            if found is not None:
                started.append(key(found))
                whole = noted(whole, found, became("started", day))
        now = stage(watch, whole)
        if now.kind == "risen" and weight(now.top) >= weight(severity):
            rises.add(now.key)
            asked = asking(watch, severity, whole)
            assert asked is not None and asked.training is not None
    assert len(set(started)) == len(started) <= len(rises)
    assert read(write(whole), "history") == whole


def test_a_moment_that_cannot_be_read_is_a_broken_line() -> None:
    broken = noted(history("h"), history("h")[0], Training(state="due", at="soon"))
    with pytest.raises(UserProblem, match="line 1 cannot be read"):
        read(write(broken), "history")


def test_of_an_old_look_what_became_of_it_is_kept() -> None:
    looks = history("hh")
    done = noted(looks, looks[0], became("started"))
    assert vigil_history.trimmed(done)[0].training == became("started")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("retrain: {at: high}\n", "retrain.at.*there is no `watch`"),
        ("watch: {}\nretrain: {at: low}\n", "retrain.at.*there is an issue from severity medium on.*write `medium`"),
        ("watch: {}\nretrain: {at: none}\n", "retrain.at"),
    ],
)
def test_a_policy_by_which_nothing_would_ever_start_is_refused(text: str, what: str) -> None:
    with pytest.raises(PolicyProblem, match=what):
        document.read(f"version: 1\n{text}")


def test_the_severity_stands_in_the_policy() -> None:
    assert document.read("version: 1\nwatch: {opens_at: low}\nretrain: {at: low}\n").retrain is not None
