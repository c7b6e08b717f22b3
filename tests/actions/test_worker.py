"""The worker: what it loads and how it names the user's line, whatever the user's code does to it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from actions import workers
from policy.problems import UserProblem


def project(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        path = tmp_path / "m" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    pl.DataFrame({"y": [1, 0, 1], "s": [0.9, 0.2, 0.4]}).write_parquet(tmp_path / "base.parquet")
    pl.DataFrame({"y": [1, 0], "s": [0.5, 0.5]}).write_ipc(tmp_path / "head.arrow")
    return tmp_path


def metric(root: Path, function: str = "m/f.py:f", **options: Any) -> dict[str, Any]:
    frames = [str(root / "base.parquet"), str(root / "head.arrow")]
    return workers.call("metric", {"function": function, "frames": frames}, root=root, timeout=60, **options)


def test_a_metric_function_is_called_with_each_frame(tmp_path: Path):
    root = project(tmp_path, f="def f(frame):\n    return frame['s'].mean() * frame.height\n")
    assert metric(root) == {"values": [1.5, 1.0], "problems": [None, None]}


def test_modules_of_the_user_can_be_imported_and_leave_no_byte_code_behind(tmp_path: Path):
    root = project(tmp_path, helper="ONE = 1\n", f="from m.helper import ONE\n\ndef f(frame):\n    return ONE\n")
    assert metric(root)["values"] == [1.0, 1.0]
    assert not list(root.rglob("*.pyc"))


def test_a_users_json_or_polars_module_shadows_nothing(tmp_path: Path):
    root = project(
        tmp_path, f="import json, polars\ndef f(frame):\n    return len(json.dumps([])) + hasattr(polars, 'LazyFrame')\n"
    )
    for name in ("json", "polars", "sitecustomize", "m/json", "m/ast"):
        (root / f"{name}.py").write_text("raise RuntimeError('shadowed')\n")
    assert metric(root)["values"] == [3.0, 3.0]


def test_one_frames_failure_leaves_the_other_its_value(tmp_path: Path):
    root = project(tmp_path, f="def f(frame):\n    return 1 / (frame.height - 2)\n")
    found = metric(root)
    assert found["values"] == [1.0, None]
    assert found["problems"][1]["what"].startswith("ZeroDivisionError")
    assert found["problems"][1]["where"] == "m/f.py:2"


@pytest.mark.parametrize(
    ("answer", "said"),
    [("float('nan')", "nan"), ("float('inf')", "inf"), ("None", "NoneType"), ("'much'", "str"), ("frame", "DataFrame")],
)
def test_ga_05_what_is_no_finite_number_is_a_problem_and_no_value(tmp_path: Path, answer: str, said: str):
    root = project(tmp_path, f=f"def f(frame):\n    return {answer}\n")
    found = metric(root)
    assert found["values"] == [None, None]
    assert said in found["problems"][0]["what"]


BROKEN = {
    "syntax error": ("def f(frame)\n    return 1\n", "not valid Python", "m/f.py:1"),
    "import error": ("import os\nimport no_such_library\n", "cannot be imported: No module named 'no_such_library'", "m/f.py:2"),
    "name error": ("x = 1\ny = zeta\n", "NameError", "m/f.py:2"),
    "sys.exit": ("import sys\n\nsys.exit(0)\n", "calls sys.exit", "m/f.py:3"),
    "keyboard interrupt": ("raise KeyboardInterrupt\n", "KeyboardInterrupt", "m/f.py:1"),
    "recursion": ("def g():\n    return g()\ng()\n", "RecursionError", "m/f.py:2"),
    "no such function": ("def g(frame):\n    return 1\n", "there is no 'f' in it", "m/f.py"),
    "not a function": ("f = 3\n", "no function", "m/f.py:f"),
    "hard exit": ("import os\nos._exit(0)\n", "exit code 0 and no answer", ""),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "memory ran out", ""),
    "crash": ("import ctypes\n\n\nctypes.string_at(0)\n", "crashed (SIGSEGV)", "m/f.py:4"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_whatever_goes_wrong_is_one_line_that_names_the_users_line(tmp_path: Path, case: str):
    text, said, where = BROKEN[case]
    with pytest.raises(UserProblem) as caught:
        metric(project(tmp_path, f=text))
    assert said in caught.value.what
    assert caught.value.where == where
    assert caught.value.next
    assert "\n" not in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_missing_file_and_one_outside_the_repository_are_refused(tmp_path: Path):
    (tmp_path / "repo").mkdir()
    root = project(tmp_path / "repo", f="")
    (tmp_path / "outside.py").write_text("def f(frame):\n    return 1\n")
    for function, said in (("m/gone.py:f", "does not exist"), ("../outside.py:f", "outside the repository")):
        with pytest.raises(UserProblem, match=said):
            metric(root, function)


def test_an_endless_loop_is_stopped_and_its_line_named(tmp_path: Path):
    root = project(tmp_path, f="import time\n\ndef f(frame):\n    while True:\n        time.sleep(0.01)\n\nf(None)\n")
    with pytest.raises(UserProblem, match="longer than 2 s") as caught:
        workers.call("metric", {"function": "m/f.py:f", "frames": []}, root=root, timeout=2)
    assert caught.value.where == "m/f.py:5"


def test_what_the_users_code_starts_does_not_outlive_it(tmp_path: Path):
    text = """
