"""What a run and the state of the pipeline mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts.data import PipelineFacts, StageState
from policy.facts.training import StageRun, TrainingFacts
from policy.reasons import Reason
from policy.result import Status
from policy.training import Train, decide, span

SECTION = Train()
CURRENT = StageState(name="prepare", state="current")
STALE = StageState(name="train", state="changed", because=["params.yaml: lr was modified"], file="dvc.yaml", line=7)
WAITING = StageState(name="evaluate", state="upstream", because=["it waits for train"])
PIPELINE = PipelineFacts(stages=[CURRENT, STALE, WAITING], remote="store", remote_checked=True)
FRESH = PipelineFacts(stages=[CURRENT], remote="store", remote_checked=True)
EXECUTED = StageRun(name="train", outcome="executed", wall_seconds=61.0)
RESTORED = StageRun(name="evaluate", outcome="restored")
UNCHANGED = StageRun(name="prepare", outcome="unchanged")
FAILED = StageRun(name="train", outcome="failed", command="python train.py", exit_code=3)
STOPPED = StageRun(name="train", outcome="stopped")
NOT_REACHED = StageRun(name="evaluate", outcome="not_reached")


def test_a_policy_that_asks_nothing_of_a_project_without_pipeline_is_skipped() -> None:
    assert decide(None, None, None).status is Status.SKIPPED


def test_facts_that_the_policy_asks_for_and_are_missing_are_red() -> None:
    result = decide(SECTION, None, None)
    assert (result.status, result.reason) == (Status.FAILED, Reason.MISSING_PART)


def test_a_current_pipeline_passes() -> None:
    result = decide(SECTION, None, FRESH)
    assert (result.status, result.why) == (Status.PASSED, "all 1 stages are up to date")


def test_stale_stages_that_were_not_run_are_red_where_the_policy_trains() -> None:
    result = decide(SECTION, None, PIPELINE)
    assert result.status is Status.FAILED
    assert result.why == "2 stages are out of date and were not run: train, evaluate"
    assert (result.children[0].file, result.children[0].line) == ("dvc.yaml", 7)


def test_stale_stages_only_warn_where_the_policy_does_not_train() -> None:
    result = decide(None, None, PIPELINE)
    assert result.status is Status.WARNED
    assert result.children[0].why == "stage train is out of date: params.yaml: lr was modified"


def test_a_stage_that_was_never_run_says_so() -> None:
    never = PipelineFacts(stages=[StageState(name="train", state="never_run")], remote="store")
    assert decide(None, None, never).why == "stage train was never run"


def test_a_run_that_brought_everything_up_to_date_passes_and_says_what_it_did() -> None:
    facts = TrainingFacts(stages=[UNCHANGED, EXECUTED, RESTORED], wall_seconds=72, budget_seconds=3_600)
    result = decide(SECTION, facts, PIPELINE)
    assert result.status is Status.PASSED
    assert result.why == "1 of 3 stages ran, 1 restored, in 1 min 12 s of 1 h"
    assert [child.why for child in result.children] == ["ran in 1 min 1 s", "restored from the run cache"]


def test_a_stale_stage_outside_the_targets_warns() -> None:
    facts = TrainingFacts(stages=[UNCHANGED, EXECUTED], targets=["train"])
    result = decide(SECTION, facts, PIPELINE)
    assert (result.status, result.why) == (Status.WARNED, "stage evaluate is out of date: it waits for train")


def test_a_failed_stage_is_red_with_its_command_and_exit_code() -> None:
    facts = TrainingFacts(stages=[UNCHANGED, FAILED, NOT_REACHED], problem=Reason.TRAINING_FAILED, problem_detail="x")
    result = decide(SECTION, facts, PIPELINE)
    assert result.status is Status.FAILED
    assert result.why == "stage train failed with exit code 3: python train.py"
    assert [child.status for child in result.children] == [Status.FAILED, Status.WARNED]


def test_a_budget_that_ran_out_is_red_and_names_the_stage() -> None:
    facts = TrainingFacts(stages=[UNCHANGED, STOPPED, NOT_REACHED], budget_seconds=60, problem=Reason.BUDGET_EXCEEDED)
    result = decide(SECTION, facts, PIPELINE)
    assert (result.status, result.why) == (Status.FAILED, "training was stopped after its budget of 1 min, in stage train")


def test_a_budget_that_ran_out_before_any_stage_began_is_red_too() -> None:
    facts = TrainingFacts(stages=[NOT_REACHED], budget_seconds=1, problem=Reason.BUDGET_EXCEEDED)
    result = decide(SECTION, facts, PIPELINE)
    assert (result.status, result.reason) == (Status.FAILED, Reason.BUDGET_EXCEEDED)


def test_a_run_that_failed_outside_the_stages_is_red_with_what_dvc_said() -> None:
    facts = TrainingFacts(stages=[NOT_REACHED], problem=Reason.TRAINING_FAILED, problem_detail="unable to lock")
    assert decide(SECTION, facts, PIPELINE).why == "`dvc repro` failed: unable to lock"


def test_data_that_was_never_pushed_is_red_whatever_the_policy_asks() -> None:
    unpushed = FRESH.model_copy(update={"missing_remote": ["data/raw.csv"]})
    for section in (None, SECTION):
        result = decide(section, None, unpushed)
        assert result.status is Status.FAILED
        assert result.why == "data committed but never pushed: the remote store does not have data/raw.csv"
        assert "dvc push" in result.advice


def test_a_project_without_a_remote_warns() -> None:
    result = decide(SECTION, None, PipelineFacts(stages=[CURRENT]))
    assert (result.status, result.reason) == (Status.WARNED, Reason.NO_REMOTE)


@pytest.mark.parametrize("problem", [Reason.PIPELINE_UNREADABLE, Reason.REMOTE_UNREACHABLE, Reason.REMOTE_UNUSABLE])
def test_a_pipeline_that_cannot_be_read_is_red(problem: Reason) -> None:
    result = decide(None, None, PipelineFacts(problem=problem, problem_detail="dvc.yaml"))
    assert (result.status, result.reason) == (Status.FAILED, problem)
    assert "dvc.yaml" in result.why


@given(
    problem=st.sampled_from([None, *Reason]),
    pipeline_problem=st.sampled_from([None, *Reason]),
    outcomes=st.lists(st.sampled_from(["executed", "restored", "unchanged", "failed", "stopped", "not_reached"]), max_size=4),
    states=st.lists(st.sampled_from(["current", "changed", "never_run", "upstream"]), max_size=4),
    section=st.sampled_from([None, SECTION]),
)
def test_whatever_a_runner_says_has_words_and_a_problem_never_passes(
    problem: Reason | None, pipeline_problem: Reason | None, outcomes: list[str], states: list[str], section: Train | None
) -> None:
    training = TrainingFacts.model_validate(
        {"stages": [{"name": f"s{at}", "outcome": outcome} for at, outcome in enumerate(outcomes)], "problem": problem}
    )
    pipeline = PipelineFacts.model_validate(
        {"stages": [{"name": f"s{at}", "state": state} for at, state in enumerate(states)], "problem": pipeline_problem}
    )
    result = decide(section, training, pipeline)
    for one in (result, *result.leaves()):
        assert one.why and isinstance(one.advice, str)
    if problem or pipeline_problem or {"failed", "stopped"} & set(outcomes):
        assert result.status is Status.FAILED


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "—"),
        (0, "0.0 s"),
        (9.94, "9.9 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (72, "1 min 12 s"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
    ],
)
def test_lengths_of_time_read_as_people_say_them(seconds: float | None, said: str) -> None:
    assert span(seconds) == said
