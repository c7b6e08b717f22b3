"""Actions and workflows keep to GA-06, GA-08 and GA-10 to GA-12: a change is never read as shell, and no right is superfluous."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from assay.cli import load
from bot import artifact, landing
from bot.around import PROMOTE, RETRAIN, RUN, TUNE
from bot.commands import retrain, tune
from bot.cost.foreseeing import FULL
from bot.effects import Dispatch
from bot.grammar import kinds
from bot.proposing import searched
from policy import document, tuned
from policy.facts.request import COMMANDS, Arguments, Request
from policy.refresh import Outcome
from tests.bot.commands.asking import request
from tests.loopback.dispatch import Workflow
from tests.loopback.dispatch import title as called

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / "workflows").glob("*.yml"))
WORKFLOWS = [*OURS, *sorted((ROOT / ".github/workflows").glob("*.yml"))]
ACTIONS = [ROOT / "action.yml", *sorted((ROOT / "actions").glob("*/action.yml"))]
MAY_WRITE = {
    ("workflows/assay-commands.yml", "handle"): {"actions", "checks", "contents", "issues", "pull-requests"},
    ("workflows/assay-main.yml", "ask"): {"actions", "contents", "issues"},
    ("workflows/assay-monitor.yml", "sight"): {"actions", "contents", "issues"},
    ("workflows/assay-promote.yml", "authorize"): {"contents"},
    ("workflows/assay-promote.yml", "record"): {"contents", "deployments", "issues"},
    ("workflows/assay-report.yml", "report"): {"checks", "pull-requests"},
    ("workflows/assay-refresh.yml", "propose"): {"contents", "pull-requests"},
    ("workflows/assay-retrain.yml", "propose"): {"contents", "pull-requests"},
    ("workflows/assay-run.yml", "commit"): {"contents"},
    ("workflows/assay-tune.yml", "propose"): {"contents", "pull-requests"},
}
"""The jobs that write to GitHub, and what. None checks anything out."""
POLICY = "version: 1\nevaluate: {metrics: [m.json]}\ntune: {space: {x: {from: 1, to: 2}}, objectives: [{metric: accuracy}]}\n"
PRIVILEGED = {"workflow_run", "pull_request_target", "issue_comment", "issues", "discussion_comment"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> dict[str, Any]:
    document: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    # YAML 1.1 reads the key `on` as true.
    return {"on" if key is True else key: value for key, value in document.items()}


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read(path)["jobs"]
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    document = read(path)
    if "runs" in document:
        yield from document["runs"]["steps"]
    else:
        for job in document["jobs"].values():
            yield from job["steps"]


def triggers(path: Path) -> set[str]:
    on = read(path)["on"]
    return {on} if isinstance(on, str) else set(on)


def _help(step: dict[str, Any]) -> str:
    """What the help of the verb says that a step runs."""
    found = re.search(r"run\.sh\" (\w+)$", step.get("run", ""))
    return str(load(found[1]).help) if found else ""


def test_there_is_an_action_for_each_part_and_one_for_all() -> None:
    assert [name(path) for path in ACTIONS] == [
        "action.yml",
        *(
            f"actions/{part}/action.yml"
            for part in (
                *("ask", "authorize", "commit", "data", "drift", "evaluate", "handle"),
                *(
                    "monitor",
                    "promote",
                    "propose",
                    "record",
                    "refresh",
                    "registry",
                    "report",
                    "retrain",
                    "sight",
                    "train",
                    "tune",
                ),
            )
        ),
    ]


@pytest.mark.parametrize("path", [*ACTIONS, *WORKFLOWS], ids=name)
def test_ga_06_no_expression_stands_in_a_shell_or_a_script(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", ""), step
        assert "script" not in step.get("with", {}), step
        assert "${{" not in step.get("shell", "")


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_every_action_reads_exactly_the_inputs_it_declares(path: Path) -> None:
    declared = set(read(path).get("inputs", {}))
    used = set(re.findall(r"inputs\.([\w-]+)", path.read_text("utf-8")))
    assert used == declared


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_every_variable_that_an_action_sets_is_read_by_the_script_it_runs(path: Path) -> None:
    scripts = "".join((ROOT / "actions" / script).read_text("utf-8") for script in ("run.sh", "install.sh"))
    for step in steps(path):
        for variable in step.get("env", {}):
            known = variable == "GITHUB_TOKEN" or variable in scripts or variable in step["run"]
            # What a verb takes from its environment stands in its own help.
            assert known or variable in _help(step), variable


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_every_input_is_an_option_of_the_verb_that_is_run(path: Path) -> None:
    for step in steps(path):
        if found := re.search(r"run\.sh\" (\w+)$", step.get("run", "")):
            options = {
                option for each in load(found[1]).params for option in (*each.opts, *each.secondary_opts, f"--{each.name}")
            }
            told = {key for key in step["env"] if key in _help(step)} | {"ASSAY_HOME", "GITHUB_TOKEN"}
            given = {key.removeprefix("ASSAY_").lower() for key in step["env"] if key not in told}
            assert {f"--{'repository' if key == 'folder' else key}" for key in given} <= options


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_every_action_says_what_it_and_its_inputs_and_outputs_are(path: Path) -> None:
    document = read(path)
    assert document["description"]
    described = [*document.get("inputs", {}).values(), *document["outputs"].values()]
    assert all(each.get("description") for each in described)
    fewer = {"commit": {"commit"}, "handle": {"handled"}, "registry": {"version"}, "report": {"verdict", "failed-gates"}}
    fewer |= {"ask": {"requests"}, "authorize": {"environment"}, "promote": {"state"}, "record": {"state"}}
    fewer |= {"monitor": {"severity"}, "sight": {"issue"}, "propose": {"pull-request", "did"}}
    fewer |= {"tune": {"better", "verdict", "facts", "report", "failed-gates"}}
    fewer |= {"refresh": {"outcome", "verdict", "facts", "report", "failed-gates"}}
    assert set(document["outputs"]) == fewer.get(path.parent.name, {"verdict", "facts", "report", "failed-gates"})


def test_all_actions_install_in_the_same_way() -> None:
    def preparing(path: Path) -> list[dict[str, Any]]:
        return list(steps(path))[:4]

    def told(path: Path) -> str:
        return str(preparing(path)).replace("/../../actions/", "/actions/")

    assert len({told(path) for path in ACTIONS}) == 1


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_no_action_alters_the_path_or_the_environment_of_other_steps(path: Path) -> None:
    text = path.read_text("utf-8") + "".join(
        (ROOT / "actions" / script).read_text("utf-8") for script in ("run.sh", "install.sh")
    )
    assert "GITHUB_PATH" not in text
    assert "GITHUB_ENV" not in text


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_ga_08_a_privileged_job_never_checks_out_a_change(path: Path) -> None:
    if not triggers(path) & PRIVILEGED:
        return
    used = [step.get("uses", "") for step in steps(path)]
    assert not [use for use in used if use.startswith("actions/checkout")]
    assert not [step for step in steps(path) if "run" in step]


@pytest.mark.parametrize("path", [*ACTIONS, *WORKFLOWS], ids=name)
def test_ga_08_a_checkout_leaves_no_credentials_behind_and_nothing_unsafe_is_allowed(path: Path) -> None:
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False
    assert "allow-unsafe" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_ga_08_no_workflow_runs_a_pull_request_with_the_rights_of_its_target(path: Path) -> None:
    assert "pull_request_target" not in triggers(path)
    # People with a right to write start a search, of the default branch: it is the only one that is given a secret by name.
    named = set(re.findall(r"secrets\.\w*", path.read_text("utf-8")))
    assert named == ({"secrets.ASSAY_TUNE_STORAGE"} if name(path) == f"workflows/{TUNE}" else set())
    assert "secrets: inherit" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_ga_10_a_cache_is_written_only_where_the_job_may_not_write_elsewhere(path: Path) -> None:
    used = [step for step in steps(path) if step.get("uses", "").startswith("actions/cache")]
    assert [step["uses"].split("@")[0] for step in used] == ["actions/cache/restore", "actions/cache/save"]
    save = used[1]
    assert "steps.environment.outputs.write == 'true'" in save["if"]
    assert save["with"]["key"] == used[0]["with"]["key"] == "${{ steps.environment.outputs.key }}"
    assert "restore-keys" not in used[0]["with"]
    listed = list(steps(path))
    runs = next(index for index, step in enumerate(listed) if "run.sh" in step.get("run", ""))
    assert listed.index(save) < runs, "what runs of a change could alter what is saved"


@pytest.mark.parametrize("path", [*ACTIONS, *WORKFLOWS], ids=name)
def test_ga_11_nobody_is_trusted_by_a_name(path: Path) -> None:
    assert not re.search(r"github\.(actor|triggering_actor)|\[bot\]|author_association", path.read_text("utf-8"))


@pytest.mark.parametrize("path", [*ACTIONS, *WORKFLOWS], ids=name)
def test_ga_12_every_action_of_others_is_pinned_by_its_full_sha_and_says_its_version(path: Path) -> None:
    for line in path.read_text("utf-8").splitlines():
        if found := re.search(r"\buses:\s*(\S+)(.*)", line):
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", found[1]), line
            assert re.match(r" # v\d+\.\d+\.\d+$", found[2]), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_ga_12_every_job_has_few_rights_little_time_and_one_place_in_the_queue(path: Path) -> None:
    document = read(path)
    assert "concurrency" in document
    for title, job in jobs(path).items():
        assert job["timeout-minutes"] <= 240
        assert document["permissions"] in ({}, {"contents": "read"})
        rights = job.get("permissions", document["permissions"])
        written = {scope for scope, level in rights.items() if level == "write"}
        assert written <= MAY_WRITE.get((name(path), title), set())


def test_a_newer_head_cancels_the_check_of_an_older_one() -> None:
    concurrency = read(ROOT / "workflows/assay-check.yml")["concurrency"]
    assert concurrency["cancel-in-progress"] is True
    assert "pull_request.number" in concurrency["group"]


def test_a_check_judges_the_very_head_and_leaves_only_its_facts() -> None:
    listed = list(steps(ROOT / "workflows/assay-check.yml"))
    assert listed[0]["with"]["ref"] == "${{ github.event.pull_request.head.sha || github.event.merge_group.head_sha }}"
    (upload,) = [step for step in listed if step.get("uses", "").startswith("actions/upload-artifact")]
    assert (upload["with"]["name"], upload["with"]["path"]) == ("assay-facts", ".assay/facts.json")


def test_ga_08_a_job_that_may_write_neither_checks_out_nor_runs_anything_of_a_change() -> None:
    for file, title in MAY_WRITE:
        used = [step["uses"].split("@")[0] for step in jobs(ROOT / file)[title]["steps"]]
        # Files that one job leaves for another are read as data.
        handed = {"actions/upload-artifact", "actions/download-artifact"}
        assert [use for use in used if use not in handed] == [f"assay-ml/assay/actions/{title}"]


def test_a_command_runs_the_head_of_its_pull_request_and_no_other_commit() -> None:
    first, checkout, second, *_ = jobs(ROOT / "workflows/assay-run.yml")["run"]["steps"]
    assert checkout["with"]["ref"] == "refs/pull/${{ inputs.pull-request }}/head"
    assert first["env"]["SHA"] == second["env"]["SHA"] == "${{ inputs.sha }}"
    assert '"$head" != "$SHA"' in second["run"]


@pytest.mark.parametrize("full", [False, True])
def test_a_run_is_found_again_by_its_title_and_takes_what_the_bot_sends(full: bool) -> None:
    document = read(ROOT / "workflows/assay-run.yml")
    inputs = document["on"]["workflow_dispatch"]["inputs"]
    given = Arguments(base="main", full=full)
    request = Request(id="12-0", command="train", pull_request=7, sha="a" * 40, arguments=given)
    assert set(inputs) == set(request.inputs())
    assert tuple(inputs["command"]["options"]) == COMMANDS
    assert called(Workflow("assay-run", document["run-name"], inputs), request.inputs(), {}) == request.title
    assert request.title.endswith(FULL) == full
    assert "inputs.request" in document["concurrency"]["group"]


def test_a_promotion_is_found_again_by_its_key_and_takes_what_the_bot_sends() -> None:
    document = read(ROOT / f"workflows/{PROMOTE}")
    assert set(document["on"]) == {"workflow_dispatch"}
    assert set(document["on"]["workflow_dispatch"]["inputs"]) == {"issue", "request"}
    title = document["run-name"]
    for key, value in {"issue": "12", "request": "12-7f3a9c2e51d0-900-1"}.items():
        title = title.replace(f"${{{{ inputs.{key} }}}}", value)
    assert "12-7f3a9c2e51d0-900-1" in title.split()


def test_a_promotion_takes_the_number_of_its_issue_from_whoever_started_it_and_what_names_the_run_where_it_only_hurries() -> None:
    text = (ROOT / f"workflows/{PROMOTE}").read_text("utf-8")
    found = jobs(ROOT / f"workflows/{PROMOTE}")
    taken = {title: set(re.findall(r"inputs\.(\w+)", str(job))) for title, job in found.items()}
    assert taken == {"authorize": {"issue", "request"}, "promote": set(), "record": {"issue"}}
    environment = "${{ needs.authorize.outputs.environment }}"
    assert found["promote"]["environment"] == environment
    assert environment in found["promote"]["concurrency"]["group"]
    assert not re.search(r"cancel-in-progress: true", text)
    assert found["promote"]["permissions"] == {"contents": "read"}


def test_the_jobs_of_a_promotion_hand_over_files_of_one_attempt() -> None:
    found = jobs(ROOT / f"workflows/{PROMOTE}")
    given = {title: [step["with"] for step in job["steps"] if "-artifact@" in step["uses"]] for title, job in found.items()}
    (decision,) = given["authorize"]
    taken, outcome = given["promote"]
    (both,) = given["record"]
    assert decision["name"] == taken["name"] == "assay-decision-${{ github.run_attempt }}"
    assert outcome["name"] == "assay-outcome-${{ github.run_attempt }}"
    assert both["pattern"] == "assay-*-${{ github.run_attempt }}"
    last = found["record"]["steps"][-1]["with"]
    assert last["decision"] == f"{both['path']}/{decision['path']}"
    assert last["outcome"] == f"{both['path']}/{Path(outcome['path']).name}"
    assert "always()" in found["record"]["if"] and "needs.authorize.result == 'success'" in found["record"]["if"]


def test_the_job_that_reads_production_leaves_a_file_for_the_one_that_writes_and_sees_nothing_else() -> None:
    found = jobs(ROOT / "workflows/assay-monitor.yml")
    look, upload = (step["with"] for step in found["monitor"]["steps"][1:])
    download, sight = (step["with"] for step in found["sight"]["steps"])
    assert upload["name"] == download["name"] == "assay-sighting-${{ github.run_attempt }}"
    assert look["out"] == upload["path"] and upload["if-no-files-found"] == "error"
    assert sight["sighting"] == f"{download['path']}/{Path(look['out']).name}"
    assert found["monitor"]["permissions"] == {"contents": "read"}


def test_a_training_is_found_again_by_its_asking_and_proposed_by_a_job_that_runs_nothing_of_it() -> None:
    document = read(ROOT / f"workflows/{RETRAIN}")
    asked = request(number=7)
    (order, _) = retrain.decide(asked, retrain.Arguments(because="the July data came"), retrain.Present())
    assert isinstance(order, Dispatch) and order.workflow == RETRAIN
    assert set(order.inputs) == set(document["on"]["workflow_dispatch"]["inputs"])
    named = Workflow("assay-retrain", document["run-name"])
    assert called(named, order.inputs, {}) == f"assay retrain {asked.key}"
    assert called(named, {**order.inputs, "full": "true"}, {}) == f"assay retrain {asked.key}{FULL}"
    found = document["jobs"]
    assert found["retrain"]["permissions"] == {"contents": "read"} and found["propose"]["needs"] == "retrain"


def test_a_search_is_found_again_by_its_asking_and_only_a_winner_is_proposed_by_a_job_that_runs_nothing_of_it() -> None:
    found = read(ROOT / f"workflows/{TUNE}")
    asked = replace(request(number=7), policy=document.read(POLICY))
    (order, _) = tune.decide(asked, tune.Arguments(trials=5), tune.look(object(), asked, None))
    assert isinstance(order, Dispatch) and order.workflow == TUNE
    assert set(order.inputs) == set(found["on"]["workflow_dispatch"]["inputs"])
    assert asked.key in found["run-name"].replace("${{ inputs.request }}", order.inputs["request"]).split()
    _, work, search, propose = found["jobs"].values()
    assert work["permissions"] == search["permissions"] == {"contents": "read"} and propose["needs"] == "tune"
    assert search["outputs"]["better"] == "${{ steps.tune.outputs.better }}"
    assert propose["if"] == "${{ !cancelled() && needs.tune.outputs.better == 'true' }}"
    kept = [step["with"] for step in search["steps"] if "actions/cache/" in step.get("uses", "")]
    assert kept[0]["key"] == kept[1]["key"] and kept[0]["path"] == kept[1]["path"] == ".dvc/tmp/assay/tune/journal.log"
    assert kept[0]["key"].startswith(kept[0]["restore-keys"])


def test_the_workers_of_a_search_share_its_trials_and_one_job_after_them_concludes() -> None:
    found = read(ROOT / f"workflows/{TUNE}")
    share, work, search, _ = found["jobs"].values()
    taken = found["on"]["workflow_dispatch"]["inputs"]["workers"]
    assert taken["options"] == [str(kinds.few.read(each)) for each in "12345678"] and taken["default"] == "1"
    assert share["permissions"] == {} and work["strategy"]["fail-fast"] is False
    # Whether there is a database is all that the job which counts them is told of it.
    assert share["steps"][0]["env"]["SHARED"] == "${{ secrets.ASSAY_TUNE_STORAGE != '' }}"
    one, last = (next(step for step in job["steps"] if "assay-ml" in step.get("uses", "")) for job in (work, search))
    assert one["env"] == last["env"] == {"ASSAY_TUNE_STORAGE": "${{ secrets.ASSAY_TUNE_STORAGE }}"}
    assert (one["with"]["worker"], one["with"]["propose"]) == ("${{ matrix.worker }}/${{ inputs.workers }}", "false")
    assert last["with"]["trials"] == "${{ inputs.workers > 1 && needs.share.outputs.workers != '' && '0' || inputs.trials }}"
    assert search["needs"] == ["share", "work"] and search["if"] == "${{ !cancelled() }}"


def test_only_data_that_was_taken_in_is_proposed_by_a_job_that_runs_nothing_of_the_repository() -> None:
    refresh, propose = jobs(ROOT / "workflows/assay-refresh.yml").values()
    assert refresh["permissions"] == {"contents": "read"} and propose["needs"] == "refresh"
    assert refresh["outputs"]["outcome"] == "${{ steps.refresh.outputs.outcome }}"
    assert propose["if"] == f"${{{{ needs.refresh.outputs.outcome == '{Outcome.ACCEPTED}' }}}}"
    assert [step["with"] for step in propose["steps"]] == [{"kind": "refresh"}]


@pytest.mark.parametrize("file", ["assay-run.yml", "assay-refresh.yml", RETRAIN, TUNE])
def test_what_a_run_leaves_is_found_by_its_name(file: str) -> None:
    uploads = [step["with"] for step in steps(ROOT / "workflows" / file) if "upload-artifact" in step.get("uses", "")]
    assert [(each["name"], each["path"]) for each in uploads] == [
        (artifact.NAME, f".assay/{artifact.FILE}"),
        (landing.NAME, f".assay/{landing.FILE}"),
        *([(searched.NAME, f".assay/{tuned.FILE}")] if file == TUNE else []),
    ]


def test_the_job_that_sees_the_registry_runs_nothing_of_the_repository_and_reads_its_facts_as_data() -> None:
    reproduce, register, ask = jobs(ROOT / "workflows/assay-main.yml").values()
    assert [step["uses"].split("@")[0] for step in register["steps"]] == [
        "actions/checkout",
        "actions/download-artifact",
        "assay-ml/assay/actions/registry",
    ]
    assert not [step for step in (*register["steps"], *ask["steps"]) if "run" in step]
    assert "MLFLOW" not in str(reproduce)
    (upload,) = [step["with"] for step in reproduce["steps"] if "upload-artifact" in step.get("uses", "")]
    _, download, last = (step["with"] for step in register["steps"])
    assert upload["name"] == download["name"]
    # Outside the work tree, which would be dirty otherwise.
    assert last["facts"] == f"{download['path']}/facts.json" and download["path"].startswith("${{ runner.temp }}")
    (own,) = [step["with"]["base"] for step in reproduce["steps"] if step.get("uses", "").startswith("assay-ml/assay@")]
    assert last["base"] == own
    # Who may write on GitHub asks for the very version, and is skipped where there is none.
    assert register["outputs"]["version"] == f"${{{{ steps.{register['steps'][-1]['id']}.outputs.version }}}}"
    assert ask["steps"][-1]["with"]["name"] == "@${{ needs.register.outputs.version }}" and "version != ''" in ask["if"]


def test_a_report_follows_the_check_by_its_name() -> None:
    follows = read(ROOT / "workflows/assay-report.yml")["on"]["workflow_run"]["workflows"]
    assert follows == [read(ROOT / "workflows/assay-check.yml")["name"]]


def test_the_bot_follows_the_workflows_that_it_starts_by_their_names_and_of_those_that_propose_only_what_is_waited_for() -> None:
    document = read(ROOT / "workflows/assay-commands.yml")
    names = [read(ROOT / f"workflows/{file}")["name"] for file in (RUN, RETRAIN, TUNE)]
    assert document["on"]["workflow_run"]["workflows"] == names
    condition = document["jobs"]["handle"]["if"]
    assert f"workflow_run.name == '{names[0]}'" in condition
    assert "action == 'completed' && contains(github.event.workflow_run.display_title, ' #')" in condition


@pytest.mark.parametrize("path", OURS, ids=name)
def test_all_workflows_use_one_version_of_assay(path: Path) -> None:
    used = re.findall(r"uses: (assay-ml/assay\S*@\S+ # \S+)", path.read_text("utf-8"))
    assert used
    assert {use.partition("@")[2] for use in used} == {f"{'0' * 40} # v0.1.0"}


def test_the_linters_of_workflows_find_nothing() -> None:
    home = Path(sys.executable).parent
    workflows, actions = [str(path) for path in WORKFLOWS], [str(path) for path in ACTIONS]
    for command in (
        [home / "actionlint", *workflows],
        [home / "zizmor", "--quiet", "--no-online-audits", *workflows, *actions],
    ):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [*ACTIONS, *WORKFLOWS], ids=name)
def test_no_finding_is_ignored_without_a_written_reason(path: Path) -> None:
    for line in path.read_text("utf-8").splitlines():
        if "zizmor: ignore" in line:
            assert re.search(r"zizmor: ignore\[[\w-]+\] \w+( \S+){4,}", line), line
