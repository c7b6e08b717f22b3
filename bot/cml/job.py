"""Where one of CML's verbs runs: repository, token, event, and what the runner offers for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot import images
from bot.cml import place, running
from bot.cml.target import Target
from bot.events import NOTHING, Subject
from bot.gateway.gateway import Gateway
from bot.gateway.problems import NotThere
from bot.gateway.wider import WiderGateway
from policy.problems import UserProblem

_SUMMARY_LIMIT = 900_000
"""Bytes of a report that are kept in the job's summary, which may have a mebibyte."""
_UNKNOWN = "0000000"


@dataclass(frozen=True)
class Job:
    """One run of a verb."""

    place: place.Place
    gateway: WiderGateway
    about: Subject
    environ: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, environ: Mapping[str, str], repo: str | None, token: str | None, driver: str | None) -> "Job":
        """From CML's global flags and the environment; an event of another repository says nothing about this one.

        Raises UserProblem where repository or token are missing.
        """
        where = place.find(environ, repo, token, driver)
        gateway = WiderGateway.of(Gateway.from_environment(where.environment(environ), where.repository))
        here = environ.get("GITHUB_REPOSITORY", where.repository).lower() == where.repository.lower()
        return cls(where, gateway, running.about(environ) if here else NOTHING, environ)

    @property
    def workflow(self) -> str:
        """The workflow's name."""
        return self.environ.get("GITHUB_WORKFLOW", "")

    @property
    def run(self) -> str:
        """The run's number."""
        return self.environ.get("GITHUB_RUN_ID", "")

    @property
    def branch(self) -> str | None:
        """The branch that the run is on."""
        return running.branch(self.environ)

    def head_sha(self, target: Target | None = None) -> str:
        """The commit that is reported on: the event's, or the head of the pull request that the event or `target` is.

        Raises:
            UserProblem: there is none, and no target either.
        """
        if self.about.sha:
            return self.about.sha
        if target is not None and target.kind == "commit":
            return target.id
        number = self.about.number or (int(target.id) if target else None)
        try:
            if number:
                return self.gateway.pull_request(number).head_sha
        except NotThere:
            pass  # an issue
        if target is None:
            raise UserProblem("the environment names no commit", "--commit-sha", "Give it, or set GITHUB_SHA")
        return _UNKNOWN

    def read(self, file: Path) -> str:
        """The text of a report. Raises UserProblem where it cannot be read."""
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserProblem(f"cannot read the report ({error})", str(file), "Name a file of Markdown in UTF-8") from None

    def tops(self, file: Path) -> list[Path]:
        """The folders below which a report's files are taken: the workspace, and the report's own."""
        return [Path(self.environ.get("GITHUB_WORKSPACE") or "."), Path(), file.resolve().parent]

    def publish(self, files: Sequence[images.File]) -> dict[str, str]:
        """Store files in the repository; returns name -> path on GitHub's host."""
        return images.publish(self.gateway, self.place.repository, files, datetime.now(UTC))

    def summary_link(self) -> str:
        """A link to the job's summary; empty where there is none."""
        if not self.run or not self.environ.get("GITHUB_STEP_SUMMARY"):
            return ""
        return f"[the summary of the job]({self.place.page(f'actions/runs/{self.run}')})"

    def keep_whole(self, report: str) -> None:
        """Put a report that is too long for a comment into the job's summary, if there is one."""
        if path := self.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(path).open("ab") as summary:
                summary.write(report.encode()[:_SUMMARY_LIMIT] + b"\n")
