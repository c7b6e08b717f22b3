"""OpenTelemetry traces, where an endpoint is configured; otherwise a delivery is taken in without a span."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from bot.receiving.delivery import Delivery

_PROPAGATOR = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("assay")


def start(environ: Mapping[str, str]) -> Any:
    """A provider that exports as OTEL_EXPORTER_OTLP_ENDPOINT says; None where nothing is configured. End it with `shutdown()`."""
    if not (environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")):
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = environ.get("OTEL_SERVICE_NAME") or "assay"
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


@contextmanager
def receiving(delivery: Delivery) -> Iterator[str]:
    """The span in which a delivery is taken in. Yields the trace to remember with it; empty where there are no traces."""
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        yield ""
        return
    with _tracer.start_as_current_span("receive", kind=SpanKind.PRODUCER, attributes=_attributes(delivery)):
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        yield carrier.get("traceparent", "")


@contextmanager
def handling(traceparent: str, delivery: Delivery) -> Iterator[Span]:
    """The span in which a delivery is handled, in the trace that it was taken in with."""
    parent = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    attributes = _attributes(delivery)
    with _tracer.start_as_current_span(
        "handle", parent, kind=SpanKind.CONSUMER, attributes=attributes, record_exception=False
    ) as span:
        yield span


def _attributes(delivery: Delivery) -> dict[str, Any]:
    return {f"assay.{name}": value for name, value in delivery.context.items() if value not in (None, "")}
