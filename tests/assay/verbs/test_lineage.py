"""`assay lineage`: text, JSON and a chart of what a registry says; what is missing is exit code 1."""

import json
from pathlib import Path

import pytest

from actions.registry.client import Registry
from policy import origin
from tests.assay.conftest import Assay, told
from tests.policy.test_origin import SOME
from tests.registry import fresh, mlflow_server, registry

__all__ = ["mlflow_server", "registry"]


@pytest.fixture
def model(registry: Registry, mlflow_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model with two versions, the second of unknown origin."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    name = fresh("flight")
    run = registry.begin(f"assay/{name}", "a run", {})
    registry.create(name, run, "model", origin.tags(SOME))
    registry.create(name, run, "model", {})
    registry.point(name, "champion", 1)
    return name


def test_the_text_is_for_people(assay: Assay, model: str, tmp_path: Path) -> None:
    done = assay("lineage", f"{model}@champion", cwd=tmp_path)
    assert done.code == 0
    lines = [line.strip() for line in done.out.splitlines()]
    assert any(line.startswith("version") and f"{model}@1 (champion)" in line for line in lines)
    assert any(line.startswith("data") and "data/raw.csv" in line for line in lines)


def test_json_and_mermaid_are_for_machines_and_pages(assay: Assay, model: str, tmp_path: Path) -> None:
    found = json.loads(assay("lineage", f"{model}@1", "--json", cwd=tmp_path).out)
    assert (found["version"], found["origin"]["code_sha"]) == (1, SOME.code_sha)
    assert assay("lineage", f"{model}@1", "--mermaid", cwd=tmp_path).out.startswith("```mermaid\n")
    (line,) = told(assay("lineage", f"{model}@1", "--mermaid", "--json", cwd=tmp_path), 2)
    assert "one form" in line


def test_a_version_without_origin_is_exit_code_1(assay: Assay, model: str, tmp_path: Path) -> None:
    done = assay("lineage", f"{model}@2", cwd=tmp_path)
    assert done.code == 1
    assert "the tag `assay.code_sha` is missing" in done.out


def test_what_is_not_known_is_exit_code_2(assay: Assay, model: str, tmp_path: Path) -> None:
    (line,) = told(assay("lineage", f"{model}@9", cwd=tmp_path), 2)
    assert "no such version" in line
    (line,) = told(assay("lineage", model, cwd=tmp_path), 2)
    assert "names no version" in line


def test_the_registry_may_be_named_in_the_policy(
    assay: Assay, model: str, mlflow_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    (line,) = told(assay("lineage", f"{model}@1", cwd=tmp_path), 2)
    assert "no registry is named" in line
    (tmp_path / "assay.yml").write_text(f"version: 1\nregistry: {{uri: '{mlflow_server}'}}\n")
    assert assay("lineage", f"{model}@1", cwd=tmp_path).code == 0
