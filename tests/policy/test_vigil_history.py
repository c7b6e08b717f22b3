"""The history of looks: one line each, in order, as many as may be kept; what is no sighting never comes in."""

import json
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import vigil_history
from policy.problems import UserProblem
from policy.sighting import Severity
from policy.vigil_history import LIMIT, MOST, MOST_BYTES, look, moment, path, read, sighting, trimmed, write
from tests.policy.sightings import BEGIN, seen

NOW = BEGIN + timedelta(days=400)


def raw(**more: object) -> bytes:
    return json.dumps({**seen().model_dump(mode="json"), **more}).encode()


def test_a_sighting_is_read() -> None:
    assert sighting(seen("high").model_dump_json().encode(), "sighting.json", NOW) == seen("high")


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (b"", "no sighting"),
        (b"[]", "no sighting"),
        (b"\xff\xfe", "no sighting"),
        (raw(severity="dreadful"), "severity"),
        (raw(at="yesterday"), "its time cannot be read"),
        (raw(at="2026-07-01T06:00:00"), "no time zone"),
        (raw(at="0001-01-01T00:00:00+14:00"), "out of range"),
        (raw(at="2027-09-01T06:00:00Z"), "still to come"),
        (raw(model="m\\ud800"[:2]) + b" " * LIMIT, "more than 262,144 bytes"),
        (b'{"result":' * 3_000, "no sighting"),
    ],
)
def test_ga_04_what_is_no_sighting_is_refused_in_one_line(broken: bytes, what: str) -> None:
    with pytest.raises(UserProblem, match=what) as caught:
        sighting(broken, "sighting.json", NOW)
    assert "\n" not in str(caught.value) and caught.value.where == "sighting.json" and caught.value.next


def test_a_runner_whose_clock_is_a_little_ahead_is_believed() -> None:
    assert sighting(raw(at="2026-07-01T06:30:00Z"), "sighting.json", BEGIN)


def test_a_history_comes_back_as_it_was_written_with_all_of_the_newest() -> None:
    looks = trimmed([look(seen("high", day)) for day in (2, 0, 1)])
    assert [each.at[:10] for each in looks] == ["2026-07-01", "2026-07-02", "2026-07-03"]
    assert [each.result is None for each in looks] == [True, True, False]
    assert read(write(looks), "f") == looks and write(looks).count(b"\n") == 3


def test_moments_in_other_zones_stand_in_their_order() -> None:
    early, late = seen(at="2026-07-01T23:00:00+05:00"), seen(at="2026-07-01T19:00:00Z")
    assert [each.at for each in trimmed([look(late), look(early)])] == [early.at, late.at]


def test_only_the_newest_are_kept_and_what_is_pinned() -> None:
    looks = [look(seen(day=each)) for each in range(MOST + 50)]
    random.Random(1).shuffle(looks)
    first = min(looks, key=vigil_history.order)
    kept = trimmed(looks, frozenset({first.digest}))
    assert len(kept) == MOST and kept[0].digest == first.digest
    assert kept[1:] == tuple(sorted(trimmed(looks), key=vigil_history.order)[1:])


def test_a_history_never_grows_beyond_what_github_reads_back() -> None:
    many = {f"{each:02}{'n' * 490}": 1.0 for each in range(50)}
    kept = trimmed([look(seen(day=each, numbers=many)) for each in range(60)])
    assert len(write(kept)) <= MOST_BYTES and len(kept) > 10
    assert kept[-1].result is not None


@pytest.mark.parametrize("line", [b"{}", b"nonsense", b'{"digest":"0123456789abcdef","at":"then","severity":"low"}'])
def test_a_broken_line_is_named(line: bytes) -> None:
    with pytest.raises(UserProblem, match="line 2"):
        read(write([look(seen())]) + line + b"\n", "assay-monitor:f")


@given(st.text(max_size=600), st.text(max_size=600))
def test_every_model_has_a_file_of_its_own_whose_name_leads_nowhere_else(one: str, other: str) -> None:
    assert (path(one) == path(other)) == (one == other)
    assert path(one).removesuffix(".jsonl").replace("-", "").isalnum() and len(path(one)) < 90 and path(one).isascii()


def test_two_looks_at_one_moment_are_two_and_the_same_one_is_one() -> None:
    assert look(seen("low")).digest != look(seen("high")).digest
    assert look(seen("low")).digest == look(seen("low")).digest
    assert look(seen("low")).severity is Severity.LOW and look(seen()).moment == moment("2026-07-01T08:00:00+02:00")
