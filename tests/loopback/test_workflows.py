"""Asking for a workflow: what GitHub takes and refuses, and the run that is queued."""

import pytest

from tests.loopback.conftest import Client
from tests.loopback.dispatch import Workflow, filled, title
from tests.loopback.schemas import check_webhook
from tests.loopback.server import Loopback

REPO = "/repos/acme/flights"
ACTIONS = f"{REPO}/actions"
URL = f"{ACTIONS}/workflows/train.yml/dispatches"
TRAIN = """\
name: Train
run-name: train ${{ inputs.stage }} for ${{ github.event.inputs.request }} by ${{ github.actor }}
on:
  workflow_dispatch:
    inputs:
      request: {required: true}
      stage: {default: all}
      kind: {type: choice, options: [quick, full], default: quick}
      dry: {type: boolean, default: false}
"""


@pytest.fixture
def tip(github: Loopback) -> str:
    """The tip of a branch whose workflow is the default branch's."""
    github.commit("acme/flights", {".github/workflows/train.yml": TRAIN})
    return github.commit("acme/flights", {"lr": "0.1"}, branch="topic", start="main")


def test_a_workflow_is_asked_for_only_where_the_default_branch_has_it(writer: Client, github: Loopback) -> None:
    assert writer("POST", URL, {"ref": "change"}).status_code == 404
    github.commit("acme/flights", {".github/workflows/train.yml": "on: workflow_dispatch\n"})
    assert writer("POST", URL, {"ref": "nowhere"}).status_code == 422
    older = writer("POST", URL, {"ref": "change"})
    assert (older.status_code, older.json()["message"]) == (422, "Workflow does not have 'workflow_dispatch' trigger")
    assert writer("POST", URL, {"ref": "main"}).status_code == 204
    assert writer("POST", f"{REPO}/dispatches", {"event_type": "retrain", "client_payload": {}}).status_code == 204
    assert [item.kind for item in github.repository("acme/flights").dispatches] == ["workflow_dispatch", "repository_dispatch"]


def test_the_run_is_queued_at_the_tip_and_called_what_its_file_says(writer: Client, github: Loopback, tip: str) -> None:
    assert writer("POST", URL, {"ref": "refs/heads/topic", "inputs": {"request": "r-7", "stage": "fit"}}).status_code == 204
    listed = writer("GET", f"{ACTIONS}/workflows/train.yml/runs?event=workflow_dispatch").json()
    [run] = listed["workflow_runs"]
    assert run["display_title"] == "train fit for r-7 by github-actions[bot]"
    assert (run["head_sha"], run["head_branch"], run["status"], run["name"]) == (tip, "topic", "queued", "Train")
    found = f"{ACTIONS}/runs?head_sha={tip}&event=workflow_dispatch&status=queued"
    assert writer("GET", found).json()["workflow_runs"][0]["id"] == run["id"]
    assert writer("GET", found.replace("queued", "completed")).json()["total_count"] == 0
    assert github.repository("acme/flights").runs[run["id"]].inputs["kind"] == "quick"
    by_id = writer("GET", f"{ACTIONS}/workflows/{run['workflow_id']}").json()
    assert by_id["path"] == ".github/workflows/train.yml"
    [dispatch] = github.repository("acme/flights").dispatches
    assert (dispatch.name, dispatch.ref, dispatch.payload) == (
        "train.yml",
        "refs/heads/topic",
        {"request": "r-7", "stage": "fit"},
    )


def test_who_asks_for_details_is_told_which_run_it_was(writer: Client, tip: str) -> None:
    told = writer("POST", URL, {"ref": "topic", "inputs": {"request": "r"}, "return_run_details": True})
    assert told.status_code == 200
    assert writer("GET", f"{ACTIONS}/runs/{told.json()['workflow_run_id']}").json()["url"] == told.json()["run_url"]


def test_a_run_is_announced_when_it_is_asked_for_and_when_it_ends(writer: Client, github: Loopback, tip: str) -> None:
    github.hook("acme/flights", "http://127.0.0.1:9/", "secret", ["workflow_run"])
    writer("POST", URL, {"ref": "topic", "inputs": {"request": "r"}})
    [run] = github.repository("acme/flights").runs.values()
    github.finish("acme/flights", run, "failure")
    github.sender.drain()
    told = [(item.payload["action"], item.payload["workflow_run"]["conclusion"]) for item in github.deliveries]
    assert told == [("requested", None), ("completed", "failure")]
    for item in github.deliveries:
        check_webhook("workflow_run", item.payload)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"request": "r", "lr": "0.1", "x": "y"}, 'Unexpected inputs provided: ["lr", "x"]'),
        ({}, "Required input 'request' not provided"),
        ({"request": "r", "kind": "huge"}, "Provided value 'huge' for input 'kind' not in the list of allowed values"),
        ({"request": "r", "dry": "perhaps"}, "Provided value 'perhaps' for input 'dry' not in the list of allowed values"),
        ({f"x{at}": "" for at in range(26)}, "No more than 25 properties are allowed; 26 were supplied."),
        ({"request": "r" * 70_000}, "inputs are too large."),
    ],
)
def test_inputs_that_the_file_does_not_take_are_refused(writer: Client, tip: str, inputs: dict[str, str], said: str) -> None:
    refused = writer("POST", URL, {"ref": "topic", "inputs": inputs})
    assert (refused.status_code, said in refused.json()["message"]) == (422, True)
    assert writer("GET", f"{ACTIONS}/runs").json()["total_count"] == 0


def test_a_trigger_may_be_written_in_three_ways_or_be_missing() -> None:
    for on in ("workflow_dispatch", "[push, workflow_dispatch]", "{workflow_dispatch: }"):
        assert Workflow.read(f"on: {on}\n".encode(), "x.yml").inputs == {}
    for content in (b"on: push\n", b"", b"[", b"- a\n"):
        assert filled(Workflow.read(content, "x.yml"), {}) == "Workflow does not have 'workflow_dispatch' trigger"


def test_without_a_run_name_the_title_is_the_workflows_name_or_its_path() -> None:
    assert title(Workflow.read(b"name: Train\non: push\n", "x.yml"), {}, {}) == "Train"
    assert title(Workflow("x.yml", "${{ inputs.nothing }}"), {}, {}) == "x.yml"


def test_a_title_may_depend_on_what_an_input_holds() -> None:
    named = Workflow("Train", "train${{ contains(inputs.more, '\"full\": true') && ' all of it' || '' }}", {})
    assert title(named, {"more": '{"full": true}'}, {}) == "train all of it"
    assert title(named, {"more": "{}"}, {}) == "train"
    named = Workflow("Train", "train ${{ inputs.id }}${{ inputs.full && ' full' || '' }}", {})
    assert title(named, {"id": "7", "full": "true"}, {}) == "train 7 full" and title(named, {"full": "false"}, {}) == "train"
