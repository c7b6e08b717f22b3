"""What our lint sees that actionlint and zizmor do not, and what it leaves alone."""

import textwrap
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.setup import workflows
from actions.setup.lint import lint

HEAD = "on: {event}\njobs:\n  job:\n    runs-on: ubuntu-latest\n"


def found(event: str, body: str) -> list[str]:
    """`check:line` of every finding; the steps begin on line 5."""
    text = HEAD.format(event=event) + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
    return [f"{finding.check}:{finding.line}" for finding in lint(text, "w.yml")]


@pytest.mark.parametrize(
    "event", ["pull_request_target", "workflow_run", "[push, pull_request_target]", "{pull_request_target: {types: [opened]}}"]
)
@pytest.mark.parametrize(
    "ref",
    [
        "${{ github.event.pull_request.head.sha }}",
        "${{ github.head_ref }}",
        "refs/pull/${{ github.event.number }}/merge",
        "${{ github.event.workflow_run.head_sha }}",
        "${{ steps.pr.outputs.head_sha }}",
    ],
)
def test_ga_08_a_privileged_job_that_checks_out_a_head_is_found(event: str, ref: str) -> None:
    body = f"steps:\n  - uses: actions/checkout@v4\n    with:\n      ref: {ref}\n"
    assert found(event, body) == ["untrusted-checkout:8"]


@pytest.mark.parametrize(
    "command",
    ["gh pr checkout $NUMBER", "git fetch origin pull/$NUMBER/head && git checkout FETCH_HEAD", 'git checkout "$HEAD_SHA"'],
)
def test_ga_08_a_fetch_by_hand_is_found(command: str) -> None:
    assert found("pull_request_target", f"steps:\n  - run: {command!r}\n") == ["untrusted-checkout:6"]


def test_ga_08_the_protection_of_checkout_is_not_switched_off() -> None:
    body = "steps:\n  - uses: actions/checkout@v7\n    with:\n      allow-unsafe-pr-checkout: true\n"
    assert found("pull_request_target", body) == ["untrusted-checkout:8"]


def test_ga_08_a_checkout_without_rights_or_of_the_base_is_left_alone() -> None:
    head = "steps:\n  - uses: actions/checkout@v4\n    with:\n      ref: ${{ github.event.pull_request.head.sha }}\n"
    assert found("pull_request", head) == []
    assert found("pull_request_target", "steps:\n  - uses: actions/checkout@v4\n") == []
    assert found("[pull_request, pull_request_target]", f"if: github.event_name == 'pull_request'\n{head}") == []
    after_push = head.replace("pull_request.head.sha", "workflow_run.head_sha")
    assert found("workflow_run", f"if: github.event.workflow_run.event == 'push'\n{after_push}") == []
    assert found("workflow_run", f"if: github.event.workflow_run.event == 'push' || always()\n{after_push}") != []


def test_a_comment_that_races_with_a_push_is_found() -> None:
    body = "steps:\n  - uses: actions/checkout@v4\n    with:\n      ref: refs/pull/${{ github.event.issue.number }}/head\n"
    assert found("issue_comment", body) == ["comment-race:8", "untrusted-checkout:8"]


DOWNLOAD = "steps:\n  - uses: actions/download-artifact@v4\n"


@pytest.mark.parametrize(
    "step",
    [
        '- run: echo "PR_NUMBER=$(cat pr/number)" >> "$GITHUB_ENV"',
        '- run: gh pr comment "$(cat pr_number.txt)" --body-file report.md',
        '- run: echo "sha=$(jq -r .head_sha facts.json)" >> $GITHUB_OUTPUT',
        "- uses: actions/github-script@v7\n    with:\n      script: const issue_number = Number(fs.readFileSync('number'))\n",
    ],
)
def test_ga_02_an_identity_taken_from_an_artifact_is_found(step: str) -> None:
    assert [each.split(":")[0] for each in found("workflow_run", f"{DOWNLOAD}  {step}\n")] == ["identity-from-artifact"]
    assert found("pull_request", f"{DOWNLOAD}  {step}\n") == []


def test_ga_02_reading_a_report_from_an_artifact_is_no_identity() -> None:
    assert found("workflow_run", f'{DOWNLOAD}  - run: cat report.md >> "$GITHUB_STEP_SUMMARY"\n') == []


@pytest.mark.parametrize(
    "body",
    [
        "if: github.actor == 'dependabot[bot]'\nsteps: []\n",
        "steps:\n  - if: ${{ contains(fromJSON('[1]'), github.triggering_actor) }}\n    run: 'true'\n",
        'steps:\n  - run: |\n      if [[ "$GITHUB_ACTOR" == "dependabot[bot]" ]]; then true; fi\n',
    ],
)
def test_ga_11_a_decision_by_the_actor_is_found(body: str) -> None:
    assert [each.split(":")[0] for each in found("pull_request", body)] == ["actor-condition"]


def test_ga_11_naming_the_actor_is_no_decision() -> None:
    assert found("push", 'steps:\n  - run: echo "started by $GITHUB_ACTOR"\n') == []


OURS = [*workflows.SHIPPED.glob("*.yml"), *(workflows.SHIPPED.parent / workflows.FOLDER).glob("*.yml")]


@pytest.mark.parametrize("file", sorted(OURS), ids=lambda file: file.name)
def test_our_own_workflows_have_no_finding(file: Path) -> None:
    assert lint(file.read_text("utf-8"), file.name) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "on: push\n",
        "on: push\njobs: [1]\n",
        "on: [\n",
        "on: push\njobs: {a: 1, b: {steps: {x: 1}}}\n",
        "!!python/object:x {}\n",
    ],
)
def test_what_is_no_workflow_is_a_finding_and_never_a_crash(text: str) -> None:
    assert {finding.check for finding in lint(text, "w.yml")} <= {"workflow-unreadable"}


def test_an_anchor_that_explodes_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert [finding.check for finding in lint(bomb, "w.yml")] == ["workflow-unreadable"]


KEYS = st.sampled_from(["on", "jobs", "a", "steps", "if", "run", "uses", "with", "ref", "script", "permissions"])
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["workflow_run", "actions/checkout@v4"])
)
NODES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20)


@given(NODES, st.dictionaries(KEYS, NODES, max_size=4))
def test_no_shape_of_a_workflow_is_a_crash(on: object, jobs: dict[str, object]) -> None:
    lint(yaml.safe_dump({"on": on, "jobs": jobs}), "w.yml")


def test_a_line_made_to_take_long_does_not() -> None:
    run = "git checkout " * 50_000
    assert lint(yaml.safe_dump({"on": "issue_comment", "jobs": {"a": {"steps": [{"run": run}]}}}, width=10**9), "w.yml") == []
