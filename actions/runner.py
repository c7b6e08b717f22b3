"""Speaks to GitHub's runner: outputs of the step, the summary of the job, annotations, groups in the log.

The runner takes orders from lines of the log (`::error ...`). While anything is printed that a change could have written,
orders are stopped by a token that nobody can guess, so that a column named `::add-mask::` is nothing but a name.
"""

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from policy.facts import Facts
from policy.problems import Problem
from policy.reasons import Reason
from policy.result import Status
from policy.verdict import Verdict
from reports.annotations import Annotation, annotations

MAX_SUMMARY = 1024 * 1024
"""Bytes of a job's summary; GitHub drops a longer one whole."""
_SHOWN = 10
"""How many errors, and how many warnings, GitHub shows of one step."""
_NAMES = 100
_PLACE = re.compile(r"(?:[^:\s]+:)?(?P<file>[^:\s]+\.(?:yml|yaml|py|dvc|lock|json)):(?P<line>\d{1,9})\b")
"""A place in a problem's line: perhaps a revision, then file and line."""
_AWAY = frozenset({Reason.REMOTE_UNREACHABLE, Reason.REMOTE_UNUSABLE})
_UNREAD = frozenset({Reason.DATA_MISSING, Reason.OBJECT_MISSING, Reason.REMOTE_UNREACHABLE, Reason.REMOTE_UNUSABLE})


def command(name: str, message: str, properties: Mapping[str, str | int | None] | None = None) -> str:
    """One order to the runner, on one line whatever its text holds.

    `command("error", "50 %", {"file": "a,b.py", "line": 3})` is `::error file=a%2Cb.py,line=3::50 %25`.
    """
    given = ",".join(f"{key}={_property(str(value))}" for key, value in (properties or {}).items() if value is not None)
    return f"::{name}{' ' if given else ''}{given}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def output(name: str, value: str, delimiter: str) -> str:
    """One output, as the file of outputs wants it. The delimiter must not be guessable by whoever wrote the value.

    Raises ValueError where the value holds the delimiter.
    """
    if delimiter in value or delimiter in name:
        raise ValueError(f"the value of {name} holds its delimiter")
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"


def orders(remarks: Iterable[Annotation]) -> list[str]:
    """The orders that show remarks: as many of each level as GitHub shows, the last of too many saying how many more."""
    listed = list(remarks)
    lines = []
    for level in ("error", "warning"):
        mine = [remark for remark in listed if remark.level == level]
        kept = mine if len(mine) <= _SHOWN else mine[: _SHOWN - 1]
        lines += [command(level, each.message, {"file": each.file, "line": each.line, "title": each.title}) for each in kept]
        if more := len(mine) - len(kept):
            lines.append(command(level, f"and {more} more; the summary of the job lists them", {"title": "assay"}))
    return lines


