"""A payload fits its own event and no other."""

from copy import deepcopy
from typing import Any

import pytest

from bot.receiving import shapes
from bot.receiving.parts import Installation
from bot.receiving.shapes import SHAPES, Misshapen, read
from tests.bot.receiving.payloads import INSTALLATION, SHA, comment, frame, samples
from tests.loopback.server import running

SAMPLES = samples()


def test_every_shape_has_a_sample() -> None:
    assert set(SAMPLES) == set(SHAPES)


@pytest.mark.parametrize("event", SHAPES)
def test_a_payload_is_read_as_its_event(event: str) -> None:
    found = read(event, SAMPLES[event])
    assert type(found) is SHAPES[event]
    assert found.action == SAMPLES[event].get("action", "")


@pytest.mark.parametrize("event", SHAPES)
def test_wh_17_no_payload_passes_for_another_event(event: str) -> None:
    for other in set(SHAPES) - {event}:
        with pytest.raises(Misshapen):
            read(other, SAMPLES[event])


def test_what_the_loopback_github_sends_fits() -> None:
    with running() as github:
        github.commit("acme/flights", {"README.md": "x"})
        github.commit("acme/flights", {"README.md": "y"}, branch="feature")
        pull = github.pull("acme/flights", "feature")
        run = github.run("acme/flights", pull.head_sha, "feature")
        said = github.comment("acme/flights", pull.number, "/help")
        for about, action in ((pull, "opened"), (said, "created"), (run, "completed")):
            event, payload = github.event("acme/flights", about, action)
            found = read(event, payload)
            assert found.repository is not None and found.repository.full_name == "acme/flights"
            assert found.about == (None if event == "workflow_run" and not payload["workflow_run"]["pull_requests"] else 1)


def test_unknown_fields_are_ignored_and_missing_ones_are_not() -> None:
    assert read("issue_comment", comment(new_field={"deep": [1]})).about == 7
    for key in ("action", "issue", "comment", "repository"):
        cut = {name: value for name, value in comment().items() if name != key}
        with pytest.raises(Misshapen, match="lacks"):
            read("issue_comment", cut)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("issue", "number"), "7"), (("issue", "number"), -1), (("issue", "number"), 2**63), (("issue", "number"), 1.5),
        (("issue", "number"), True), (("comment", "created_at"), "yesterday"), (("comment", "created_at"), "2024-01-01T00:00:00"),
        (("repository", "full_name"), "acme/\nflights"), (("repository", "full_name"), "a\x00b"),
        (("sender", "login"), "x" * 301), (("action",), 5), (("comment", "user"), "octocat"), (("repository", "id"), None),
    ],
)  # fmt: skip
def test_what_would_break_a_log_a_database_or_a_number_is_refused(path: tuple[str, ...], value: Any) -> None:
    payload = deepcopy(comment())
    place = payload
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(Misshapen):
        read("issue_comment", payload)


def test_an_action_that_tells_events_apart_must_be_one_of_theirs() -> None:
    with pytest.raises(Misshapen, match="action"):
        read("check_run", {**SAMPLES["check_run"], "action": "opened"})


def test_an_event_without_a_shape_is_read_as_far_as_it_goes() -> None:
    found = read("star", {"action": "created", **frame()})
    assert (found.action, found.installation) == ("created", Installation(id=INSTALLATION))
    assert read("star", {"sender": "nobody", "repository": 5}) == shapes.Event()


def test_a_number_is_taken_only_where_github_names_exactly_one() -> None:
    run = SAMPLES["workflow_run"]
    for numbers, expected in (([], None), ([7], 7), ([7, 8], None)):
        payload = deepcopy(run)
        payload["workflow_run"]["pull_requests"] = [{"number": number} for number in numbers]
        assert read("workflow_run", payload).about == expected


def test_a_run_that_names_the_issue_of_its_answer_is_about_that() -> None:
    for title, expected in (("assay retrain 12-0 #7 full", 7), ("assay retrain 12-0", None)):
        payload = deepcopy(SAMPLES["workflow_run"])
        payload["workflow_run"] |= {"pull_requests": [], "display_title": title}
        assert read("workflow_run", payload).about == expected


def test_what_is_about_no_number_is_about_a_branch_or_a_commit() -> None:
    branches = {event: read(event, SAMPLES[event]).branch for event in ("push", "workflow_run", "check_run", "merge_group")}
    assert branches == {
        "push": "refs/heads/main",
        "workflow_run": "feature",
        "check_run": SHA,
        "merge_group": "refs/heads/gh-readonly-queue/main/pr-7-x",
    }
