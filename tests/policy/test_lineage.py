"""What differs between versions, and who had which alias when."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.lineage import Lineage, Step, began, changes, ended, named, reigns, unended
from tests.policy.test_origin import SOME

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


def step(number: int, **fields: object) -> Step:
    return Step(number, START, SOME.model_copy(update=fields))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("flight-delay@3", ("flight-delay", 3, None)),
        ("flight-delay@v3", ("flight-delay", 3, None)),
        ("flight-delay@production", ("flight-delay", None, "production")),
        ("a b@2", ("a b", 2, None)),
    ],
)
def test_a_version_is_named_by_its_number_or_an_alias(text: str, found: tuple[str, int | None, str | None]) -> None:
    assert named(text) == found


@pytest.mark.parametrize("text", ["", "flight-delay", "@3", "a@", "a@b c", "a@../x", "a@" + "9" * 30 + "!"])
def test_what_names_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        named(text)


def test_what_differs_is_named_with_both_values() -> None:
    new = step(2, code_sha="c" * 40, data={"data/new.csv": f"md5:{'7' * 32}"})
    found = [(each.what, each.before and each.before[-3:], each.after and each.after[-3:]) for each in changes(new, step(1))]
    assert found == [("code", "aaa", "ccc"), ("data/new.csv", None, "777"), ("data/raw.csv", "666", None)]
    assert changes(step(1), step(1)) == []
    assert changes(step(1), Step(0, START, None)) == []


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_an_alias_that_is_moved_about_leaves_one_unbroken_history(moves: list[int]) -> None:
    tags: dict[int, dict[str, str]] = {number: {"team": "ours"} for number in range(1, 5)}
    now, at, expected = 0, START, []
    for number in moves:
        if number == now:
            continue
        at += timedelta(hours=1)
        if now:
            tags[now] |= ended(tags[now], "production", at)
        tags[number] |= began(tags[number], "production", at)
        now = number
        expected.append((number, at))
    found = reigns({number: (each, ["production"] if number == now else []) for number, each in tags.items()})
    assert [(each.version, each.since) for each in reversed(found)] == expected
    assert [each.present for each in found] == [True] + [False] * (len(found) - 1)
    assert all(later.since == earlier.until for later, earlier in pairwise(found))


def test_what_nobody_noted_is_unknown_and_not_guessed() -> None:
    (found,) = reigns({3: ({}, ["champion"])})
    assert (found.version, found.since, found.until, found.present) == (3, None, None, True)
    # It had the alias once, lost it, and nobody noted when.
    (lost,) = reigns({3: (began({}, "champion", START), [])})
    assert (lost.since, lost.until, lost.present) == (START, None, False)


def test_a_version_that_lost_an_alias_which_nobody_noted_it_got_says_so() -> None:
    (found,) = reigns({1: (ended({}, "production", START), [])})
    assert (found.since, found.until) == (None, START)


@given(st.text(max_size=40))
def test_a_tag_that_somebody_else_wrote_breaks_nothing(value: str) -> None:
    assert len(reigns({1: ({"assay.alias.production": value}, ["production"])})) >= 1
    assert began({"assay.alias.production": value}, "production", START)


def test_an_alias_that_no_registry_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="alias"):
        began({}, "a b", START)


def test_the_tag_stays_short_however_often_an_alias_moves() -> None:
    tags: dict[str, str] = {}
    for hour in range(200):
        tags |= began(tags, "production", START + timedelta(hours=2 * hour))
        tags |= ended(tags, "production", START + timedelta(hours=2 * hour + 1))
    assert len(tags["assay.alias.production"]) <= 4_000


def test_an_alias_points_where_it_is_now_and_not_where_it_was() -> None:
    tags = began({}, "production", START)
    found = reigns({1: (ended(tags, "production", START), []), 2: (tags, ["production"])})
    lineage = Lineage("m", Step(1, START, None), None, (), tuple(found))
    assert lineage.at("production") == 2
    assert lineage.at("staging") is None


def test_an_end_that_was_never_noted_is_found_and_one_that_nobody_can_know_is_not() -> None:
    later = START + timedelta(hours=1)
    first, second = began({}, "production", START), began({}, "production", later)
    assert unended({1: (first, []), 2: (second, ["production"])}, "production") == (1, later)
    whole = {1: (ended(first, "production", later), []), 2: (second, ["production"])}
    assert unended(whole, "production") is None
    # Version 3 was set by hand at a time that nobody noted, and version 2 took its place.
    by_hand = {1: (first, []), 2: (second, ["production"]), 3: (ended({}, "production", later), [])}
    assert unended(by_hand, "production") is None
    assert unended({1: (first, []), 2: ({}, ["production"])}, "production") is None
    assert unended({}, "production") is None
