"""A search speaks for a proposal only where it fits facts and policy, and whether its winner is better is decided anew."""

from typing import Any

import pytest

from bot.proposing.evidence import Evidence
from bot.proposing.searched import NAME, look
from policy import document
from policy.facts.record import OverrideFact
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Result, Status
from policy.tuned import Aim, Repeated, Tried, Tuned
from policy.verdict import decide
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.proposing.scene import POLICY, Runs

TUNE = "tune: {space: {lr: {from: 0.5, to: 2.5}, kind: {of: [flat, deep]}}, objectives: [{metric: accuracy}]}\n"
REPEATS = TUNE.replace("}]}", "}], repeats: {key: seed, seeds: 3}}")
SET = [
    OverrideFact(file="params.yaml", key="lr", before="1.0", after="2.0"),
    OverrideFact(file="params.yaml", key="kind", before="flat", after="deep"),
]
BETTER = {"metric": "accuracy", "present": [0.5, 0.6, 0.5], "winner": [0.7, 0.7, 0.6], "change": 0.1, "low": 0.05, "high": 0.2}


def searched(sha: str, **more: Any) -> Tuned:
    """What an honest run says."""
    plain = {
        "commit": sha,
        "study": "flight-delay:1",
        "space": {"lr": "0.5 to 2.5", "kind": "flat, deep"},
        "objectives": [Aim(metric="accuracy", better="higher")],
        "present": Tried(values={"lr": 1.0, "kind": "flat"}, scores=[0.9]),
        "winner": Tried(number=3, values={"lr": 2.0, "kind": "deep"}, scores=[0.95]),
        "trials": 4,
        "result": Result(name="tuning", status=Status.PASSED, reason=Reason.TUNE_BETTER_ONCE),
    }
    return Tuned.model_validate(plain | more)


def left(runs: Runs, made: Tuned | bytes) -> int:
    """A run that left a search."""
    run = runs.run()
    raw = made if isinstance(made, bytes) else made.model_dump_json().encode()
    runs.here.github.artifact(REPOSITORY, run, NAME, {"tuning.json": raw})
    return run.id


def found(runs: Runs, policy: str = POLICY + TUNE, overrides: list[OverrideFact] | None = None) -> Evidence:
    """The evidence beside it."""
    read = document.read(policy)
    facts = runs.facts().model_copy(update={"overrides": SET if overrides is None else overrides})
    return Evidence(facts, read, decide(read, facts))


def test_it_is_read_and_judged_again(runs: Runs) -> None:
    lie = Result(name="tuning", status=Status.PASSED, reason=Reason.TUNE_BETTER, values={"metric": "@acme/all"})
    told = look(runs.gateway(), left(runs, searched(runs.sha, result=lie)), found(runs))
    assert told is not None and told.result.reason is Reason.TUNE_BETTER_ONCE
    assert told.result.values == {"metric": "accuracy", "before": "0.9", "after": "0.95"}


def test_files_are_named_from_the_top_where_dvc_lives_in_a_folder(runs: Runs) -> None:
    below = [each.model_copy(update={"file": f"models/{each.file}"}) for each in SET]
    assert look(runs.gateway(), left(runs, searched(runs.sha)), found(runs, overrides=below)) is not None


def test_a_run_that_left_none_says_nothing(runs: Runs) -> None:
    assert look(runs.gateway(), runs.run().id, found(runs)) is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"commit": "b" * 40}, "another commit"),
        ({"objectives": [Aim(metric="accuracy", better="lower")]}, "objectives"),
        ({"space": {"lr": "0.5 to 9"}}, "its space"),
        ({"confidence": 0.6}, "confidence"),
        ({"winner": None}, "no winner in the space"),
        ({"winner": Tried(values={"lr": 9.0, "kind": "deep"}, scores=[0.95])}, "no winner in the space"),
        ({"winner": Tried(values={"lr": 2.0, "kind": "flat"}, scores=[0.95])}, "not what the facts say was set"),
        ({"winner": Tried(values={"lr": 2.0, "kind": "deep"}, scores=[0.85])}, "not better"),
        ({"repeated": [Repeated.model_validate(BETTER)], "seeds": 3}, "not repeated as the policy asks"),
    ],
)
def test_ga_02_what_contradicts_the_facts_or_the_policy_is_refused(runs: Runs, more: dict[str, Any], said: str) -> None:
    with pytest.raises(UserProblem, match=said):
        look(runs.gateway(), left(runs, searched(runs.sha, **more)), found(runs))


@pytest.mark.parametrize(
    "overrides", [SET[:1], [*SET, SET[0]], [SET[0], SET[1].model_copy(update={"file": "other/xparams.yaml"})], []]
)
def test_ga_02_other_parameters_than_the_winners_are_refused(runs: Runs, overrides: list[OverrideFact]) -> None:
    with pytest.raises(UserProblem, match="not what the facts say was set"):
        look(runs.gateway(), left(runs, searched(runs.sha)), found(runs, overrides=overrides))


def test_what_was_repeated_decides_where_the_policy_asks_for_it(runs: Runs) -> None:
    asked = found(runs, POLICY + REPEATS)
    good, noise = (Repeated.model_validate(BETTER | {"low": low}) for low in (0.05, -0.05))
    told = look(runs.gateway(), left(runs, searched(runs.sha, repeated=[good], seeds=3)), asked)
    assert told is not None and told.result.reason is Reason.TUNE_BETTER
    with pytest.raises(UserProblem, match="not better"):
        look(runs.gateway(), left(runs, searched(runs.sha, repeated=[noise], seeds=3)), asked)
    with pytest.raises(UserProblem, match="not repeated"):
        look(runs.gateway(), left(runs, searched(runs.sha)), asked)


def test_a_policy_that_knows_no_search_takes_none(runs: Runs) -> None:
    with pytest.raises(UserProblem, match="no section `tune`"):
        look(runs.gateway(), left(runs, searched(runs.sha)), found(runs, POLICY))


def test_ga_03_what_is_no_such_record_is_refused(runs: Runs) -> None:
    for raw in (b"", b"[]", b"{" * 100, b"x" * 100_000):
        with pytest.raises(UserProblem, match=r"tuning\.json"):
            look(runs.gateway(), left(runs, raw), found(runs))


def test_a_search_becomes_a_pull_request_that_tells_of_it(here: Scene) -> None:
    runs = Runs(here, policy=POLICY + TUNE).begin()
    run = runs.run()
    facts = runs.facts().model_copy(update={"overrides": SET})
    runs.leave(run, {"metrics.json": '{"accuracy": 0.95}\n', "dvc.lock": "schema: '2.0'\n"}, facts=facts)
    here.github.artifact(REPOSITORY, run, NAME, {"tuning.json": searched(runs.sha).model_dump_json().encode()})
    done = runs.propose(run, "tune", because="more trees?")
    issue = runs.issue(done.pull)
    assert (done.did, issue.title, issue.labels) == ("opened", f"Tune flight-delay on {runs.sha[:12]}", ["assay: tune"])
    assert "goes from 0.9 to 0.95" in issue.body and "| `kind` | `flat` | **`deep`** | `flat, deep` |" in issue.body
    assert "more trees" in issue.body and runs.tip(run, "tune") is not None
