"""DBOS in this process and in others: once for each, one at a time for each pull request, and taken over from the dead."""

import random
import socket
import sqlite3
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest

from bot.receiving.delivery import Delivery
from bot.receiving.worker import Worker
from policy.problems import OutsideProblem
from tests.bot.receiving.payloads import comment, push
from tests.bot.receiving.processes import Process, calls, effects, settled, several, workers
from tests.bot.receiving.scene import Bot, Noting, together, until


def test_wh_14_one_id_has_one_effect_however_often_it_comes(url: str) -> None:
    payload = comment()
    with Bot(url) as bot:
        answers = bot.post_all([("issue_comment", payload, "d-1")] * 20)
        assert {each.status for each in answers} == {202}
        assert sorted(each.reason for each in answers) == ["accepted"] + ["duplicate"] * 19
        bot.settle()
        assert bot.post("issue_comment", payload, "d-1").json == {"status": "duplicate", "reason": "duplicate"}
        bot.settle()
        assert len(bot.seen) == 1


def test_wh_15_and_16_replays_have_no_effect_and_twins_do_and_what_failed_is_processed_again(url: str) -> None:
    failing = ["d-failed"]

    def does(delivery: Delivery) -> str:
        if delivery.id in failing:
            failing.remove(delivery.id)
            raise KeyError("a bug")
        return "done"

    replayed, failed = comment(body="/train"), comment(body="/check")
    with Bot(url, Noting(does)) as bot:
        assert [bot.post("issue_comment", replayed, name).reason for name in ("d-1", "d-2")] == ["accepted", "replayed"]
        assert [bot.post("issue_comment", comment(body="/help"), name).reason for name in ("d-3", "d-4")] == ["accepted"] * 2
        assert bot.post("issue_comment", failed, "d-failed").reason == "accepted"
        bot.settle()
        assert bot.ended()["d-failed"] == ("failed", "bug")
        assert bot.post("issue_comment", failed, "d-failed").reason == "again"
        bot.settle()
        assert bot.ended() == dict.fromkeys(("d-1", "d-3", "d-4", "d-failed"), ("handled", "done"))
        assert sorted(each.id for each in bot.seen) == ["d-1", "d-3", "d-4", "d-failed", "d-failed"]


def test_one_at_a_time_for_each_pull_request_in_their_order_and_others_in_parallel(url: str) -> None:
    active: dict[str, int] = defaultdict(int)
    most: dict[str, int] = defaultdict(int)
    lock, both = threading.Lock(), threading.Barrier(2)

    def does(delivery: Delivery) -> str:
        with lock:
            active[delivery.partition] += 1
            active["all"] += 1
            for name in (delivery.partition, "all"):
                most[name] = max(most[name], active[name])
        if delivery.id.endswith("-0"):
            both.wait(10)  # passes only where two pull requests are at work at once
        time.sleep(0.002)
        with lock:
            active[delivery.partition] -= 1
            active["all"] -= 1
        return "done"

    given = [("issue_comment", comment(number), f"d-{number}-{index}") for index in range(12) for number in (1, 2)]
    with Bot(url, Noting(does)) as bot:
        assert {each.reason for each in bot.post_all(given)} == {"accepted"}
        bot.settle()
        for number in (1, 2):
            assert [each.id for each in bot.seen if each.number == number] == [f"d-{number}-{index}" for index in range(12)]
    assert (most["4711/1"], most["4711/2"], most["all"]) == (1, 1, 2)


def test_no_more_are_at_work_than_allowed(sqlite: str) -> None:
    lock, active, most = threading.Lock(), 0, 0

    def does(delivery: Delivery) -> str:
        nonlocal active, most
        with lock:
            active += 1
            most = max(most, active)
        time.sleep(0.02)
        with lock:
            active -= 1
        return "done"

    with Bot(sqlite, Noting(does), workers_concurrency=3) as bot:
        bot.post_all([("issue_comment", comment(number), f"d-{number}") for number in range(12)])
        bot.settle()
    assert most == 3


