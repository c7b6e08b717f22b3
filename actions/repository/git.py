"""Runs the `git` executable: argument lists, no prompts, no hooks, no configuration of ours left behind."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from policy.problems import OutsideProblem, UserProblem

# Variables by which a hook or a wrapper would point git at another repository, index or object store than the one asked for.
_REDIRECTIONS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
_OPTIONS = (
    "--literal-pathspecs",
    "--no-pager",
    *("-c", "core.quotepath=off"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
)


@dataclass(frozen=True)
class Answer:
    """What git said: exit code, output (bytes, because paths need not be text), and its errors as one line."""

    code: int
    output: bytes
    error: str


class Git:
    """Git in one folder. Reads only; the index is never refreshed on disk (`GIT_OPTIONAL_LOCKS=0`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, *arguments: str, given: bytes | None = None) -> Answer:
        """Run git and return what it said, whatever the exit code.

        Raises:
            UserProblem: git is not installed.
        """
        try:
            done = subprocess.run(
                ("git", *_OPTIONS, *arguments),
                cwd=self._folder,
                env=_environment(),
                input=given,
                stdin=subprocess.DEVNULL if given is None else None,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise UserProblem("git was not found", next="Install git and put it on PATH") from error
        return Answer(done.returncode, done.stdout, _one_line(done.stderr))

    def run(self, *arguments: str, given: bytes | None = None) -> bytes:
        """Run git and return its output.

        Raises:
            OutsideProblem: git failed where the caller had no reason to expect it (a damaged repository, a full disk).
        """
        answer = self.ask(*arguments, given=given)
        if answer.code:
            raise OutsideProblem(f"git {arguments[0]} failed: {answer.error}", str(self._folder), "`git fsck` tells more")
        return answer.output

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a long-lived git that is talked to through its pipes."""
        return subprocess.Popen(
            ("git", *_OPTIONS, *arguments),
            cwd=self._folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


class Blobs:
    """One long-lived `git cat-file --batch`: the content of many files at many revisions for one process start."""

    def __init__(self, git: Git) -> None:
        self._process = git.start("cat-file", "--batch", "--follow-symlinks")

    def read(self, revision: str, path: str) -> bytes | None:
        """The content of a file at a full commit SHA; None where no such file is.

        Raises:
            UserProblem: the path is a symbolic link that leads out of the repository, or holds a line break.
        """
        if "\n" in path:
            raise UserProblem("a path with a line break cannot be read at a revision", repr(path), "Rename the file")
        asked, told = _pipes(self._process)
        asked.write(f"{revision}:{path}\n".encode("utf-8", "surrogateescape"))
        asked.flush()
        header = told.readline().rstrip(b"\n")
        word, _, rest = header.partition(b" ")
        if word in (b"symlink", b"dangling", b"loop", b"notdir") and rest.isdigit():
            told.read(int(rest) + 1)
            if word == b"symlink":
                raise UserProblem(
                    f"the symbolic link leads out of the repository (at {revision[:7]})", path, "Commit the file itself"
                )
            return None
        if header.endswith((b" missing", b" ambiguous")) or not rest:
            return None
        _, kind, size = header.split(b" ")
        content = told.read(int(size) + 1)[:-1]
        return content if kind == b"blob" else None

    def close(self) -> None:
        """End the process."""
        asked, told = _pipes(self._process)
        asked.close()
        told.close()
        self._process.wait()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:  # never: `start` asks for both
        raise OutsideProblem("git cat-file has no pipes")
    return process.stdin, process.stdout


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _REDIRECTIONS}
    return kept | {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _one_line(errors: bytes) -> str:
    lines = [line for line in errors.decode(errors="replace").splitlines() if line.strip()]
    return (lines[0] if lines else "it said nothing").removeprefix("fatal: ").removeprefix("error: ")
