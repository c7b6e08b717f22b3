"""The two homes of the bot without their processes, for a story whose clock is moved: each does what GitHub would start there."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import yaml
from structlog.testing import capture_logs

from bot.app.gateways import Gateways
from bot.app.permissions import EVENTS, asked
from bot.around import CHECK
from bot.gateway import Gateway
from bot.homes import job, production, proposals, service
from bot.monitoring.keeping import Told
from bot.proposing.keeping import Proposed
from bot.publish import Request, publish
from bot.receiving.delivery import Delivery, read
from bot.registered import Registered
from bot.settings import load
from tests.e2e.scene import NAME
from tests.e2e.serving import ROOT, SECRET
from tests.loopback.server import Loopback
from tests.loopback.state import Json

Environ = dict[str, str]


class Home(Protocol):
    """Where the bot lives."""

    def sight(self, sighting: bytes) -> Told:
        """The second job of the monitor."""

    def propose(self, run: int, because: str) -> Proposed:
        """The second job of a training."""

    def sweep(self) -> str:
        """The look for what was missed; what it says of it."""

    def hear(self, event: str, payload: Json) -> None:
        """Something happened on GitHub."""


class Jobs:
    """No server: jobs of the workflow files, each with a token of its own that has the rights its file asks for."""

    def __init__(self, github: Loopback, folder: Path, registry: Registered) -> None:
        self.github, self.folder, self.registry = github, folder, registry

    def sight(self, sighting: bytes) -> Told:
        """`assay-monitor.yml`, as its schedule starts it."""
        return production.keep(self._job("assay-monitor.yml", "sight", "schedule"), sighting, "sighting.json")

    def propose(self, run: int, because: str) -> Proposed:
        """`assay-retrain.yml`, as the monitor starts it."""
        environ = self._job("assay-retrain.yml", "propose", "workflow_dispatch", GITHUB_RUN_ID=str(run))
        return proposals.propose(environ, "retrain", because, "assay-commit", "assay-facts")

    def sweep(self) -> str:
        """`assay-commands.yml`, as its schedule starts it."""
        said = job.handle(self._job("assay-commands.yml", "handle", "schedule"), self.registry)
        return re.fullmatch(r"schedule: (.*) \(\d+ requests\)", said)[1]  # type: ignore[index]

    def hear(self, event: str, payload: Json) -> None:
        """`assay-report.yml`, which hears that a check ended; of anything else in a pull request nothing is started."""
        if (event, payload["action"]) == ("workflow_run", "completed") and payload["workflow_run"]["path"].endswith(CHECK):
            environ = self._job("assay-report.yml", "report", event)
            publish(Gateway.from_environment(environ), Request(event, payload, server=environ["GITHUB_SERVER_URL"]))

    def _job(self, workflow: str, name: str, event: str, **more: str) -> Environ:
        return _environ(self.github, self.folder, event, GITHUB_TOKEN=self.github.token(NAME, **_rights(workflow, name)), **more)


class Service:
    """An App and its service; the jobs that read what a runner left have a token of that App."""

    def __init__(self, github: Loopback, folder: Path, registry: Registered) -> None:
        self.github, self.folder = github, folder
        self.app = github.app("assay", events=[each.name for each in EVENTS], **asked("write"))
        self.installation = github.install(self.app, [NAME])
        self.settings = load(
            webhook_secret=SECRET, app_id=self.app.id, app_slug=self.app.slug, private_key=self.app.private_key,
            write_spacing=0.0, github_api_url=github.url, github_server_url=github.url, registry_repository=NAME,
        )  # fmt: skip
        self.ways = Gateways.configured(self.settings)
        self.registries = lambda name: registry if name == NAME else None
        self.handler = service.handler(self.settings, self.ways, self.registries)

    def sight(self, sighting: bytes) -> Told:
        """The action `sight` with the App's token."""
        return production.keep(self._job("schedule"), sighting, "sighting.json")

    def propose(self, run: int, because: str) -> Proposed:
        """The action `propose` with the App's token."""
        environ = self._job("workflow_dispatch", GITHUB_RUN_ID=str(run))
        return proposals.propose(environ, "retrain", because, "assay-commit", "assay-facts")

    def sweep(self) -> str:
        """The service's own sweep, and what it put into the queue."""
        queue: list[Delivery] = []
        with capture_logs() as told:
            service.sweep(self.settings, self.ways, self.registries)(queue.append)
        for each in queue:
            self.handler(each)
        assert [each["event"] for each in told] == ["swept"], told
        return str(told[0]["said"])

    def hear(self, event: str, payload: Json) -> None:
        """A delivery."""
        whole = {**payload, "installation": {"id": self.installation.id}}
        self.handler(read("a delivery", event, json.dumps(whole).encode()))

    def _job(self, event: str, **more: str) -> Environ:
        token = self.github.app_token(self.app, NAME)
        return _environ(self.github, self.folder, event, GITHUB_TOKEN=token, ASSAY_APP_SLUG=self.app.slug, **more)


HOMES: Mapping[str, Any] = {"jobs": Jobs, "service": Service}


@cache
def _rights(workflow: str, name: str) -> Mapping[str, str]:
    """What a job of a workflow file of ours asks for."""
    found: dict[str, str] = yaml.safe_load((ROOT / "workflows" / workflow).read_text("utf-8"))["jobs"][name]["permissions"]
    return found


def _environ(github: Loopback, folder: Path, event: str, **more: str) -> Environ:
    """What a job of the default branch has in its environment; of the event its file tells the repository."""
    path = folder / "event.json"
    if not path.exists():
        _, payload = github.event(NAME, next(iter(github.repository(NAME).issues.values())), "opened")
        path.write_text(json.dumps({"repository": payload["repository"]}))
    known = {"ACTIONS": "true", "API_URL": github.url, "SERVER_URL": github.url, "REPOSITORY": NAME, "REF": "refs/heads/main"}
    named = {f"GITHUB_{name}": value for name, value in known.items()}
    return {**named, "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(path), **more}
