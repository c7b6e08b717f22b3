import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from policy.problems import UserProblem
from reports import vega


@pytest.fixture
def listener():
    """An address on loopback, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *parts):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/data.json", asked
    server.shutdown()
    server.server_close()


def test_the_converter_does_not_fetch_data(listener):
    address, asked = listener
    for convert in (vega.svg, vega.png):
        with pytest.raises(UserProblem, match="cannot be drawn"):
            convert({"data": {"url": address}, "mark": "point"})
    assert asked == []


def test_a_chart_has_a_size_even_where_nobody_gives_one():
    values = [{"name": f"name {at}"} for at in range(200)]
    svg = vega.svg({"data": {"values": values}, "mark": "bar", "encoding": {"x": {"field": "name", "type": "nominal"}}})
    assert float(svg.split('width="')[1].split('"')[0]) < 800


def test_a_specification_that_does_not_work_is_a_user_s_problem_in_one_line():
    with pytest.raises(UserProblem) as problem:
        vega.svg({"data": {"values": []}, "mark": {"type": "no such mark"}, "encoding": {"x": {"field": 1, "type": []}}})
    assert "\n" not in str(problem.value)
