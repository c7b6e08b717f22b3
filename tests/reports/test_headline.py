"""The headline names what decided, and the line below it what a person can do."""

from policy.facts import DataFacts
from policy.facts.data import ContractFacts, ContractFailure
from policy.facts.record import OverrideFact, RequestFacts
from policy.reasons import Reason
from policy.result import Result, Status, Tier, combine
from reports.headline import headline
from tests.reports import samples
from tests.reports.examples import PATH, REGRESSION, bare_facts, check, gate, verdict_of


def said(*parts: Result, data: list[DataFacts] | None = None) -> tuple[str, str]:
    found = headline(bare_facts(data=data or []), verdict_of(*parts))
    return found.sentence.source.partition(": ")[2], found.next.source


def column(name: str, reason: Reason, value: float = 0.4) -> Result:
    told = {"column": name, "measure": "wasserstein", "value": value, "warn": 0.1, "fail": 0.3, "count": 1, "examples": "ZZ"}
    return check(name, Status.WARNED, reason, **told)


def drifted(*columns: Result) -> Result:
    return combine("drift", [combine(PATH, list(columns)), combine("other.csv", [check("x", Status.PASSED, Reason.HOLDS)])])


def test_columns_that_drifted_are_named_those_that_moved_far_first() -> None:
    far = [column(name, Reason.DRIFT_MOVED_FAR, value) for name, value in (("dewp", 0.6), ("temp", 0.7))]
    near = [column(name, Reason.DRIFT_MOVED) for name in ("a", "b")]
    sentence, advice = said(drifted(*near, *far, column("dest", Reason.DRIFT_NEW_CATEGORIES)))
    assert sentence == "`temp` and `dewp` moved far, and 3 more columns drifted"
    assert advice == (
        "see where the new values of `temp`, `dewp` and 2 more columns come from, and whether the model should learn from them; "
        "then check that the model knows what to do with the new categories of `dest`."
    )


def test_columns_of_which_none_moved_far_only_drifted() -> None:
    assert said(drifted(column("a", Reason.DRIFT_MOVED), column("b", Reason.DRIFT_MOVED)))[0] == "`a` and `b` drifted"
    three = [column(name, Reason.DRIFT_MOVED) for name in "abc"]
    assert said(drifted(*three))[0] == "`a`, `b` and 1 more column drifted"


def test_one_column_speaks_in_its_own_words() -> None:
    sentence, advice = said(drifted(column("carrier", Reason.DRIFT_NEW_CATEGORIES)))
    assert sentence == "`carrier` has new categories (1): `ZZ`"
    assert advice == "check that the model knows what to do with the new categories of `carrier`."


def test_the_rules_of_a_contract_are_named_and_the_other_checks_too() -> None:
    failures = [
        ContractFailure(rule="exists", column="tailnum", count=100, share=1.0, whole=True),
        ContractFailure(rule="greater_than(0)", column="distance", count=70, share=0.1),
        ContractFailure(rule="isin(['9E', 'AA', 'AS', 'B6', 'DL'])", column="carrier", count=46, share=0.1),
    ]
    data = [DataFacts(path=PATH, contract=ContractFacts(contract="c.py:M", backend="polars", rows=100, failures=failures))]
    broken = check("contract", Status.FAILED, Reason.CONTRACT_FAILURES, contract="c.py:M", count=3, rule="x", detail="y")
    schema = check("schema", Status.FAILED, Reason.SCHEMA_BREAK, path=PATH, detail="tailnum is gone")
    keys = check("duplicates", Status.FAILED, Reason.ROWS_SHARE_KEY, path=PATH, count=3, key="id")
    sentence, advice = said(combine("data", [combine(PATH, [broken, schema, keys])]), data=data)
    assert sentence == (
        f"`{PATH}` breaks its contract: `distance` is not `greater_than(0)`, `carrier` is not `isin(…)` and 1 more rule; "
        "2 more checks fail (`schema`, `duplicates`)"
    )
    assert advice.endswith("; 1 more step stands in the table.")


def test_a_loss_has_the_digits_of_the_table_and_other_gates_are_named() -> None:
    other = gate("log_loss", 0.486, 0.497, tier=Tier.REGRESSED, reason=Reason.REGRESSED, margin="0.005")
    assert said(combine("evaluation", [REGRESSION, other]))[0] == (
        "`roc_auc` lost 0.012 (0.009 … 0.015), more than the 0.005 you allow; `log_loss` fails too"
    )
    assert said(combine("evaluation", [other]))[0] == "`log_loss` rose by 0.011, more than the 0.005 you allow"
    many = [REGRESSION, *[gate(f"m{at}", 0.9, 0.5, tier=Tier.REGRESSED, reason=Reason.REGRESSED) for at in range(4)]]
    assert said(combine("evaluation", many))[0].endswith("; 4 more gates fail")


def test_the_slice_that_lost_most_is_where_to_look() -> None:
    told = {"metric": "roc_auc", "slice": "a=b", "head": 0.6, "rows": 9, "loser": "a=c", "change": "−0.0985"}
    worst = check("worst", Status.SKIPPED, Reason.WORST_SLICES, **told)
    assert said(combine("evaluation", [REGRESSION, worst]))[1] == (
        "find out why `a=c` lost most (−0.0985), or undo what made `roc_auc` worse; "
        "if the loss is meant, widen `may_lose` in `assay.yml` first."
    )


def test_there_is_always_something_to_do() -> None:
    silent = check("x", Status.FAILED, Reason.HOLDS)
    assert said(combine("data", [silent]))[1] == "run `assay check --base main` where you work, and look at what it says."


def test_a_check_of_another_part_behind_drift_keeps_its_words() -> None:
    empty = check("data/a.csv", Status.WARNED, Reason.DATA_EMPTY, path="data/a.csv")
    drift = drifted(column("a", Reason.DRIFT_MOVED), column("b", Reason.DRIFT_MOVED))
    assert said(combine("data", [empty]), drift)[0] == "`data/a.csv` holds no rows; and `a` and `b` drifted"
    assert said(drift, combine("data", [empty]))[0] == "`a` and `b` drifted; and `data/a.csv` holds no rows"


def asked(command: str, **more: object) -> tuple[str, str]:
    """The two lines of a run that a command started, of which everything holds."""
    facts, verdict = samples.passing()
    told = facts.model_copy(
        update={"request": RequestFacts(id="1-0", command=command, reference=more.pop("reference", None)), **more}
    )
    found = headline(told, verdict)
    return found.sentence.source, found.next.source


def test_what_a_command_asked_for_says_nothing_about_a_merge() -> None:
    overrides = [OverrideFact(file="params.yaml", key="train.lr", before="0.2", after="0.1")]
    sentence, advice = asked("train", overrides=overrides)
    assert sentence.startswith("`/train` with `train.lr` `0.2` → `0.1` holds what the policy asks: ")
    assert "merge" not in sentence and "--commit" in advice


def test_a_comparison_names_what_with() -> None:
    sentence, advice = asked("compare", reference="v12")
    assert sentence.startswith("`/compare` against `v12` holds what the policy asks: ")
    assert advice == "nothing."


def test_a_check_that_was_asked_for_is_a_check() -> None:
    assert asked("check")[0].startswith("Ready to merge: ")
