"""What Prometheus may ask: how many deliveries, why, how long, how many wait. No names of repositories or people."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.receiving.shapes import SHAPES

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._deliveries = Counter(
            "assay_deliveries", "Requests to the webhook, by what became of them.", ["outcome", "reason"], registry=self.registry
        )
        self._slots = Counter(
            "assay_signature_slot", "Verified deliveries, by the secret that signed them.", ["slot"], registry=self.registry
        )
        self._answer = Histogram(
            "assay_answer_seconds", "From the request's headers to its answer.", buckets=_SECONDS, registry=self.registry
        )
        self._depth = Gauge("assay_queue_depth", "Deliveries that wait or are at work, in all processes.", registry=self.registry)
        self._handled = Counter(
            "assay_handled", "Deliveries that ended, by how and why.", ["event", "outcome", "reason"], registry=self.registry
        )
        self._retries = Counter("assay_retries", "Attempts that failed for something outside.", ["event"], registry=self.registry)
        self._seconds = Histogram(
            "assay_handling_seconds", "From the start of handling to its end, waits included.", ["event"], buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._adopted = Counter("assay_adopted", "Dead workers whose work was taken over.", registry=self.registry)
        self._periodic = Counter(
            "assay_periodic", "Runs of what is done every few minutes.", ["name", "outcome"], registry=self.registry
        )

    def delivered(self, outcome: str, reason: str, seconds: float) -> None:
        """A request was answered."""
        self._deliveries.labels(outcome, reason).inc()
        self._answer.observe(seconds)

    def signed(self, slot: str) -> None:
        """A signature held."""
        self._slots.labels(slot).inc()

    def waiting(self, depth: int) -> None:
        """So many wait."""
        self._depth.set(depth)

    def handled(self, event: str, outcome: str, reason: str, seconds: float) -> None:
        """A delivery ended."""
        name = _known(event)
        self._handled.labels(name, outcome, reason).inc()
        self._seconds.labels(name).observe(seconds)

    def retried(self, event: str) -> None:
        """An attempt failed for something outside."""
        self._retries.labels(_known(event)).inc()

    def adopted(self, count: int) -> None:
        """Work of so many dead workers was taken over."""
        self._adopted.inc(count)

    def ran(self, name: str, outcome: str) -> None:
        """Something periodic was done."""
        self._periodic.labels(name, outcome).inc()

    def exposition(self) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self.registry)


def _known(event: str) -> str:
    """The event's name where it is one of ours: GitHub does not sign names, and every new one would be a new series."""
    return event if event in SHAPES else "other"
