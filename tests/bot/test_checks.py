"""The check runs say what the verdict says, once."""

from typing import Any

import pytest

from bot import checks
from bot.checks import About
from bot.effects import CreateCheck, UpdateCheck
from bot.gateway.records import CheckRun, CheckRunRecord
from policy.document import read
from policy.facts import Facts
from policy.facts.data import ContractFailure
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import decide
from tests.bot.material import HEAD, POLICY, facts

ABOUT = About(HEAD, 7, began="2026-11-23T10:00:00Z", details_url="https://github.example/run/1")


def runs(given: Facts, about: About = ABOUT) -> dict[str, CheckRun]:
    made = checks.wanted(decide(read(POLICY), given), given, about, POLICY)
    return {run.name: run for run in made}


def record(run: CheckRun, id: int = 1, **changed: Any) -> CheckRunRecord:
    known = {
        "id": id,
        "name": run.name,
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "status": run.status,
        "conclusion": run.conclusion,
        "app_id": 15368,
    }
    return CheckRunRecord(**{**known, **changed})


def mine(each: CheckRunRecord) -> bool:
    return checks.is_ours(each, 15368)


def test_each_part_has_a_check_with_a_real_conclusion() -> None:
    found = runs(facts(accuracy=0.2))
    assert {name: run.conclusion for name, run in found.items()} == {
        "assay / data": "success",
        "assay / training": "skipped",
        "assay / evaluation": "failure",
        "assay / drift": "skipped",
        "assay / governance": "success",
    }
    assert all(run.status == "completed" and run.head_sha == HEAD and run.details_url for run in found.values())


def test_a_warning_is_neutral() -> None:
    given = facts()
    edited = given.model_copy(update={"policy": given.policy.model_copy(update={"changed_by_head": True})})
    assert runs(edited)["assay / governance"].conclusion == "neutral"


def test_a_remark_stands_on_the_line_that_caused_it() -> None:
    (remark,) = runs(facts(broken=3))["assay / data"].annotations
    assert (remark.path, remark.start_line, remark.level) == ("contracts/rows.py", 4, "failure")
    assert "distance" in remark.message


def test_unfair_groups_turn_the_check_of_evaluation_red() -> None:
    unfair = Result(name="fairness", status=Status.FAILED, reason=Reason.ERROR, values={"what": "unfair", "next": ""})
    verdict = decide(read(POLICY), facts())
    whole = verdict.result.model_copy(
        update={"children": [each if each.name != "fairness" else unfair for each in verdict.result.children]}
    )
    made = checks.wanted(verdict.model_copy(update={"result": whole}), facts(), ABOUT)
    assert next(run for run in made if run.name == "assay / evaluation").conclusion == "failure"


def test_a_check_into_another_branch_has_a_name_of_its_own() -> None:
    about = About(HEAD, 7, branch="release/1")
    assert set(runs(facts(), about)) == {f"assay / {part} (release/1)" for part in checks.PARTS}


def test_a_report_of_another_kind_has_checks_of_its_own() -> None:
    assert "assay nightly / data" in runs(facts(), About(HEAD, 7, kind="nightly"))


def test_what_is_there_already_is_not_written_again() -> None:
    made = list(runs(facts()).values())
    assert checks.decide([], made, mine) == [CreateCheck(run) for run in made]
    present = [record(run, id) for id, run in enumerate(made)]
    assert checks.decide(present, made, mine) == []


def test_only_the_part_that_changed_is_written() -> None:
    before, after = runs(facts()), runs(facts(accuracy=0.2))
    present = [record(run, id) for id, run in enumerate(before.values())]
    changed = checks.decide(present, list(after.values()), mine)
    assert [(type(each), each.run.name) for each in changed] == [(UpdateCheck, "assay / evaluation")]


def test_a_check_that_never_completed_is_completed() -> None:
    (run, *_) = runs(facts()).values()
    assert checks.decide([record(run, status="in_progress", conclusion=None)], [run], mine) == [UpdateCheck(1, run)]


def test_a_slow_old_run_does_not_write_over_a_newer_check() -> None:
    late = runs(facts(), About(HEAD, 7, began="2026-11-23T12:00:00Z"))
    early = runs(facts(accuracy=0.2), About(HEAD, 7, began="2026-11-23T09:00:00Z"))
    present = [record(run, id) for id, run in enumerate(late.values())]
    assert checks.decide(present, list(early.values()), mine) == []


def test_a_check_of_the_same_name_by_somebody_else_is_not_touched() -> None:
    (run, *_) = runs(facts()).values()
    for stranger in (record(run, app_id=666), record(run, external_id="mine"), record(run, external_id="")):
        assert checks.decide([stranger], [run], mine) == [CreateCheck(run)]


def test_how_long_it_took_is_no_change() -> None:
    slow = Result(name="training", status=Status.PASSED, reason=Reason.HOLDS, values={"wall": "2 min", "stage": "fit"})
    fast = slow.model_copy(update={"values": {"wall": "1 min", "stage": "fit"}})
    other = slow.model_copy(update={"values": {"wall": "2 min", "stage": "train"}})
    assert checks.digest(checks.lasting(slow)) == checks.digest(checks.lasting(fast)) != checks.digest(checks.lasting(other))


HOSTILE = (
    "<img src=x onerror=alert(1)> --> @org/team `a` | [x](https://evil.example) ![y](https://evil.example/p.png) $(curl evil)"
)


def hostile(rule: str, count: int = 1) -> Facts:
    given = facts(broken=3)
    data, contract = given.data[0], given.data[0].contract
    assert contract is not None
    failures = [ContractFailure(rule=f"{rule} {at}", column=rule[:400], count=1, share=0.1) for at in range(count)]
    return given.model_copy(
        update={"data": [data.model_copy(update={"contract": contract.model_copy(update={"failures": failures})})]}
    )


def test_ga_04_hostile_names_lie_in_code_spans_of_the_summary() -> None:
    import re

    summary = runs(hostile(HOSTILE))["assay / data"].summary
    outside = re.sub(r"(`+).*?\1", "", summary)
    for weapon in ("<img", "-->", "@org", "](https", "$("):
        assert weapon not in outside


@pytest.mark.parametrize("file", ["/etc/passwd", "../../x", "a\\b", "a\nb", "."])
def test_a_path_out_of_the_repository_gets_no_remark(file: str) -> None:
    given = facts(broken=3)
    data, contract = given.data[0], given.data[0].contract
    assert contract is not None
    moved = data.model_copy(update={"file": file, "contract": contract.model_copy(update={"contract": f"{file}:Rows"})})
    found = runs(given.model_copy(update={"data": [moved]}))["assay / data"]
    assert all(each.path not in (file, file.strip()) for each in found.annotations)


def test_ga_14_of_a_thousand_remarks_the_worst_are_kept_and_the_rest_counted() -> None:
    many = [
        Result(name=f"column {at}", status=Status.FAILED, reason=Reason.ERROR, values={"what": f"bad {at}", "next": ""})
        for at in range(1_000)
    ]
    verdict = decide(read(POLICY), facts())
    part = Result(
        name="data", status=Status.FAILED, reason=Reason.PART_FAILED, values={"count": 1_000, "total": 1_000}, children=many
    )
    children = [part if each.name == "data" else each for each in verdict.result.children]
    whole = verdict.model_copy(update={"result": verdict.result.model_copy(update={"children": children})})
    run = checks.wanted(whole, facts(), ABOUT, POLICY)[0]
    assert len(run.annotations) == checks.MOST_ANNOTATIONS
    assert "more checks stand in the report" in run.summary and "850 annotations left out" in run.summary
    assert len(run.summary) < 65_535