import subprocess
def f(frame):
    open('pid', 'w').write(str(subprocess.Popen(['sleep', '60']).pid))
    return 1
"""
    root = project(tmp_path, f=text)
    metric(root)
    state = Path(f"/proc/{(root / 'pid').read_text()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_prints_and_a_broken_json_module_do_not_spoil_the_answer(tmp_path: Path):
    text = """
import json, sys
print('{"done": 1}' * 100_000)
sys.stderr.write("x" * 200_000)
json.dumps = json.dump = json.loads = None
json.JSONEncoder.encode = lambda self, value: "nonsense"
sys.stdout = sys.stderr = None
def f(frame):
    return 7
"""
    root = project(tmp_path, f=text)
    assert metric(root)["values"] == [7.0, 7.0]


def test_ga_01_no_secret_reaches_the_users_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = {"JAVA_HOME": "/java", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "2", "SPARK_LOCAL_IP": "127.0.0.1", "LC_ALL": "C"}
    secret = [
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "ACTIONS_RUNTIME_TOKEN",
        "AWS_ACCESS_KEY_ID",
        "MY_SECRET",
        "X_KEY",
        "SPARK_AUTH_SECRET",
        "PYTHONPATH",
        "DATABASE_URL",
    ]
    for name, value in kept.items():
        monkeypatch.setenv(name, value)
    for name in secret:
        monkeypatch.setenv(name, "s3cret")
    root = project(
        tmp_path, f="import os, json\nopen('env', 'w').write(json.dumps(dict(os.environ)))\ndef f(frame):\n    return 1\n"
    )
    metric(root)
    seen = json.loads((root / "env").read_text())
    assert kept.items() <= seen.items()
    assert "PATH" in seen
    assert "s3cret" not in seen.values()


def test_the_worker_needs_nothing_but_the_standard_library_to_start(tmp_path: Path):
    root = project(tmp_path, f="")
    request = {"task": "metric", "root": str(root), "answer": str(root / "a"), "payload": {"function": "m/f.py:f", "frames": []}}
    worker = Path(workers.__file__).with_name("worker.py")
    subprocess.run([sys.executable, "-I", "-S", str(worker)], input=json.dumps(request).encode(), check=True, cwd=root)
    assert json.loads((root / "a").read_text())["problem"]["what"] == "there is no 'f' in it"


def test_a_missing_interpreter_is_named(tmp_path: Path):
    with pytest.raises(UserProblem, match="cannot be started") as caught:
        metric(project(tmp_path, f=""), python=tmp_path / "no-python")
    assert caught.value.where == str(tmp_path / "no-python")


def test_spaces_and_accents_in_the_repositorys_path_are_no_obstacle(tmp_path: Path):
    root = tmp_path / "my répo"
    root.mkdir()
    project(root, f="def f(frame):\n    raise ValueError('naïve — 語')\n")
    found = metric(root)
    assert found["problems"][0] == {"what": "ValueError: naïve — 語", "where": "m/f.py:2", "next": found["problems"][0]["next"]}


def test_the_workers_own_environment_is_a_list_of_what_is_kept():
    assert workers.clean({"PATH": "p", "FOO": "x", "SPARK_TOKEN": "t"}) == {"PATH": "p"}
    assert set(workers.clean(os.environ)) <= set(os.environ)
