"""The parent's side: limits on what a worker may say, and plain words for how it ended."""

import sys
import time
from pathlib import Path

import pytest

from actions import workers
from policy.problems import UserProblem


def call(root: Path, text: str, **options: float) -> dict[str, object]:
    (root / "f.py").write_text(text)
    return workers.call("metric", {"function": "f.py:f", "frames": []}, root=root, **options)


def test_an_answer_without_limit_is_not_read(tmp_path: Path):
    text = "import sys\nsys.modules['__main__'].TASKS['metric']\ndef f(frame): pass\n"
    text += f"sys.modules['__main__']._encode = lambda reply: 'x' * {workers.MAX_ANSWER + 1}\n"
    with pytest.raises(UserProblem, match="larger than"):
        call(tmp_path, text)


@pytest.mark.parametrize(
    "answer", ["[]", "{", "{}", "null", '{"problem": 3}', '{"problem": {"what": "x"}}', '{"done": 7}', "[" * 99_999]
)
def test_an_answer_of_another_shape_is_no_answer(tmp_path: Path, answer: str):
    text = f"import sys\nsys.modules['__main__']._encode = lambda reply: {answer!r}\ndef f(frame): pass\n"
    with pytest.raises(UserProblem, match="cannot be read"):
        call(tmp_path, text)


def test_a_worker_that_ignores_the_request_to_stop_is_killed(tmp_path: Path):
    text = "import signal, time\nsignal.signal(signal.SIGABRT, signal.SIG_IGN)\nwhile True: time.sleep(1)\n"
    begun = time.monotonic()
    with pytest.raises(UserProblem, match=r"longer than 0\.5 s"):
        call(tmp_path, text, timeout=0.5)
    assert time.monotonic() - begun < 30


def test_a_child_that_left_the_group_and_holds_the_output_does_not_keep_us_waiting(tmp_path: Path):
    text = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(15)"], start_new_session=True)
def f(frame): pass
"""
    begun = time.monotonic()
    assert call(tmp_path, text) == {"values": [], "problems": []}
    assert time.monotonic() - begun < 14


def test_our_own_modules_are_not_on_the_path_of_the_users_code(tmp_path: Path):
    text = """
import importlib.util
names = [name for name in ("actions", "policy", "assay") if importlib.util.find_spec(name)]
assert not names, names
def f(frame): pass
"""
    assert call(tmp_path, text) == {"values": [], "problems": []}


def test_the_given_interpreter_is_the_one_that_runs(tmp_path: Path):
    (tmp_path / "python").symlink_to(sys.executable)
    (tmp_path / "f.py").write_text("import sys\nopen('who', 'w').write(sys.executable)\ndef f(frame): pass\n")
    workers.call("metric", {"function": "f.py:f", "frames": []}, root=tmp_path, python=tmp_path / "python")
    assert (tmp_path / "who").read_text().endswith("python")


def test_the_line_of_a_crash_is_known_in_a_folder_with_letters_of_any_alphabet(tmp_path: Path):
    home = tmp_path / "größe 大小 🏠"
    home.mkdir()
    with pytest.raises(UserProblem, match=r"^f\.py:2: the process crashed"):
        call(home, "import ctypes\nctypes.string_at(0)\n")