@dataclass
class Runner:
    """GitHub's runner, as one step sees it. `stream` is where its log is written."""

    environ: Mapping[str, str]
    stream: TextIO
    _token: str = ""
    _grouped: bool = False
    _event: dict[str, Any] = field(default_factory=dict)

    def step(self, text: str) -> None:
        """A new step begins: a group of the log, folded until somebody opens it."""
        self._say(*(["::endgroup::"] if self._grouped else []), command("group", text))
        self._grouped = True

    def line(self, text: str) -> None:
        """One line of a running program's output."""
        print(text, file=self.stream, flush=True)

    def ungroup(self) -> None:
        """What follows is not folded."""
        if self._grouped:
            self._say("::endgroup::")
            self._grouped = False

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """What is printed inside is text and never an order. After a problem it stays so: its text is still to be printed."""
        self._stop()
        try:
            yield
        except Problem as problem:
            self.ungroup()
            self._say(*_of_problem(problem))
            self._write("GITHUB_OUTPUT", self._outputs({"verdict": "error"}))
            raise
        except BaseException:
            self.ungroup()
            raise
        self._resume()

    def tell(self, verdict: Verdict, facts: Facts, *, folder: Path, policy_text: str, out: Mapping[str, Path]) -> None:
        """Say how it came out: annotations, summary and outputs.

        `folder` is the repository; `out` names the files that were written: `facts`, `report`, `summary`.
        """
        self.ungroup()
        prefix = self._prefix(folder)
        remarks = [
            Annotation(each.level, each.title, each.message, prefix + each.file if each.file else None, each.line)
            for each in annotations(verdict, facts, policy_text)
        ]
        hint = unread_hint(self.event, facts)
        self._say(*orders(remarks), *([command("notice", hint, {"title": "assay"})] if hint else []))
        summary = out["summary"].read_text(encoding="utf-8") + (f"\n> {hint}\n" if hint else "")
        if len(summary.encode()) <= MAX_SUMMARY:
            self._write("GITHUB_STEP_SUMMARY", summary)
        values = {"verdict": verdict.result.status.value, "failed-gates": json.dumps(failed_gates(verdict))}
        values |= {name: str(out[name]) for name in ("facts", "report")}
        self._write("GITHUB_OUTPUT", self._outputs(values))

    def named(self, facts: Facts) -> Facts:
        """The facts, saying for which repository and pull request they were gathered. Whoever publishes checks that."""
        number = self.event.get("pull_request", {}).get("number")
        update = {
            "repository": self.environ.get("GITHUB_REPOSITORY") or None,
            # A command's event is of no pull request; its request names the one.
            "pull_request": number if isinstance(number, int) else facts.revision.pull_request,
        }
        return facts.model_copy(update={"revision": facts.revision.model_copy(update=update)})

    @property
    def event(self) -> dict[str, Any]:
        """What started the workflow, as GitHub tells it; empty where it cannot be read."""
        if not self._event:
            try:
                read = json.loads(Path(self.environ.get("GITHUB_EVENT_PATH", "")).read_bytes())
            except (OSError, ValueError):
                read = {}
            self._event = read if isinstance(read, dict) else {}
        return self._event

    def _prefix(self, folder: Path) -> str:
        """What turns a path of the repository into one of the workspace, in which annotations are written."""
        try:
            inside = folder.resolve().relative_to(Path(self.environ.get("GITHUB_WORKSPACE", "")).resolve()).as_posix()
        except ValueError:
            return ""
        return "" if inside == "." else f"{inside}/"

    def _say(self, *lines: str) -> None:
        """Give orders, even where what surrounds them is deaf."""
        if not lines:
            return
        deaf = bool(self._token)
        if deaf:
            self._resume()
        for line in lines:
            print(line, file=self.stream)
        if deaf:
            self._stop()
        self.stream.flush()

    def _stop(self) -> None:
        self._token = secrets.token_hex(16)
        print(f"::stop-commands::{self._token}", file=self.stream, flush=True)

    def _resume(self) -> None:
        print(f"::{self._token}::", file=self.stream, flush=True)
        self._token = ""

    def _outputs(self, values: Mapping[str, str]) -> str:
        return "".join(output(name, value, f"assay-{secrets.token_hex(16)}") for name, value in values.items())

    def _write(self, variable: str, text: str) -> None:
        """Append to one of the runner's files. Losing it must not lose the verdict."""
        name = self.environ.get(variable)
        if not name:
            return
        try:
            with Path(name).open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            self._say(command("warning", f"{variable} cannot be written: {error.strerror}", {"title": "assay"}))


def present(environ: Mapping[str, str], stream: TextIO) -> Runner | None:
    """The runner that we run on; None on a laptop."""
    return Runner(environ, stream) if environ.get("GITHUB_ACTIONS") == "true" else None


def failed_gates(verdict: Verdict) -> list[str]:
    """The names of the checks that failed, `part` or `part/check`; at most a hundred."""
    names = []
    for part in verdict.result.children:
        if part.status is Status.FAILED:
            names += [part.name if leaf is part else f"{part.name}/{leaf.name}" for leaf in part.causes()]
    return list(dict.fromkeys(names))[:_NAMES]


def unread_hint(event: Mapping[str, Any], facts: Facts) -> str:
    """How a maintainer starts what a fork could not do without the data; empty where nothing was missing."""
    pull = event.get("pull_request")
    if not isinstance(pull, dict) or not _from_fork(pull) or not _unread(facts):
        return ""
    number = pull.get("number")
    name = f"fork/{number}" if isinstance(number, int) else "fork/change"
    return (
        "A fork gets no access to the data, so only what needs none was checked. Whoever may push here starts the rest, after "
        f"reading the change: `gh pr checkout {number} && git push origin HEAD:refs/heads/{name}`, then "
        f"`gh pr create --head {name}`. Its checks then stand on the same commit, and therefore on this pull request too."
    )


def _from_fork(pull: Mapping[str, Any]) -> bool:
    def repository(side: str) -> object:
        repo = (pull.get(side) or {}).get("repo") or {}
        return repo.get("id", repo.get("full_name"))

    return repository("head") != repository("base")


def _unread(facts: Facts) -> bool:
    away = facts.pipeline is not None and facts.pipeline.problem in _AWAY
    return (
        away or any(each.problem in _UNREAD for each in facts.data) or any(each.reason is Reason.OUTSIDE for each in facts.errors)
    )


def _of_problem(problem: Problem) -> list[str]:
    """A problem as annotations: one for each of its lines, on the place where that names one."""
    lines = [line for line in str(problem).splitlines() if line.strip()][:_SHOWN]
    places = [found.groupdict() if (found := _PLACE.match(line)) else {} for line in lines]
    return [command("error", line, {**place, "title": "assay"}) for line, place in zip(lines, places, strict=True)]
