"""A retraining that was merged by itself is in the ledger: once, whoever merged it and wherever it was cut off."""

import hashlib
from typing import Any

import pytest

from bot import judging
from bot.gateway.entering import LedgerGateway
from bot.gateway.merging import MergeGateway
from bot.sweeping import sweep
from policy import document, grounds, ledger
from policy.ledger import BRANCH, Decision, Entry
from policy.problems import OutsideProblem
from tests.bot.gateway.scene import Scene
from tests.bot.gateway.test_entering import chain, files
from tests.bot.proposing.test_merging import MERGE, Town
from tests.loopback import world

GOVERNED = MERGE + "roles: {lead: [carol]}\nenvironments: {production: {approved_if: [{role: lead}]}}\n"


@pytest.fixture
def town(here: Scene) -> Town:
    return Town(here, GOVERNED)


def merges(town: Town) -> list[Entry]:
    if town.repository.git.sha(BRANCH) is None:
        return []
    found = ledger.check(files(town.here), grounds.table())
    assert found.fault is None, found.fault
    return [each.entry for each in found.entries if each.entry.decision is Decision.MERGED]


def test_au_01_a_merge_is_entered_with_its_commit_comment_policy_and_how_it_stood(town: Town) -> None:
    head = town.head
    town.publish()
    (entry,) = merges(town)
    assert town.merged and (entry.subject.number, entry.subject.model) == (town.number, "flight-delay")
    assert (entry.digests.code, entry.digests.policy) == (head, document.digest(GOVERNED))
    (said,) = town.said()
    assert entry.comments[0].digest == hashlib.sha256(said.encode()).hexdigest()
    standing: Any = entry.inputs["standing"]
    assert (standing["verdict"], standing["others"], standing["mergeable"]) == ("passed", "well", "clean")
    assert chain(town.here)[-1].personal is not None
    judging.judge(town.around, town.number)
    assert merges(town) == [entry]


def test_a_team_that_promotes_nothing_gets_no_branch(here: Scene) -> None:
    town = Town(here, MERGE)
    town.publish()
    assert town.merged and town.repository.git.sha(BRANCH) is None


class Cut(Exception):
    """The worker was cut off."""


def cut(*_: Any) -> None:
    raise Cut


def test_cut_off_before_it_was_entered_the_next_one_enters_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.checked()
    with monkeypatch.context() as patched:
        patched.setattr(LedgerGateway, "enter", cut)
        with pytest.raises(Cut):
            judging.judge(town.around, town.number)
    assert town.merged and merges(town) == []
    sweep(town.around)
    (entry,) = merges(town)
    assert entry.comments and "standing" not in entry.inputs
    sweep(town.around)
    assert merges(town) == [entry] and town.puts() == 1


def test_what_somebody_else_merged_is_not_entered_as_ours(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.checked()
    with monkeypatch.context() as patched:
        patched.setattr(MergeGateway, "merge", cut)
        with pytest.raises(Cut):
            judging.judge(town.around, town.number)
    assert len(town.said()) == 1 and not town.merged
    state = town.here.github.state
    world.merge(state, town.repository, town.pull, state.account("mona"), "Merge it")
    sweep(town.around)
    assert town.merged and merges(town) == []


def test_a_ledger_that_refuses_undoes_no_merge_and_the_comment_says_so(town: Town) -> None:
    town.here.github.fail("status", "PUT", "/contents/entries", status=403)
    town.publish()
    assert town.merged and merges(town) == []
    (said,) = town.said()
    assert "Assay merges this" in said and "not entered there" in said


def test_a_github_that_is_away_leaves_it_to_the_next_try(town: Town) -> None:
    town.checked()
    town.here.github.fail("status", "PUT", "/contents/entries", status=502, times=20)
    with pytest.raises(OutsideProblem):
        judging.judge(town.around, town.number)
    assert town.merged
    town.here.github.faults.clear()
    sweep(town.around)
    assert len(merges(town)) == 1
