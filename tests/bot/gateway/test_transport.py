"""Patience has bounds, a refusal is no reason to insist, and nothing is written twice."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bot.gateway import Forbidden, Gateway, NotThere
from bot.gateway.problems import Refused
from bot.gateway.records import CheckRun
from bot.gateway.transport import Answer, Transport
from policy.problems import OutsideProblem
from tests.bot.gateway.scene import ME, REPOSITORY, Scene, scene
from tests.loopback.server import running


@contextmanager
def elsewhere(status: int, location: str) -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything with a redirect (to itself where `location` is empty), and what it heard."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(status)
            self.send_header("Location", location or f"http://127.0.0.1:{server.server_port}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *values: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["status", "drop", "half"])
def test_ap_01_a_failure_in_passing_is_tried_again(here: Scene, kind: str) -> None:
    here.github.fail(kind, "GET", "/pulls/", times=2, status=502)
    assert here.gateway.pull_request(here.number).head_sha == here.head
    assert len(here.waits) == 2


def test_ap_01_a_failure_that_lasts_ends_as_a_problem_of_the_worlds(here: Scene) -> None:
    here.github.fail("status", "GET", "/pulls/", times=None, status=503)
    with pytest.raises(OutsideProblem, match="GitHub failed"):
        here.gateway.pull_request(here.number)
    assert here.gateway.requests == 4 and sum(here.waits) < 20


def test_ap_01_a_missing_permission_is_never_tried_again(here: Scene) -> None:
    reader = here.as_token(here.github.token(REPOSITORY, "read"))
    with pytest.raises(Forbidden, match="permissions:") as caught:
        reader.create_comment(here.number, "hello")
    assert "pull-requests: write" in caught.value.next
    assert reader.requests == 1 and here.waits == []


def test_ap_01_a_secondary_limit_is_waited_out_as_told(here: Scene) -> None:
    here.github.fail("secondary", "POST", "/comments", retry_after=7)
    here.gateway.create_comment(here.number, "hello")
    assert len(here.waits) == 1 and 7 <= here.waits[0] <= 8
    assert len(here.github.comments(REPOSITORY, here.number)) == 1


def test_ap_01_a_secondary_limit_that_does_not_say_how_long_is_waited_out_for_a_minute(here: Scene) -> None:
    here.github.fail("secondary", "GET", "/pulls/", retry_after=None)
    here.gateway.pull_request(here.number)
    assert len(here.waits) == 1 and 60 <= here.waits[0] <= 72


def test_ap_01_a_limit_that_lasts_longer_than_a_job_should_is_a_problem_at_once(here: Scene) -> None:
    here.github.fail("secondary", "GET", "/pulls/", retry_after=3_600)
    with pytest.raises(OutsideProblem, match="asks to wait"):
        here.gateway.pull_request(here.number)
    assert here.waits == []


def test_ap_01_the_hours_limit_is_waited_for_only_if_it_ends_soon(here: Scene) -> None:
    here.github.fail("primary", "GET", "/pulls/")
    here.gateway.pull_request(here.number)
    assert len(here.waits) == 1 and 0 < here.waits[0] <= 62


def test_ap_01_what_was_created_just_now_is_looked_for_again(here: Scene) -> None:
    made = here.gateway.create_check_run(CheckRun("assay / data", here.head, "1", "queued", None, "t", "s"))
    here.github.fail("status", "PATCH", f"/check-runs/{made}$", times=2, status=404, message="Not Found")
    here.gateway.update_check_run(made, CheckRun("assay / data", here.head, "1", "completed", "success", "t", "s"))
    assert here.github.state.repositories[REPOSITORY].checks[made].conclusion == "success"
    assert len(here.waits) == 2
    here.github.fail("status", "GET", "/pulls/", status=404, message="Not Found")
    with pytest.raises(NotThere):
        here.gateway.pull_request(here.number)
    assert len(here.waits) == 2


def test_ap_01_an_answer_that_never_comes_is_given_up(here: Scene) -> None:
    quick = scene(here.github, here.token, timeout=1)
    here.github.fail("slow", "GET", "/pulls/", seconds=1.4)
    began = time.monotonic()
    assert quick.gateway.pull_request(here.number).number == here.number
    assert time.monotonic() - began > 1 and len(quick.waits) == 1


@pytest.mark.parametrize("kind", ["status", "drop", "half"])
def test_ap_02_a_comment_whose_answer_was_lost_is_not_written_twice(here: Scene, kind: str) -> None:
    here.github.fail(kind, "POST", "/comments", after=True, status=504)
    made = here.gateway.create_comment(here.number, "once")
    (there,) = here.github.comments(REPOSITORY, here.number)
    assert made.id == there.id


def test_ap_02_an_equal_comment_by_somebody_else_is_not_taken_for_ours(here: Scene) -> None:
    here.github.comment(REPOSITORY, here.number, "once", author="mallory")
    here.github.fail("status", "POST", "/comments", status=500)
    made = here.gateway.create_comment(here.number, "once")
    assert made.author_login == ME.login and len(here.github.comments(REPOSITORY, here.number)) == 2


def test_ap_03_what_did_not_change_is_confirmed_for_nothing(here: Scene) -> None:
    for number in range(130):
        here.github.comment(REPOSITORY, here.number, f"comment {number}")
    first = here.gateway.comments(here.number)
    left = here.github.state.tokens[here.token].remaining
    assert here.gateway.comments(here.number) == first
    assert here.github.state.tokens[here.token].remaining == left
    assert [seen.status for seen in here.github.requests] == [200, 200, 304, 304]
    here.github.comment(REPOSITORY, here.number, "one more")
    assert len(here.gateway.comments(here.number)) == 131
    assert here.transport.memory.size < 1 << 20


def test_ap_03_what_somebody_does_with_an_answer_is_not_remembered(here: Scene) -> None:
    here.transport.send("GET", f"/repos/{REPOSITORY}").data.clear()
    again = here.transport.send("GET", f"/repos/{REPOSITORY}")
    assert again.status == 200 and again.data["full_name"] == REPOSITORY
    assert here.github.requests[-1].status == 304


def test_ap_03_another_token_asks_for_itself(here: Scene) -> None:
    here.gateway.repository()
    here.as_token(here.github.token(REPOSITORY, "read")).repository()
    assert [seen.status for seen in here.github.requests] == [200, 200]


def test_ap_03_what_is_gone_or_forbidden_by_now_is_not_answered_from_memory(here: Scene) -> None:
    path = f"/repos/{REPOSITORY}/issues/comments/{here.github.comment(REPOSITORY, here.number, 'x').id}"
    here.transport.send("GET", path)
    here.github.state.repositories[REPOSITORY].comments.clear()
    with pytest.raises(NotThere):
        here.transport.send("GET", path)


def test_ap_04_a_low_budget_is_known(here: Scene) -> None:
    here.gateway.repository()
    assert not here.gateway.budget_low
    here.github.state.tokens[here.token].remaining = 50
    here.gateway.repository()
    assert here.gateway.budget_low


def test_ap_04_the_budget_is_not_low_any_more_when_the_hour_is_over(here: Scene) -> None:
    here.github.state.tokens[here.token].remaining = 50
    here.gateway.repository()
    assert here.gateway.budget_low
    here.transport.clock = lambda: time.time() + 3_600
    assert not here.gateway.budget_low


def test_ap_07_a_renamed_repository_leads_on_with_query_method_and_body(here: Scene) -> None:
    here.github.commit(REPOSITORY, {"assay.yml": "version: 2\n"})
    here.github.rename(REPOSITORY, "acme/planes")
    assert here.gateway.file("assay.yml", here.base) == b"version: 1\n"
    made = here.gateway.create_comment(here.number, "hello")
    assert [each.id for each in here.github.comments("acme/planes", here.number)] == [made.id]
    for number in range(120):
        here.github.comment("acme/planes", here.number, f"comment {number}")
    assert len(here.gateway.comments(here.number)) == 121
    assert here.waits == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_ap_07_a_redirect_to_elsewhere_is_not_followed(here: Scene, status: int) -> None:
    number = here.github.state.repositories[REPOSITORY].id
    with elsewhere(status, f"{here.github.url}/repositories/{number}") as (url, heard):
        stranger = Gateway(Transport.to(url, here.token), REPOSITORY, ME)
        with pytest.raises(OutsideProblem, match="another address"):
            stranger.repository()
    assert len(heard) == 1 and here.github.requests == []


def test_ap_07_a_redirect_in_a_circle_is_given_up(here: Scene) -> None:
    with elsewhere(308, "") as (url, heard):
        lost = Transport.to(url, here.token)
        lost.pause = here.waits.append
        with pytest.raises(OutsideProblem, match="circle"):
            lost.send("GET", "/around")
    assert len(heard) == 3 and here.waits == []


def test_ap_07_a_list_that_continues_elsewhere_is_not_followed(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def lying(verb: str, path: str, **_: object) -> Answer:
        sent.append(path)
        return Answer(200, {"link": '<http://169.254.169.254/latest?page=2>; rel="next"'}, [{}])

    monkeypatch.setattr(here.transport, "send", lying)
    with pytest.raises(OutsideProblem, match="another address"):
        list(here.transport.pages("/repos/acme/flights/pulls"))
    assert len(sent) == 1


def test_ap_08_the_token_is_in_no_log_no_problem_and_no_repr(here: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    here.github.fail("status", "GET", "/pulls/", times=None, status=500)
    shown = [repr(here.gateway), repr(here.transport), repr(vars(here.gateway))]
    for act in (lambda: here.gateway.pull_request(here.number), lambda: here.gateway.pull_request(404_404)):
        with pytest.raises(Exception) as caught:
            act()
        shown += [repr(caught.value), str(caught.value)]
    nowhere = Transport.to("http://localhost:9", here.token)
    nowhere.pause = here.waits.append
    with pytest.raises(OutsideProblem, match="cannot be reached") as unreachable:
        nowhere.send("GET", "/user")
    shown.append(str(unreachable.value))
    assert here.token not in "\n".join([*shown, caplog.text])


def test_ap_08_answers_that_hold_secrets_are_in_no_log(here: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    here.gateway.create_comment(here.number, "canary-in-a-comment")
    here.gateway.comments(here.number)
    assert "/comments" in caplog.text and "canary" not in caplog.text and here.token not in caplog.text


def test_several_threads_share_a_transport_and_each_gets_its_own_answer(here: Scene) -> None:
    files = {f"data/{number}.txt": f"content of {number}" for number in range(24)}
    here.github.commit(REPOSITORY, dict(files))
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda path: here.gateway.file(path, "main"), [*files] * 4))
    assert found == [content.encode() for content in files.values()] * 4
    assert len(here.github.requests) == len(found)


def test_ap_09_writes_of_several_threads_are_spaced(here: Scene) -> None:
    here.transport.spacing, here.transport.pause = 0.05, time.sleep
    began = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda at: here.gateway.create_comment(here.number, f"hello {at}"), range(6)))
    assert time.monotonic() - began >= 5 * 0.05
    assert len(here.github.comments(REPOSITORY, here.number)) == 6


def test_ap_09_reads_wait_for_no_turn(here: Scene) -> None:
    here.transport.spacing, here.transport.clock = 1.0, lambda: 100.0
    here.gateway.create_comment(here.number, "hello")
    for _ in range(3):
        here.gateway.comments(here.number)
    assert here.waits == []


def test_ap_09_writes_are_spaced(here: Scene) -> None:
    here.transport.spacing, here.transport.clock = 1.0, lambda: 100.0
    for _ in range(3):
        here.gateway.create_comment(here.number, "hello")
    assert here.waits == [1.0, 1.0]


def test_a_download_carries_no_token_to_where_it_leads(here: Scene) -> None:
    run = here.github.run(REPOSITORY, here.head, "feature")
    made = here.github.artifact(REPOSITORY, run, "assay-facts", b"PK-something")
    assert here.gateway.download(made.id, 100) == b"PK-something"
    (storage,) = [seen for seen in here.github.log if seen.kind == "storage"]
    assert "authorization" not in {name.lower() for name in storage.headers}


def test_ga_03_a_download_stops_at_its_limit(here: Scene) -> None:
    run = here.github.run(REPOSITORY, here.head, "feature")
    made = here.github.artifact(REPOSITORY, run, "assay-facts", b"0" * 3_000_000)
    with pytest.raises(Refused, match="more than 1,000 bytes"):
        here.gateway.download(made.id, 1_000)


def test_what_is_not_there_is_a_problem_of_its_own(here: Scene) -> None:
    with pytest.raises(NotThere):
        here.gateway.pull_request(404_404)


def test_a_wrong_token_is_refused_with_advice() -> None:
    with running() as github:
        stranger = scene(github, token="ghs_wrong")
        with pytest.raises(Forbidden, match="not valid"):
            stranger.gateway.repository()
