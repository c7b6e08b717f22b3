"""The ledger's branch, written: by several at once, by a writer that crashes, and after somebody tampered with it."""

import threading
import time
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import perform
from bot.effects import Enter
from bot.gateway import entering
from bot.gateway.entering import LedgerGateway, Tail, Unwritable
from bot.gateway.problems import Forbidden, Refused
from policy import ledger
from policy.ledger import BRANCH, Decision, Draft, Kept
from policy.problems import OutsideProblem
from tests.assay.conftest import Assay
from tests.assay.conftest import assay as assay
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.repositories import Repo


def order(key: str, because: str = "the data is better") -> Enter:
    draft = Draft(key=key, decision=Decision.HELD, reason="hold-began", repository=1)
    return Enter(draft, "mona", 7, because)


@pytest.fixture
def gateway(here: Scene) -> LedgerGateway:
    return LedgerGateway.of(here.gateway)


def files(here: Scene) -> list[bytes]:
    """The entries' files on the branch, in their order."""
    git = here.github.repository(REPOSITORY).git
    tip = git.sha(BRANCH)
    assert tip
    entries = [each for each in git.tree(tip, recursive=True) if ledger.sequence_of(each.path)]
    return [git.read(each.sha) for each in sorted(entries, key=lambda each: each.path)]


def chain(here: Scene) -> list[Kept]:
    found = ledger.check(files(here))
    assert found.fault is None, found.fault
    return list(found.entries)


def verified(here: Scene, assay: Assay, folder: Path) -> None:
    """What `assay audit verify` says of a clone."""
    clone = Repo(folder / "clone", dvc=False)
    clone.git("remote", "add", "origin", str(here.github.repository(REPOSITORY).git.path))
    done = assay("audit", "verify", cwd=clone.root)
    assert done.code == 0, (done.out, done.err)


def test_the_first_entry_begins_a_branch_that_holds_nothing_of_the_repository(
    here: Scene, gateway: LedgerGateway, assay: Assay, tmp_path: Path
) -> None:
    (made,) = gateway.enter([order("a")])
    assert made.entry.sequence == 1 and made.personal and made.personal.login == "mona"
    assert set(gateway.tree(BRANCH)) == {"README.md", ledger.path(1)}
    verified(here, assay, tmp_path)


def test_au_01_a_name_stands_in_the_personal_half_alone_and_the_time_is_the_servers(here: Scene, gateway: LedgerGateway) -> None:
    (made,) = gateway.enter([order("a", "mona says so")])
    assert "mona" not in made.entry.model_dump_json()
    assert made.entry.time.endswith("+00:00")
    (again,) = gateway.enter([order("b", "mona says so")])
    assert again.entry.actor != made.entry.actor, "each has a salt of its own"


def test_a_key_is_entered_once_and_several_of_one_order_follow_each_other(here: Scene, gateway: LedgerGateway) -> None:
    gateway.enter([order("a"), order("b"), order("a")])
    assert gateway.enter([order("b"), order("c")])[0].entry.key == "c"
    assert [each.entry.key for each in chain(here)] == ["a", "b", "c"]


def test_entering_takes_three_requests_and_one_more_for_each_after(here: Scene, gateway: LedgerGateway) -> None:
    gateway.enter([order("a")])
    for orders, most in ((["b"], 3), (["b"], 2), (["c", "d"], 4), ([], 0)):
        before = gateway.requests
        gateway.enter([order(each) for each in orders])
        assert gateway.requests - before <= most, orders