def test_pushes_that_follow_each_other_are_handled_as_the_newest(url: str) -> None:
    with Bot(url, debounce_seconds=0.5) as bot:
        for number in range(5):
            assert bot.post("push", push(), f"d-{number}").reason == "accepted"
        bot.post("push", push("other"), "other")
        bot.settle()
        assert sorted(each.id for each in bot.seen) == ["d-4", "other"]
        assert bot.ended() == {
            **{f"d-{number}": ("ignored", "superseded") for number in range(4)},
            "d-4": ("handled", "noted"),
            "other": ("handled", "noted"),
        }


def test_what_fails_outside_is_tried_again_later_and_in_order_with_the_rest(url: str) -> None:
    left = [OutsideProblem("502") for _ in range(4)]

    def does(delivery: Delivery) -> str:
        if delivery.id == "d-1" and left:
            raise left.pop()
        return "done"

    with Bot(url, Noting(does), retry_rounds=3) as bot:
        bot.post_all([("issue_comment", comment(), f"d-{number}") for number in (1, 2)])
        bot.settle()
        assert bot.ended() == {"d-1": ("handled", "done"), "d-2": ("handled", "done")}
        assert [each.id for each in bot.seen] == ["d-1"] * 3 + ["d-2"] + ["d-1"] * 2


def test_dbos_sends_nothing_anywhere(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[object] = []

    def connect(self: socket.socket, address: object) -> None:
        reached.append(address)
        raise OSError("nobody may be reached")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, connect)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: reached.append(given) or [])
    with Bot(sqlite) as bot:
        bot.post("issue_comment", comment(), "d-1")
        bot.settle()
    assert reached == []


