"""A job of `assay-promote.yml`: a repository at a GitHub on loopback, a real registry, and a request that is approved."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from actions.registry.client import Registry
from assay.registered import Registered
from bot.gateway.allowance import Allowance
from policy import origin
from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.promotion.court import POLICY, Court, court
from tests.registry import fresh, mlflow_server, registry

__all__ = ["here", "job", "mlflow_server", "registry"]


@dataclass
class Job:
    """The request `number` asks for version 2 of `model` in staging, whose alias points to version 1."""

    there: Court
    model: str
    number: int
    registry: Registry
    folder: Path


@pytest.fixture
def job(here: Scene, registry: Registry, mlflow_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Job:
    """The scene, and the environment of the job; ask for the fixture `assay` before it."""
    model = fresh("flight")
    there = court(here, POLICY.replace("flight-delay", model))
    registry.create(model, run := registry.begin(f"assay/{model}", "a run", {}), "model", tags(there, 0))
    registry.create(model, run, "model", tags(there, 1))
    registry.point(model, "staging", 1)
    known = Registered.of({"MLFLOW_TRACKING_URI": mlflow_server})
    there.chat.around = replace(there.chat.around, registry=known)
    number = there.ask(f"/promote {model} to staging")
    there.approve(number, "carol")
    as_in_a_job(monkeypatch, here, mlflow_server)
    return Job(there, model, number, registry, tmp_path)


def tags(there: Court, place: int) -> dict[str, str]:
    """Those of a version of the court's shelf."""
    found = there.shelf.origins[place]
    assert found is not None
    return origin.tags(found)


def as_in_a_job(monkeypatch: pytest.MonkeyPatch, here: Scene, server: str) -> None:
    """Set what a job has in its environment."""
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": here.github.url,
        "GITHUB_SERVER_URL": here.github.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_TOKEN": here.token,
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_RUN_ID": "4711",
        "MLFLOW_TRACKING_URI": server,
    }.items():
        monkeypatch.setenv(name, value)
    # In a job writes keep a second apart, which a test need not wait for.
    monkeypatch.setattr(Allowance, "turn", lambda *given: None)
