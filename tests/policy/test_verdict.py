"""One verdict from policy and facts: what is missing is red, what was not reached is excused only by a red cause."""

import pytest

from policy import document
from policy.facts import (
    DataFacts,
    ErrorFact,
    EvaluationFacts,
    Facts,
    PipelineFacts,
    PolicyFacts,
    RevisionFacts,
    ToolFacts,
    TrainingFacts,
)
from policy.facts.data import StageState
from policy.facts.evaluation import FairnessFact, MetricFact
from policy.facts.training import StageRun
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import Verdict, decide

POLICY = document.read("""\
version: 1
data:
  - {path: raw.csv, contract: c.py:Raw, key: [id], drift: {warn: 0.1}}
  - {path: made.csv, drift: {}}
train: {targets: [evaluate]}
evaluate:
  metrics: [metrics.json]
  predictions: {path: p.csv, key: [id], label: y, score: s}
  gates: [{metric: auc, better: higher, floor: 0.7}]
  fairness: {by: group, equalised_odds: 0.1}
""")
SAME = {"base_digest": "md5:a", "head_digest": "md5:a"}
CURRENT = PipelineFacts(stages=[StageState(name="train", state="current")], remote="r", remote_checked=True)
GOOD = EvaluationFacts(
    metrics=[MetricFact(metric="auc", source="metrics.json", base=0.8, head=0.8)],
    fairness=[FairnessFact(column="group", threshold=0.5, equalised_odds=0.02)],
)


def facts(**found: object) -> Facts:
    given: dict[str, object] = {
        "data": [DataFacts(path="raw.csv", **SAME), DataFacts(path="made.csv", **SAME)],
        "pipeline": CURRENT,
        "evaluation": GOOD,
    }
    return Facts(
        revision=RevisionFacts(base="a" * 40, base_name="main", head="b" * 40),
        policy=found.pop("policy", PolicyFacts(digest="sha256:0", read_from="base")),
        tools=ToolFacts(assay="0", python="3.11"),
        **{**given, **found},
    )


def part(verdict: Verdict, name: str) -> Result:
    return next(child for child in verdict.result.children if child.name == name)


def statuses(verdict: Verdict) -> dict[str, str]:
    return {child.name: child.status.value for child in verdict.result.children}


def test_the_parts_stand_in_the_order_people_read_them() -> None:
    verdict = decide(POLICY, facts())
    assert list(statuses(verdict)) == ["data", "drift", "training", "evaluation", "fairness", "governance"]


def test_the_same_policy_and_facts_give_the_same_verdict() -> None:
    assert decide(POLICY, facts()).model_dump_json() == decide(POLICY, facts()).model_dump_json()


@pytest.mark.parametrize(
    ("missing", "name"),
    [("data", "data"), ("data", "drift"), ("pipeline", "training"), ("evaluation", "evaluation"), ("evaluation", "fairness")],
)
def test_a_part_that_the_policy_asks_for_and_the_runner_left_out_is_red(missing: str, name: str) -> None:
    verdict = decide(POLICY, facts(**{missing: [] if missing == "data" else None}))
    assert part(verdict, name).status is Status.FAILED
    assert not verdict.passed


def test_a_part_that_the_policy_does_not_ask_for_is_skipped() -> None:
    bare = document.read("version: 1\n")
    verdict = decide(bare, facts(data=[], evaluation=None))
    assert statuses(verdict) | {"training": ""} == {
        "data": "skipped",
        "drift": "skipped",
        "training": "",
        "evaluation": "skipped",
        "fairness": "skipped",
        "governance": "passed",
    }
    assert verdict.passed


def test_where_nothing_that_is_watched_changed_nothing_is_asked() -> None:
    verdict = decide(POLICY, facts(nothing_to_check=True, data=[], pipeline=None, evaluation=None))
    assert verdict.passed
    assert verdict.result.reason is Reason.NOTHING_TO_CHECK


