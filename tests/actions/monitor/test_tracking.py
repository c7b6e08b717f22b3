"""The numbers of looks on a real MLflow server."""

from typing import Any

import mlflow
import pytest

from actions.monitor import tracking
from actions.registry.client import Registry
from policy.problems import OutsideProblem
from policy.sighting import Severity, Sighting
from tests.policy.sightings import seen
from tests.registry import fresh, mlflow_server, registry

__all__ = ["mlflow_server", "registry"]


def look(model: str, day: int, severity: Severity = Severity.NONE, **numbers: float) -> Sighting:
    moment = f"2026-01-{day:02}T06:00:00+00:00"
    return seen(severity.value, model=model, at=moment, numbers=numbers)


def history(server: str, model: str, metric: str) -> list[tuple[int, int, float]]:
    client: Any = mlflow.MlflowClient(server)
    found = client.get_experiment_by_name(f"assay-monitor/{model}")
    (run,) = client.search_runs([found.experiment_id])
    assert run.info.status == "FINISHED"
    return sorted((each.step, each.timestamp, each.value) for each in client.get_metric_history(run.info.run_id, metric))


def test_looks_are_steps_of_one_run_in_the_order_of_time(registry: Registry, mlflow_server: str) -> None:
    model = fresh()
    for day, severity in ((2, Severity.HIGH), (1, Severity.NONE)):
        assert tracking.record(registry, look(model, day, severity, rows=100.0 * day, domain_auc=0.5))
    assert [value for _, _, value in history(mlflow_server, model, "rows")] == [100, 200]
    assert [value for _, _, value in history(mlflow_server, model, "severity")] == [0, 3]
    assert [step * 1000 for step, _, _ in history(mlflow_server, model, "rows")] == [
        moment for _, moment, _ in history(mlflow_server, model, "rows")
    ]


def test_a_look_is_written_once_and_stays_as_it_was(registry: Registry, mlflow_server: str) -> None:
    model = fresh()
    assert tracking.record(registry, look(model, 1, rows=100))
    assert not tracking.record(registry, look(model, 1, rows=999))
    assert [value for _, _, value in history(mlflow_server, model, "rows")] == [100]


def test_a_look_without_numbers_has_its_severity(registry: Registry, mlflow_server: str) -> None:
    model = fresh()
    assert tracking.record(registry, look(model, 1, Severity.HIGH))
    assert [value for _, _, value in history(mlflow_server, model, "severity")] == [3]


def test_models_do_not_share_a_run(registry: Registry, mlflow_server: str) -> None:
    one, other = fresh(), fresh()
    for model in (one, other):
        tracking.record(registry, look(model, 1, rows=1))
    assert len(history(mlflow_server, one, "rows")) == len(history(mlflow_server, other, "rows")) == 1


def test_a_server_that_is_away_is_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    away = Registry.connect({"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"})
    with pytest.raises(OutsideProblem, match="cannot be reached"):
        tracking.record(away, look("m", 1))
