"""What Prometheus may ask."""

from prometheus_client.parser import text_string_to_metric_families

from bot.receiving.metrics import Metrics


def test_everything_is_exposed_as_prometheus_reads_it() -> None:
    metrics = Metrics()
    metrics.delivered("accepted", "accepted", 0.01)
    metrics.signed("old")
    metrics.waiting(5)
    metrics.handled("push", "handled", "done", 0.2)
    metrics.retried("push")
    metrics.adopted(2)
    metrics.ran("sweep", "done")
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.exposition().decode())
        for sample in family.samples
    }
    assert samples[("assay_deliveries_total", (("outcome", "accepted"), ("reason", "accepted")))] == 1
    assert samples[("assay_signature_slot_total", (("slot", "old"),))] == 1
    assert samples[("assay_queue_depth", ())] == 5
    assert samples[("assay_handled_total", (("event", "push"), ("outcome", "handled"), ("reason", "done")))] == 1
    assert samples[("assay_retries_total", (("event", "push"),))] == 1
    assert samples[("assay_adopted_total", ())] == 2
    assert samples[("assay_handling_seconds_count", (("event", "push"),))] == 1
    assert samples[("assay_answer_seconds_count", ())] == 1
    assert samples[("assay_periodic_total", (("name", "sweep"), ("outcome", "done")))] == 1


def test_names_that_anybody_may_write_make_no_series_of_their_own() -> None:
    metrics = Metrics()
    for number in range(100):
        metrics.handled(f"invented_{number}", "ignored", "unknown-event", 0.0)
        metrics.retried(f"invented_{number}")
    assert metrics.exposition().decode().count("invented") == 0
    assert metrics.registry.get_sample_value("assay_retries_total", {"event": "other"}) == 100


def test_two_services_do_not_share_counters() -> None:
    one, two = Metrics(), Metrics()
    one.signed("current")
    assert two.registry.get_sample_value("assay_signature_slot_total", {"slot": "current"}) is None
