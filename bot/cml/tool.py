"""The real `cml`, where there is one on PATH: comments and checks are handed to it as files, its token as an environment.

Nothing of a report is an argument, and no shell reads one. Written for CML 0.20.6.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.cml import place
from bot.gateway.records import CheckRun
from policy.problems import OutsideProblem
from reports.markdown import shorten, visible

PATIENCE = 120.0
"""Seconds that one call may take."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A `cml` and the place that it writes to."""

    program: str
    place: place.Place
    environ: Mapping[str, str] = field(repr=False)

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> "Tool | None":
        """The `cml` of an environment's PATH; None where there is none.

        Raises UserProblem where there is one, but no repository or no token for it.
        """
        program = shutil.which("cml", path=environ.get("PATH", ""))
        if program is None:
            return None
        where = place.find(environ, None, None, None)
        # Its flags also come by CML_COMMENT_TARGET and the like, which are meant for the user's own calls.
        rest = {name: value for name, value in where.environment(environ).items() if not name.startswith("CML_")}
        return cls(program, where, rest | {"REPO_TOKEN": where.token, "ITERATIVE_DO_NOT_TRACK": "1"})

    def update_comment(self, number: int, body: str, title: str) -> None:
        """`cml comment update`: the comment with this watermark, or a new one. Raises OutsideProblem where `cml` fails."""
        # With `publish` it would print the Markdown anew and upload files that the report names to a public host.
        flags = [f"--target=pr/{number}", f"--watermark-title={title}", "--publish=false"]
        self._run(["comment", "update"], body, flags)

    def create_check(self, run: CheckRun) -> None:
        """`cml check create` for a completed check. Raises OutsideProblem where `cml` fails."""
        flags = [f"--title={run.name}", f"--commit-sha={run.head_sha}", "--status=completed", f"--conclusion={run.conclusion}"]
        self._run(["check", "create"], run.summary, flags)

    def _run(self, verb: list[str], text: str, flags: list[str]) -> None:
        repository = f"{self.place.server}/{self.place.repository}"
        with tempfile.TemporaryDirectory(prefix="assay-cml-") as folder:
            file = Path(folder, "report.md")
            file.write_text(text, encoding="utf-8")
            try:
                done = subprocess.run(
                    [self.program, *verb, str(file), *flags, "--driver=github", f"--repo={repository}"],
                    env=dict(self.environ),
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=PATIENCE,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise OutsideProblem(f"it did not run ({type(error).__name__})", _named(verb), _ADVICE) from None
        if done.returncode:
            raise OutsideProblem(f"it ended with {done.returncode}: {self._last(done.stderr)}", _named(verb), _ADVICE)

    def _last(self, told: bytes) -> str:
        """The last line of what it said, without the token."""
        lines = told.decode("utf-8", "replace").replace(self.place.token, "***").strip().splitlines()
        return shorten(visible(lines[-1].strip()), 300) if lines else "no word why"


_ADVICE = "See that its version is 0.20.6 and the job has its permissions, or write `publisher: assay`"


def _named(verb: list[str]) -> str:
    return " ".join(["cml", *verb])