def test_a_key_is_looked_for_as_far_back_as_it_can_be(
    here: Scene, gateway: LedgerGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of which one request lists two commits here."""
    monkeypatch.setattr(entering, "LOOKED_BACK", 2)
    began = "2020-01-01T00:00:00Z"
    every = [replace(order(each), since=began) for each in "abcde"]
    gateway.enter(every)
    gateway.enter(every)
    assert [each.entry.key for each in chain(here)] == list("abcde")


def test_as_an_effect_it_is_entered_too(here: Scene) -> None:
    perform.perform(here.gateway, [order("a"), order("a")])
    assert [each.entry.key for each in chain(here)] == ["a"]


def write_at_once(here: Scene) -> None:
    """Eight threads that write three entries of their own each, and one that all of them want."""
    gateways = [LedgerGateway.of(here.as_token(here.token)) for _ in range(8)]
    for each in gateways:
        each._transport.pause = lambda seconds: time.sleep(seconds / 10)
    failed: list[BaseException] = []

    def write(index: int) -> None:
        try:
            for number in range(3):
                gateways[index].enter([order(f"{index}-{number}")])
            gateways[index].enter([order("shared")])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(index,)) for index in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    keys = [each.entry.key for each in chain(here)]
    assert sorted(keys) == sorted([f"{i}-{n}" for i in range(8) for n in range(3)] + ["shared"])


def test_au_03_writers_at_once_keep_one_chain_and_each_key_once(
    here: Scene, assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those of several processes, who cannot wait for each other."""
    monkeypatch.setattr(entering, "_TURNS", defaultdict(nullcontext))
    write_at_once(here)
    verified(here, assay, tmp_path)


def test_threads_of_one_process_wait_for_each_other_and_lose_no_try(here: Scene) -> None:
    write_at_once(here)
    written = [each.status for each in here.github.requests if each.method == "PUT"]
    assert written == [201] * 25


@pytest.mark.parametrize("skip", range(6))
def test_after_a_crash_between_any_two_writes_the_same_again_finishes_it(here: Scene, gateway: LedgerGateway, skip: int) -> None:
    here.github.fail("status", method="POST|PUT", times=None, status=500, skip=skip)
    with pytest.raises(OutsideProblem):
        gateway.enter([order("a"), order("b"), order("c")])
    here.github.faults.clear()
    gateway.enter([order("a"), order("b"), order("c")])
    assert [each.entry.key for each in chain(here)] == ["a", "b", "c"]


def test_where_the_answer_to_a_write_is_lost_it_is_found_and_not_doubled(
    here: Scene, gateway: LedgerGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.enter([order("a")])
    original, lost = LedgerGateway._put, [True]

    def losing(self: LedgerGateway, kept: Kept) -> None:
        original(self, kept)
        if lost.pop() if lost else False:
            raise Refused("it is there", "x", "y")

    monkeypatch.setattr(LedgerGateway, "_put", losing)
    assert gateway.enter([order("b"), order("c")])[0].entry.key == "c"
    assert [each.entry.key for each in chain(here)] == ["a", "b", "c"]


def test_a_refusal_that_nobody_elses_entry_explains_is_told(
    here: Scene, gateway: LedgerGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.enter([order("a")])

    def ruled(self: LedgerGateway, kept: Kept) -> None:
        raise Refused("Repository rule violations found", "x", "y")

    monkeypatch.setattr(LedgerGateway, "_put", ruled)
    with pytest.raises(Refused, match="rule violations"):
        gateway.enter([order("b")])


def tamper(here: Scene, changes: dict[str, Any], message: str = "a small correction") -> None:
    here.github.commit(REPOSITORY, changes, branch=BRANCH, message=message)


def test_au_02_after_an_entry_that_was_changed_or_is_missing_nothing_is_written(here: Scene, gateway: LedgerGateway) -> None:
    gateway.enter([order("a"), order("b")])
    raw = files(here)[1]
    for changed in (raw.replace(b'"held"', b'"released"'), raw + b" ", None):
        tamper(here, {ledger.path(2): changed.decode() if changed else None})
        with pytest.raises(Unwritable, match="audit verify"):
            gateway.enter([order("c")])
    tamper(here, {ledger.path(2): raw.decode()})
    gateway.enter([order("c")])


def test_au_02_an_entry_made_anew_under_an_old_message_is_seen(here: Scene, gateway: LedgerGateway) -> None:
    first, second = gateway.enter([order("a"), order("b")])
    forged = ledger.append(first.entry, order("x").draft, second.personal, second.entry.time)  # type: ignore[arg-type]
    tamper(here, {ledger.path(2): ledger.write(forged).decode()})
    with pytest.raises(Unwritable, match="not what its commit says"):
        gateway.enter([order("c")])


def test_a_forged_message_moves_nothing_but_is_refused(here: Scene, gateway: LedgerGateway) -> None:
    gateway.enter([order("a")])
    tamper(here, {"x": "1"}, f"Enter 000009 held\n\nKey: z\nHash: {'0' * 64}")
    with pytest.raises(Unwritable, match="entry 9 is not there"):
        gateway.enter([order("b")])


def test_after_a_force_push_to_an_earlier_entry_the_next_follows_from_that(here: Scene, gateway: LedgerGateway) -> None:
    gateway.enter([order("a")])
    git = here.github.repository(REPOSITORY).git
    before = git.sha(BRANCH)
    assert before
    gateway.enter([order("b")])
    git.set_ref(f"refs/heads/{BRANCH}", before)
    gateway.enter([order("c")])
    assert [each.entry.key for each in chain(here)] == ["a", "c"], "that b is gone is for a clone or an anchor to say"


def test_au_04_after_personal_data_was_taken_out_it_goes_on(
    here: Scene, gateway: LedgerGateway, assay: Assay, tmp_path: Path
) -> None:
    (made,) = gateway.enter([order("a")])
    tamper(here, {ledger.path(1): ledger.write(Kept(made.entry, None)).decode()})
    gateway.enter([order("b")])
    assert [each.personal is None for each in chain(here)] == [True, False]
    verified(here, assay, tmp_path)


def test_without_the_right_to_write_it_says_which(here: Scene) -> None:
    with pytest.raises(Forbidden, match="contents"):
        LedgerGateway.of(here.as_token(here.github.token(REPOSITORY, "read"))).enter([order("a")])


class _Branch(LedgerGateway):
    """A branch in memory with what GitHub checks: a file is made only where there is none."""

    def __init__(self, files: dict[int, Kept]) -> None:
        self.files = files
        self._transport = self  # type: ignore[assignment]

    def pause(self, seconds: float) -> None:
        """Nobody waits."""

    def tail(self, since: str = "") -> Tail:
        last = self.files[max(self.files)].entry if self.files else None
        return Tail(last, frozenset(each.entry.key for each in self.files.values()), "2026-03-01T12:00:00+00:00")

    def _put(self, kept: Kept) -> None:
        if kept.entry.sequence in self.files:
            raise Refused("it is there", "x", "y")
        self.files[kept.entry.sequence] = kept


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abcdef"), st.booleans()), max_size=20))
def test_any_interleaving_of_writers_gives_a_chain_that_verifies_with_each_key_once(steps: list[tuple[int, str, bool]]) -> None:
    """Each writer looks at some moment and writes at a later one, when others may have written."""
    files: dict[int, Kept] = {}
    branch = _Branch(files)
    seen: dict[int, Tail] = {}
    wanted: set[str] = set()
    for writer, key, looks in steps:
        if looks or writer not in seen:
            seen[writer] = branch.tail()
            continue
        wanted.add(key)
        tail = seen.pop(writer)
        if key not in tail.keys:
            branch._next(tail, order(key))
    found = ledger.check(ledger.write(files[number]) for number in sorted(files))
    assert found.fault is None
    assert sorted(each.entry.key for each in found.entries) == sorted(wanted)