def test_data_that_is_refused_excuses_what_was_not_computed_after_it() -> None:
    broken = DataFacts(path="raw.csv", problem=Reason.DATA_CORRUPT, problem_detail="no footer")
    verdict = decide(POLICY, facts(data=[broken], halted_by="data", evaluation=None, pipeline=CURRENT))
    assert statuses(verdict)["data"] == "failed"
    assert {statuses(verdict)[name] for name in ("training", "evaluation", "fairness")} == {"skipped"}
    assert part(verdict, "evaluation").reason is Reason.NOT_REACHED
    assert [child.status for child in part(verdict, "data").children] == [Status.FAILED, Status.SKIPPED]


def test_a_runner_that_claims_to_have_stopped_for_green_data_is_not_excused() -> None:
    verdict = decide(POLICY, facts(halted_by="data", evaluation=None))
    assert part(verdict, "evaluation").status is Status.FAILED


def test_a_runner_that_claims_to_have_stopped_without_looking_at_any_data_is_not_excused() -> None:
    verdict = decide(POLICY, facts(data=[], halted_by="data", evaluation=None))
    assert part(verdict, "data").status is Status.FAILED
    assert part(verdict, "evaluation").status is Status.FAILED


def test_a_failed_training_excuses_the_evaluation_and_nothing_else() -> None:
    run = TrainingFacts(
        stages=[StageRun(name="train", outcome="failed", exit_code=1, command="python t.py")], problem=Reason.TRAINING_FAILED
    )
    verdict = decide(POLICY, facts(training=run, halted_by="training", evaluation=None))
    assert statuses(verdict)["training"] == "failed"
    assert statuses(verdict)["evaluation"] == "skipped"
    green = decide(POLICY, facts(halted_by="training", evaluation=None))
    assert statuses(green)["evaluation"] == "failed"


def test_an_error_turns_its_part_red_and_says_why_in_place_of_what_is_missing() -> None:
    error = ErrorFact(
        part="evaluation", reason=Reason.ERROR, what="metrics.json is not JSON", where="metrics.json:3", next="mend it"
    )
    judged = part(decide(POLICY, facts(evaluation=None, errors=[error])), "evaluation")
    assert (judged.status, judged.why, judged.advice) == (
        Status.FAILED,
        "metrics.json:3: metrics.json is not JSON",
        "mend it",
    )


def test_a_part_that_could_not_look_at_every_data_set_does_not_claim_that_everything_holds() -> None:
    broken = DataFacts(path="raw.csv", base_digest="md5:a", head_digest="md5:b", problem=Reason.DATA_CORRUPT)
    verdict = decide(POLICY, facts(data=[broken], halted_by="data", evaluation=None))
    drift = part(verdict, "drift")
    assert (drift.status, drift.why) == (Status.SKIPPED, "not computed, because data already fails")
    mixed = facts(data=[broken, DataFacts(path="made.csv", **SAME)], halted_by="data", evaluation=None)
    assert part(decide(POLICY, mixed), "drift").status is Status.SKIPPED


def test_a_new_data_set_has_nothing_to_have_moved_from() -> None:
    new = DataFacts(path="made.csv", head_digest="md5:b")
    judged = part(decide(POLICY, facts(data=[DataFacts(path="raw.csv", **SAME), new])), "drift")
    assert [child.reason for child in judged.children] == [Reason.DRIFT_UNCHANGED, Reason.NEW_DATA]


def test_az_10_a_change_of_the_policy_is_judged_by_the_old_one_and_said() -> None:
    edited = PolicyFacts(digest="sha256:0", read_from="base", changed_by_head=True)
    judged = part(decide(POLICY, facts(policy=edited)), "governance")
    assert (judged.status, judged.reason) == (Status.WARNED, Reason.POLICY_CHANGED)
    assert judged.why == "this change edits assay.yml; it was judged by the policy of main"


def test_a_first_policy_is_said_to_judge_itself() -> None:
    own = PolicyFacts(digest="sha256:0", read_from="head")
    assert part(decide(POLICY, facts(policy=own)), "governance").reason is Reason.POLICY_FROM_HEAD


def test_a_verb_that_does_one_thing_judges_one_part() -> None:
    assert list(statuses(decide(POLICY, facts(), only={"drift"}))) == ["drift"]


def test_a_verdict_survives_being_written_and_read() -> None:
    verdict = decide(POLICY, facts(evaluation=None))
    assert Verdict.model_validate_json(verdict.model_dump_json(exclude_defaults=True)) == verdict