def test_a_worker_that_others_think_dead_does_not_act(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Bot(url) as bot:
        worker: Worker = bot.service._worker
        monkeypatch.setattr(type(bot.service.lease), "sure", False)
        bot.post("issue_comment", comment(), "d-1")
        bot.settle()
        assert bot.ended() == {"d-1": ("handled", "noted")}, "it asked, and nobody had taken it over"
        monkeypatch.setattr(worker._queue, "owner", lambda workflow: "somebody-else")
        bot.post("issue_comment", comment(), "d-2")
        until(lambda: bot.service.queue.statuses(["d-2"]) == {"d-2": "PENDING"})
        time.sleep(0.2)
        assert [each.id for each in bot.seen] == ["d-1"]
        assert bot.ended()["d-2"] == ("queued", "")


def test_what_one_process_leaves_at_its_end_the_next_takes_up_at_once(url: str) -> None:
    go = threading.Event()
    payload = comment()

    def never(delivery: Delivery) -> str:
        go.wait(20)
        raise OutsideProblem("too late")

    with Bot(url, Noting(never), lease_seconds=600) as first:
        first.post("issue_comment", payload, "d-1")
        first.post("issue_comment", comment(), "d-2")
        until(lambda: first.handler.ids == ["d-1"])  # type: ignore[attr-defined]
    assert not first.service.idle
    with Bot(url, lease_seconds=600) as second:
        # Its lease is long, and yet it need not be waited for: whoever ends says so.
        until(lambda: [each.id for each in second.seen] == ["d-1", "d-2"])
        second.settle()
        assert second.ended() == {"d-1": ("handled", "noted"), "d-2": ("handled", "noted")}
        go.set()


def test_au_09_a_restored_backup_has_no_second_effect_under_another_name(sqlite: str, tmp_path: Path) -> None:
    """Deliveries keep their ids, by which a handler knows what it did; and what was handled before the backup stays handled."""
    file, backup = Path(sqlite.removeprefix("sqlite:///")), tmp_path / "backup"
    effects_: dict[str, int] = {}

    def does(delivery: Delivery) -> str:
        effects_.setdefault(delivery.id, len(effects_))
        return "done"

    payloads = {name: comment() for name in ("before", "queued", "after")}
    with Bot(sqlite, Noting(does)) as bot:
        bot.post("issue_comment", payloads["before"], "before")
        bot.settle()
    with Bot(sqlite, role="web") as bot:
        bot.post("issue_comment", payloads["queued"], "queued")
        with sqlite3.connect(file) as source, sqlite3.connect(backup) as target:
            source.backup(target)
        bot.post("issue_comment", payloads["after"], "after")
    with Bot(sqlite, Noting(does)) as bot:
        bot.settle()
    assert set(effects_) == {"before", "queued", "after"}
    with Bot(f"sqlite:///{backup}", Noting(does)) as bot:
        bot.settle()
        assert [each.id for each in bot.seen] == ["queued"]
        assert bot.post("issue_comment", payloads["before"], "before").reason == "duplicate"
        assert bot.post("issue_comment", payloads["queued"], "replay").reason == "replayed"
    assert len(effects_) == 3


def killed_at_the_worst_moments(url: str, folder: Path) -> None:
    with Process(url, folder).ready() as first:
        assert first.post(comment(body="/die-before"), "before") == 202
        first.died()
    assert (calls(folder), effects(folder)) == ({"before": 1}, {})
    with Process(url, folder).ready() as second:
        settled(folder, {"before"})
        assert (calls(folder), effects(folder)) == ({"before": 2}, {"before": 1})
        assert second.post(comment(8, "/die-after"), "after") == 202
        second.died()
    assert effects(folder) == {"before": 1, "after": 1}
    with Process(url, folder).ready() as third:
        until(lambda: calls(folder)["after"] == 2)
        assert third.post(comment(9), "more") == 202
        settled(folder, {"more"})
        assert (calls(folder), effects(folder)) == ({"before": 2, "after": 2, "more": 1}, {"before": 1, "after": 1, "more": 1})
        assert third.end() == 0


@pytest.mark.slow
def test_wh_24_a_kill_between_answer_and_effect_or_between_effect_and_commit_changes_nothing(
    sqlite: str, postgresql: str, tmp_path: Path
) -> None:
    urls = {"sqlite": sqlite, "postgresql": postgresql}
    together([lambda kind=kind: killed_at_the_worst_moments(urls[kind], tmp_path / kind) for kind in urls])


def test_wh_24_kills_at_random_moments_lose_and_double_nothing(sqlite: str, tmp_path: Path) -> None:
    chance, folder = random.Random(7), tmp_path / "marks"
    accepted: set[str] = set()
    number = 0
    for _ in range(2):
        with Process(sqlite, folder).ready() as process:
            end = time.monotonic() + chance.uniform(0.2, 0.6)
            while time.monotonic() < end:
                number += 1
                if process.post(comment(number % 5), f"d-{number}") == 202:
                    accepted.add(f"d-{number}")
            process.kill()
    with Process(sqlite, folder).ready():
        settled(folder, accepted)
    assert len(accepted) > 2
    assert set(effects(folder).values()) == {1}
    assert set(effects(folder)) >= accepted


def test_au_10_two_replicas_share_the_work_and_one_takes_over_from_the_other(postgresql: str, tmp_path: Path) -> None:
    folder = tmp_path / "marks"
    one, two = (Process(postgresql, folder, workers_concurrency=2) for _ in range(2))
    with several(one, two):
        one.ready(), two.ready()
        names = {f"d-{number}" for number in range(30)}
        for number in range(30):
            assert (one, two)[number % 2].post(comment(number % 10, "/sleep 0.02"), f"d-{number}") == 202
        settled(folder, names)
        assert calls(folder) == effects(folder) == dict.fromkeys(names, 1)
        assert set(workers(folder).values()) == {one.process.pid, two.process.pid}
        more = {f"d-{number}" for number in range(30, 50)}
        for number in range(30, 50):
            assert two.post(comment(number % 10, "/sleep 0.3"), f"d-{number}") == 202
        until(lambda: any(workers(folder).get(name) == one.process.pid for name in more - set(effects(folder))))
        one.kill()
        settled(folder, names | more)
        assert effects(folder) == dict.fromkeys(names | more, 1)
        assert "took over the work of dead workers" in two.log.read_text("utf-8")


def test_web_and_worker_may_be_processes_of_their_own(sqlite: str, tmp_path: Path) -> None:
    folder = tmp_path / "marks"
    web, worker = Process(sqlite, folder, role="web"), Process(sqlite, folder, role="worker")
    with several(web, worker):
        web.ready(), worker.ready()
        assert worker.post(comment(), "nobody") == 404
        assert web.post(comment(), "d-1") == 202
        settled(folder, {"d-1"})
        assert workers(folder) == {"d-1": worker.process.pid}
        assert (web.end(), worker.end()) == (0, 0)
