"""Every branch of the example gets the verdict that its name promises, on the real data."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from actions.check import Checked, check
from actions.progress import Silent
from actions.repository import Repository
from examples.flights.branches import EXPECTED, Expected
from examples.flights.build import Demo
from examples.flights.clones import clone
from policy.result import Result, Status, Tier
from policy.verdict import Verdict, decide

pytestmark = pytest.mark.slow


@dataclass
class Verdicts:
    """The verdicts of branches, each computed once, in a clone of its own."""

    demo: Demo
    folder: Path
    known: dict[str, tuple[Checked, Verdict]] = field(default_factory=dict)

    def of(self, branch: str) -> tuple[Checked, Verdict]:
        """What `assay check --base main` finds on a branch."""
        if branch not in self.known:
            repository = Repository.open(clone(self.demo, branch, self.folder / branch))
            checked = check(repository, "main", Silent())
            repository.close()
            self.known[branch] = checked, decide(checked.policy, checked.facts)
        return self.known[branch]

    def result(self, branch: str) -> Result:
        return self.of(branch)[1].result


@pytest.fixture(scope="module")
def verdicts(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verdicts]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path_factory.mktemp('runs') / 'mlflow.db'}")
        yield Verdicts(demo, tmp_path_factory.mktemp("clones"))


def part(verdict: Result, name: str) -> Result:
    return verdict if name == "verdict" else next(child for child in verdict.children if child.name == name)


def everything(result: Result) -> Iterator[Result]:
    yield result
    for child in result.children:
        yield from everything(child)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected.branch)
def test_a_branch_gets_the_verdict_it_promises(verdicts: Verdicts, expected: Expected) -> None:
    verdict = verdicts.result(expected.branch)
    assert verdict.status == expected.status
    for name, word in expected.shows:
        assert word in {str(found) for one in everything(part(verdict, name)) for found in (one.reason, one.tier)}
    for name in expected.holds:
        assert part(verdict, name).status is Status.PASSED, name
    assert verdicts.of(expected.branch)[0].facts.errors == []


def test_no_flight_is_both_learned_from_and_judged_by_and_no_column_tells_the_label(verdicts: Verdicts) -> None:
    facts = verdicts.of("new-months")[0].facts
    made = next(each for each in facts.data if each.path == "prepared/train.parquet")
    assert [(overlap.other, overlap.rows) for overlap in made.overlaps] == [("prepared/evaluate.parquet", 0)]
    assert made.leakage is not None
    assert all(finding.strength < 0.95 for finding in made.leakage)


def tiers(result: Result) -> dict[str, Tier]:
    return {one.name: one.tier for one in everything(result) if one.tier is not None}


def test_more_months_drift_in_temperature_and_in_nothing_else_that_far(verdicts: Verdicts) -> None:
    found = everything(part(verdicts.result("new-months"), "drift"))
    assert {one.values["column"] for one in found if one.reason == "drift-moved-far"} == {"temp", "dewp"}


def test_the_better_model_is_shown_to_be_better_and_loses_nowhere(verdicts: Verdicts) -> None:
    found = tiers(verdicts.result("better-model"))
    assert found["roc_auc"] is found["log_loss"] is Tier.IMPROVED
    assert set(found.values()) == {Tier.IMPROVED, Tier.PASS}


def test_the_worse_model_is_shown_to_be_worse(verdicts: Verdicts) -> None:
    found = tiers(verdicts.result("worse-model"))
    assert found["roc_auc"] is found["log_loss"] is Tier.REGRESSED


def test_a_change_within_noise_is_neither_better_nor_worse_anywhere(verdicts: Verdicts) -> None:
    against_main = {name: tier for name, tier in tiers(verdicts.result("within-noise")).items() if "since" not in name}
    assert set(against_main.values()) == {Tier.PASS}


def test_corrupt_data_is_refused_for_all_four_defects_and_nothing_is_trained_on_it(verdicts: Verdicts) -> None:
    checked, verdict = verdicts.of("corrupt-data")
    flights = next(facts for facts in checked.facts.data if facts.path == "data/flights.parquet")
    assert flights.contract is not None and flights.diff is not None
    assert {failure.column for failure in flights.contract.failures} == {"tailnum", "distance", "carrier"}
    assert flights.diff.duplicates_head == 120
    assert checked.facts.training is None
    assert part(verdict.result, "training").status is Status.SKIPPED
