"""The user's command: what it may see, what it may take, what it leaves."""

import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from actions.progress import Silent
from actions.registry.deploy import NotDeployed, prepared, run
from policy.problems import UserProblem
from policy.promotion import Promote


def section(command: str, **changes: object) -> Promote:
    return Promote.model_validate({"run": command, **changes})


def test_it_sees_what_programs_need_and_what_was_named() -> None:
    around = {"PATH": "/bin", "HOME": "/home/ada", "GITHUB_TOKEN": "x" * 20, "MLFLOW_TRACKING_TOKEN": "y" * 20, "KUBE_TOKEN": "z"}
    seen = prepared(section("true", env=["KUBE_TOKEN"]), around)
    assert seen == {"PYTHONUNBUFFERED": "1", "PATH": "/bin", "HOME": "/home/ada", "KUBE_TOKEN": "z"}


def test_what_the_job_does_not_set_is_told() -> None:
    with pytest.raises(UserProblem, match="does not set KUBE_TOKEN"):
        prepared(section("true", env=["KUBE_TOKEN"]), {})


def test_the_address_is_what_it_leaves_in_its_file(tmp_path: Path) -> None:
    around = {"PATH": os.environ["PATH"]}
    assert run(section("echo url=https://a.example >> $ASSAY_OUTPUT"), tmp_path, around, {}, Silent()) == "https://a.example"
    assert run(section("echo url=https://a.example"), tmp_path, around, {}, Silent()) is None
    assert run(section("rm $ASSAY_OUTPUT"), tmp_path, around, {}, Silent()) is None


def test_a_failure_tells_its_last_lines_and_no_secret(tmp_path: Path) -> None:
    around = {"PATH": os.environ["PATH"], "KUBE_TOKEN": "hunter2-hunter2"}
    with pytest.raises(NotDeployed) as caught:
        run(section("echo one; echo two; echo three; echo ::error::$KUBE_TOKEN; exit 3"), tmp_path, around, {}, Silent())
    assert caught.value.what == "it ended with exit code 3: two · three · : :error::***"


def test_what_takes_too_long_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    command = "sh -c 'echo $$ > child; exec sleep 60'; true"
    short = section(command).model_copy(update={"timeout": timedelta(seconds=0.5)})
    with pytest.raises(NotDeployed, match="stopped after"):
        run(short, tmp_path, {"PATH": os.environ["PATH"]}, {}, Silent())
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_job_that_is_cancelled_stops_it(tmp_path: Path) -> None:
    def cancel() -> None:
        while not (tmp_path / "begun").exists():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=cancel, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        run(section("touch begun; sleep 60"), tmp_path, {"PATH": os.environ["PATH"]}, {}, Silent())
