"""The parent's side of the worker: starts it without secrets, waits within limits, and tells in plain words how it ended."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policy.problems import UserProblem

MAX_ANSWER = 4 * 1024 * 1024
_TAIL = 64 * 1024
_WORKER = Path(__file__).with_name("worker.py")
_KEPT = re.compile(
    r"PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|COMSPEC|PATHEXT|USERPROFILE|LOCALAPPDATA|LD_LIBRARY_PATH|DYLD_\w+"
    r"|JAVA_\w+|SPARK_\w+|HADOOP_\w+|PYSPARK_\w+|OMP_\w+|MKL_\w+|OPENBLAS_\w+|NUMEXPR_\w+|POLARS_\w+|PANDERA_\w+|RAYON_\w+"
    r"|CUDA_\w+|SSL_CERT_FILE|SSL_CERT_DIR",
)
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""How the fault handler writes letters that are not ASCII."""
_SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|_KEY\b|_KEY_|AUTH|_PAT\b", re.IGNORECASE)


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """What the worker may see of our environment: what programs need to run, and nothing that could be a secret."""
    return {name: value for name, value in environment.items() if _KEPT.fullmatch(name) and not _SECRET.search(name)}


def call(
    task: str, payload: dict[str, Any], *, root: Path, python: Path | None = None, timeout: float | None = None
) -> dict[str, Any]:
    """Run one task of `actions/worker.py` in a process of its own.

    Args:
        task: a name in the worker's table: "contract" or "metric".
        payload: the task's JSON input.
        root: the user's repository; its modules can be imported, after all installed ones.
        python: the interpreter, where it is not ours (Spark has its own).
        timeout: seconds after which the worker and everything it started is ended.

    Raises:
        UserProblem: the task says so, or the process crashed, exited, was killed, took too long or answered nonsense;
            with the file and line of the user's code wherever they can be known.
    """
    with tempfile.TemporaryDirectory(prefix="assay-worker-", ignore_cleanup_errors=True) as folder:
        request, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        request.write_text(
            json.dumps({"task": task, "payload": payload, "root": str(root.resolve()), "answer": str(answer)}), encoding="utf-8"
        )
        ended = _run(python or Path(sys.executable), request, root, timeout)
        return _read(answer, ended, root.resolve(), timeout)


class _Ended:
    """How the process ended: its code, None where time ran out, and the end of what it printed."""

    def __init__(self, code: int | None, tail: str) -> None:
        self.code = code
        self.tail = tail


def _run(python: Path, request: Path, root: Path, timeout: float | None) -> _Ended:
    flags = ["-I", "-X", "utf8", *(["-B"] if sys.dont_write_bytecode else [])]
    with request.open("rb") as stdin:
        try:
            process = subprocess.Popen(
                [str(python), *flags, str(_WORKER)],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=root,
                env=clean(os.environ),
                start_new_session=True,
            )
        except OSError as error:
            advice = "install it, or name another interpreter"
            raise UserProblem(f"the interpreter cannot be started: {error.strerror}", str(python), advice) from None
    tail = bytearray()
    reader = threading.Thread(target=_drain, args=(process, tail), daemon=True)
    reader.start()
    try:
        code: int | None = process.wait(timeout)
    except subprocess.TimeoutExpired:
        code = None
        _ask_where(process)
    finally:
        _end(process)
        reader.join(2)
    return _Ended(code, bytes(tail).decode("utf-8", "replace"))


def _drain(process: "subprocess.Popen[bytes]", tail: bytearray) -> None:
    """Keep the last of what is printed, however much it is."""
    while process.stdout and (chunk := os.read(process.stdout.fileno(), 65_536)):
        tail += chunk
        del tail[:-_TAIL]


def _ask_where(process: "subprocess.Popen[bytes]") -> None:
    """Let the worker's fault handler print the line it hangs in."""
    process.send_signal(signal.SIGABRT)
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        return


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the worker and what it started; nothing that a contract starts outlives it."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _read(answer: Path, ended: _Ended, root: Path, timeout: float | None) -> dict[str, Any]:
    where = _line(ended.tail, root)
    if ended.code is None:
        raise UserProblem(f"it took longer than {timeout:g} s and was stopped", where, "make it faster, or end its loop")
    if not answer.is_file():
        raise UserProblem(_death(ended), where, "run the code once yourself to see why")
    with answer.open("rb") as stream:
        content = stream.read(MAX_ANSWER + 1)
    if len(content) > MAX_ANSWER:
        raise UserProblem(f"its answer is larger than {MAX_ANSWER:,} bytes", where, "let the code leave the worker alone")
    try:
        reply = json.loads(content)
        problem = reply.get("problem")
        if problem is None:
            done: dict[str, Any] = dict(reply["done"])
            return done
        told = UserProblem(*(str(problem[part])[:1_000] for part in ("what", "where", "next")))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UserProblem("its answer cannot be read", where, "let the code leave the worker's modules alone") from None
    raise told


def _death(ended: _Ended) -> str:
    code = ended.code or 0
    if code == -signal.SIGKILL:
        return "the process was killed, most likely because memory ran out"
    if code < 0:
        return f"the process crashed ({signal.Signals(-code).name})"
    return f"the process ended with exit code {code} and no answer"


def _line(tail: str, root: Path) -> str:
    """The innermost of the user's lines in the fault handler's dump (which lists the most recent call first)."""
    for name, line in re.findall(r'File "([^"]+)", line (\d+)', tail):
        path = Path(_ESCAPE.sub(lambda found: chr(int(found[1][1:], 16)), name))
        if path.is_relative_to(root) and not path.is_relative_to(sys.prefix):
            return f"{path.relative_to(root).as_posix()}:{line}"
    return ""
