"""One table says what the App may do and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.permissions import EVENTS, EVERYDAY, LISTING, PERMISSIONS, UNASKED, WRITING, asked, events, narrowed
from tests.loopback.schemas import adapter, known_permissions


@pytest.mark.parametrize("each", [*PERMISSIONS, *EVENTS, *UNASKED], ids=lambda each: each.name)
def test_each_has_a_reason_in_words(each) -> None:  # type: ignore[no-untyped-def]
    assert len(each.reason.split()) > 3 and not each.reason.endswith(".")


def test_github_knows_every_permission_at_every_level() -> None:
    assert {each.name for each in PERMISSIONS} <= known_permissions()
    for wanted in (asked(), asked("write", False), EVERYDAY, WRITING, LISTING):
        adapter("AppPermissions").validate_python(dict(wanted))


def test_ap_06_least_is_asked_for() -> None:
    assert asked() == {
        "actions": "write",
        "checks": "write",
        "contents": "read",
        "deployments": "write",
        "issues": "write",
        "members": "read",
        "merge_queues": "read",
        "metadata": "read",
        "pull_requests": "write",
        "statuses": "write",
    }
    assert asked("write")["contents"] == "write" and "merge_queues" not in asked(merge_queue=False)
    assert EVERYDAY["contents"] == "read" and "merge_queues" not in EVERYDAY
    assert {name for name in WRITING if WRITING[name] != EVERYDAY[name]} == {"contents"}


def test_only_events_that_the_permissions_bring_are_subscribed_to() -> None:
    assert events(asked()) == [each.name for each in EVENTS]
    assert "merge_group" not in events(asked(merge_queue=False))
    assert events({"metadata": "read"}) == []
    assert not {each.name for each in UNASKED} & {each.name for each in EVENTS}


LEVELS = st.dictionaries(st.sampled_from([each.name for each in PERMISSIONS]), st.sampled_from(["read", "write"]))


@given(LEVELS, LEVELS)
def test_what_is_narrowed_is_within_both(wanted: dict[str, str], granted: dict[str, str]) -> None:
    height = {"read": 1, "write": 2}
    found = narrowed(wanted, granted)
    assert set(found) == set(wanted) & set(granted)
    assert all(height[level] == min(height[wanted[name]], height[granted[name]]) for name, level in found.items())
    assert narrowed(found, granted) == found
