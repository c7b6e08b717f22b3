"""A sighting as Prometheus reads it."""

from prometheus_client.parser import text_string_to_metric_families

from policy.reasons import Reason
from policy.result import Result, Status
from policy.sighting import Severity, Sighting
from reports.exposition import prometheus


def sighting(model: str = "flight-delay") -> Sighting:
    leaf = Result(name="heat", status=Status.FAILED, reason=Reason.MONITOR_GONE, values={"column": "heat", "severity": "high"})
    whole = Result(name="monitor", status=Status.FAILED, reason=Reason.MONITOR_FINDINGS, children=[leaf, leaf])
    return Sighting(
        model=model,
        at="2026-01-31T06:00:00+00:00",
        severity=Severity.HIGH,
        result=whole,
        numbers={"rows": 12_000_000.0, "domain_auc": 0.75},
    )


def read(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels.get("name") or sample.labels.get("severity") or ""): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_what_was_seen() -> None:
    assert read(prometheus(sighting())) == {
        ("assay_monitor_severity", ""): 3,
        ("assay_monitor_looked_timestamp_seconds", ""): 1_769_839_200,
        ("assay_monitor_findings", "low"): 0,
        ("assay_monitor_findings", "medium"): 0,
        ("assay_monitor_findings", "high"): 2,
        ("assay_monitor_number", "rows"): 12_000_000,
        ("assay_monitor_number", "domain_auc"): 0.75,
    }


def test_a_name_cannot_end_its_label() -> None:
    name = 'a"} 1\nassay_monitor_severity{model="\\'
    samples = [each for family in text_string_to_metric_families(prometheus(sighting(name))) for each in family.samples]
    assert {each.labels["model"] for each in samples} == {name}


def test_a_look_without_numbers_has_no_line_for_them() -> None:
    text = prometheus(sighting().model_copy(update={"numbers": {}}))
    assert "assay_monitor_number" not in text
    assert text.endswith("\n")
