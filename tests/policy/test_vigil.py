"""What a history comes to: open from a severity on, worse at each rise, over after clean looks; late where nobody looks."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import document, vigil, vigil_history
from policy.document import PolicyProblem
from policy.sighting import Severity
from policy.vigil import Watch, kept, late, stage
from policy.vigil_history import Look, look
from tests.policy.sightings import BEGIN, seen

LETTERS = {"n": "none", "l": "low", "m": "medium", "h": "high"}


def history(letters: str) -> list[Look]:
    return [look(seen(LETTERS[letter], day)) for day, letter in enumerate(letters)]


def come(letters: str, **policy: object) -> tuple[str, int | None, str, int]:
    """The kind of stage, the place of its cause, the worst, and the clean looks."""
    looks = history(letters)
    found = stage(Watch.model_validate(policy), looks)
    return found.kind, looks.index(found.cause) if found.cause else None, found.top.value, found.clean


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("", ("quiet", None, "none", 0)),
        ("nl", ("quiet", None, "none", 2)),
        ("nln", ("over", 2, "none", 3)),
        ("nlnnn", ("over", 2, "none", 5)),
        ("nm", ("risen", 1, "medium", 0)),
        ("nmmm", ("risen", 1, "medium", 0)),
        ("mh", ("risen", 1, "high", 0)),
        ("mhmh", ("risen", 1, "high", 0)),
        ("hm", ("risen", 0, "high", 0)),
        ("hnn", ("risen", 0, "high", 2)),
        ("hnnm", ("risen", 0, "high", 0)),
        ("hnlnm", ("risen", 4, "medium", 0)),
        ("hnln", ("over", 3, "none", 3)),
    ],
)
def test_rises_and_ends_follow_from_the_looks_alone(letters: str, expected: tuple[str, int | None, str, int]) -> None:
    assert come(letters) == expected


def test_the_policy_says_what_is_worth_an_issue_and_how_long_clean_is() -> None:
    assert come("nl", opens_at="low")[0] == "risen"
    assert come("mmm", opens_at="high")[0] == "over"
    assert come("hn", clean=1)[0] == "over"


@settings(max_examples=60, deadline=None)
@given(st.text("nlmh", max_size=60), st.integers(1, 4), st.integers(5, 12))
def test_what_is_forgotten_changes_nothing_that_is_open(letters: str, clean: int, most: int) -> None:
    watch, whole, short = Watch(clean=clean), [], ()
    with pytest.MonkeyPatch.context() as patch:
        for each in history(letters):
            whole.append(each)
            sighting = seen(each.severity.value, (each.moment - BEGIN) / timedelta(days=1))
            patch.setattr(vigil_history, "MOST", most)
            short = kept(watch, short, sighting)
            ours, theirs = stage(watch, short), stage(watch, whole)
            assert len(short) <= most and (ours.kind, ours.top, ours.key) == (theirs.kind, theirs.top, theirs.key)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("nlmh"), st.integers(0, 9)), max_size=12), st.randoms())
def test_neither_the_order_in_which_looks_come_nor_how_often_they_do_matters(found: list[tuple[str, int]], how: object) -> None:
    sightings = [seen(LETTERS[letter], day) for letter, day in found]
    again = [*sightings, *sightings]
    how.shuffle(again)  # type: ignore[attr-defined]
    one: tuple[Look, ...] = ()
    other: tuple[Look, ...] = ()
    for each in sightings:
        one = kept(Watch(), one, each)
    for each in again:
        other = kept(Watch(), other, each)
    assert [each.digest for each in one] == [each.digest for each in other]


def test_a_look_that_is_there_changes_not_a_byte() -> None:
    before = kept(Watch(), kept(Watch(), (), seen()), seen(day=1))
    assert kept(Watch(), before, seen()) == before == kept(Watch(), before, seen(day=1))


@pytest.mark.parametrize(("hours", "is_late"), [(35, False), (36, False), (37, True), (24 * 90, True)])
def test_a_look_is_late_once_its_time_and_the_slack_are_over(hours: int, is_late: bool) -> None:
    looks = history("nn")
    found = late(Watch(), looks, looks[-1].moment + timedelta(hours=hours))
    assert (found == looks[-1]) is is_late


def test_where_nobody_ever_looked_nothing_is_late() -> None:
    assert late(Watch(), [], BEGIN) is None


def test_severities_have_their_weight() -> None:
    assert [vigil.weight(each) for each in Severity] == [0, 1, 2, 3]


def test_people_are_mentioned_as_github_reads_it_each_once() -> None:
    roles = {"lead": ["alice", "@acme/ml", "alice"]}
    assert vigil.people(Watch(tell="lead"), roles) == ("@alice", "@acme/ml")
    assert vigil.people(Watch(), roles) == () == vigil.people(Watch(tell="gone"), roles)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("watch: {tell: ml-led}\nroles: {ml-lead: [alice]}\n", "watch.tell.*no role is called 'ml-led'"),
        ("watch: {opens_at: none}\n", "watch.opens_at"),
        ("watch: {clean: 0}\n", "watch.clean"),
        ("watch: {every: 0 days}\n", "watch.every"),
        ("watch: {evry: 1 day}\n", "watch.evry"),
    ],
)
def test_a_policy_that_cannot_hold_is_refused(text: str, what: str) -> None:
    with pytest.raises(PolicyProblem, match=what):
        document.read(f"version: 1\n{text}")


def test_the_policy_names_what_differs_from_the_defaults() -> None:
    found = document.read("version: 1\nroles: {lead: [alice]}\nwatch: {opens_at: high, tell: lead, every: 6 hours}\n").watch
    assert found is not None and (found.limit, found.tell, found.every) == (Severity.HIGH, "lead", timedelta(hours=6))
    assert (Watch().limit, Watch().clean, Watch().every, Watch().late_after) == (
        Severity.MEDIUM, 3, timedelta(days=1), timedelta(hours=12)
    )  # fmt: skip
