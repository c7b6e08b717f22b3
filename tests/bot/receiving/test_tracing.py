"""Traces go where they are asked for, and nowhere else."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot.receiving import tracing
from tests.bot.receiving.payloads import comment
from tests.bot.receiving.test_delivery import delivered

ROOT = Path(__file__).parents[3]
SCRIPT = """
import os, sys
sys.path.insert(0, {root!r})
from bot.receiving import tracing
from tests.bot.receiving.payloads import comment
from tests.bot.receiving.test_delivery import delivered
provider = tracing.start(os.environ)
delivery = delivered("issue_comment", comment(body="hunter2"))
with tracing.receiving(delivery) as parent:
    pass
with tracing.handling(parent, delivery) as span:
    span.set_attribute("assay.reason", "done")
provider.shutdown()
"""


def test_without_an_endpoint_nothing_is_set_up() -> None:
    assert tracing.start({}) is None
    delivery = delivered("issue_comment", comment())
    with tracing.receiving(delivery) as parent:
        assert parent == ""
    with tracing.handling(parent, delivery) as span:
        assert not span.is_recording()


def test_taking_in_and_handling_are_one_trace_without_any_body() -> None:
    received: list[ExportTraceServiceRequest] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            received.append(ExportTraceServiceRequest.FromString(raw))
            assert b"hunter2" not in raw
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *values: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environ = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}"}
    script = SCRIPT.format(root=str(ROOT))
    subprocess.run([sys.executable, "-c", script], env=environ, check=True, timeout=60, cwd=ROOT)
    server.shutdown()
    server.server_close()
    spans = {span.name: span for each in received for one in each.resource_spans for two in one.scope_spans for span in two.spans}
    assert set(spans) == {"receive", "handle"}
    assert spans["handle"].trace_id == spans["receive"].trace_id
    assert spans["handle"].parent_span_id == spans["receive"].span_id
    attributes = {each.key: each.value.string_value or each.value.int_value for each in spans["handle"].attributes}
    assert attributes["assay.delivery"] == "d-1" and attributes["assay.number"] == 7 and attributes["assay.reason"] == "done"


def test_a_trace_that_is_none_is_no_reason_to_fail() -> None:
    with tracing.handling("nonsense", delivered("issue_comment", comment())) as span:
        assert not span.is_recording()
