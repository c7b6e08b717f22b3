"""The registry as the bot asks it, on a real MLflow server."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.registry import evidence
from actions.registry.client import Registry
from assay.registered import Registered
from policy import origin
from policy.problems import OutsideProblem, UserProblem
from tests.policy.test_origin import SOME
from tests.registry import fresh, mlflow_server, registry

__all__ = ["mlflow_server", "registry"]


def test_where_no_registry_is_named_there_is_none() -> None:
    assert Registered.of({}) is None
    assert Registered.of({"MLFLOW_TRACKING_URI": ""}) is None


def test_what_is_to_be_loaded_soon_is_loaded_beside_and_answers_as_ever(mlflow_server: str) -> None:
    found = Registered({"MLFLOW_TRACKING_URI": mlflow_server})
    found.soon()
    assert found.versions(fresh()) == []
    assert not [each for each in threading.enumerate() if each.name == "assay-registry" and each.daemon], "the end waits for it"


def test_it_says_what_the_server_knows(registry: Registry, mlflow_server: str, tmp_path: Path) -> None:
    found = Registered.of({"MLFLOW_TRACKING_URI": mlflow_server})
    assert found is not None
    name = fresh()
    with pytest.raises(UserProblem, match="no version"):
        found.lineage(f"{name}@1")
    run = registry.begin(f"assay/{name}", "a run", {})
    registry.create(name, run, "model", origin.tags(SOME))
    step = found.lineage(f"{name}@1").step
    assert step.origin == SOME and found.facts(step) is None
    (tmp_path / evidence.FACTS).write_bytes(b"{}")
    registry.upload(run.id, tmp_path, evidence.folder(SOME))
    assert found.facts(step) == b"{}"


def test_it_lists_versions_and_moves_aliases(registry: Registry, mlflow_server: str) -> None:
    found = Registered({"MLFLOW_TRACKING_URI": mlflow_server})
    name = fresh()
    assert found.versions(name) == []
    run = registry.begin(f"assay/{name}", "a run", {})
    registry.create(name, run, "model", origin.tags(SOME))
    registry.create(name, run, "model", {})
    found.move(name, "production", 1, None, datetime.now(UTC))
    ours, stranger = found.versions(name)
    assert ours.aliases == ("production",) and ours.origin == SOME
    assert stranger.origin is None and stranger.faults and stranger.run == run.id
    with pytest.raises(OutsideProblem, match="somebody moved it"):
        found.move(name, "production", 2, None, datetime.now(UTC))


def test_only_the_one_repository_is_told_of_it() -> None:
    environ = {"MLFLOW_TRACKING_URI": "http://localhost:1"}
    found = Registered.of_one(environ, "acme/flights")
    assert found("acme/flights") is found("Acme/Flights") is not None
    assert found("acme/other") is None and found("") is None
    assert Registered.of_one(environ, "")("acme/flights") is None
    assert Registered.of_one({}, "acme/flights")("acme/flights") is None
