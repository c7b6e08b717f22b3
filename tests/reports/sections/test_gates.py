"""The table of gates."""

from policy.reasons import Reason
from policy.result import Result, Status, Tier, combine
from reports.section import Row
from reports.sections.gates import gates, movement
from tests.reports.examples import REGRESSION, bare_facts, check, gate, verdict_of
from tests.reports.examples import gates as some


def plain(row: Row) -> str:
    return row.line.replace("\u00a0", " ")


def lines(*found) -> list[str]:  # type: ignore[no-untyped-def]
    return [plain(row) for row in gates(bare_facts(), verdict_of(combine("evaluation", list(found))))[0].rows]


def test_the_worst_gates_come_first() -> None:
    results = [line.split(" | ")[-1] for line in lines(*some())]
    assert results == ["🔴 regressed |", "🟡 inconclusive, 214 rows |", "🟢 improved |", "🟢 pass |"]


def test_the_head_names_the_base_and_the_interval() -> None:
    heads = gates(bare_facts(), verdict_of(combine("evaluation", some())))[0].columns
    assert [head.title.source for head in heads] == ["gate", "`main`", "this", "change (95 % interval)", "allowed", "result"]


def test_an_unusable_gate_says_why() -> None:
    unusable = gate("auc", tier=Tier.UNUSABLE, reason=Reason.MISSING_METRIC, side="this change", detail="")
    assert lines(unusable) == ["| `auc` | — | — | — | ≥ −0.005 | 🔴 unusable: `auc` is missing in this change |"]


def test_a_gate_since_a_baseline_says_so() -> None:
    since = gate("auc", 0.7, 0.71).model_copy(update={"name": "auc since champion"})
    assert lines(since)[0].startswith("| `auc` since `champion` |")


def test_gates_beyond_a_dozen_are_folded_but_not_those_that_fail() -> None:
    many = [gate(f"m{number}", 0.5, 0.5) for number in range(50)]
    shown, folded = gates(bare_facts(), verdict_of(combine("evaluation", many)))
    assert (len(shown.rows), len(folded.rows), folded.folded) == (12, 38, True)
    lost = [gate(f"m{number}", 0.5, 0.1, tier=Tier.REGRESSED) for number in range(20)]
    shown, folded = gates(bare_facts(), verdict_of(combine("evaluation", [*many, *lost])))
    assert [row.status for row in shown.rows] == [Status.FAILED] * 20
    assert len(folded.rows) == 50


def test_a_gate_in_a_phrase() -> None:
    assert movement(REGRESSION).source == "`roc_auc` 0.741 → 0.729"
    assert movement(check("x", Status.PASSED, Reason.HOLDS)).source == "`x`"


def each_carrier(*values: str, tier: Tier = Tier.PASS, head: float = 0.71) -> list[Result]:
    return [gate("auc", 0.7, head + 0.001 * at, where=f"carrier={value}", tier=tier) for at, value in enumerate(values)]


def test_gates_over_a_column_are_one_line_while_they_pass_and_the_table_is_folded() -> None:
    found = [gate("log_loss", 0.5, 0.5), *each_carrier("AA", "UA", "HA")]
    shown, folded = gates(bare_facts(), verdict_of(combine("evaluation", found)))
    assert [plain(row) for row in shown.rows][1:] == [
        "| `auc` on each `carrier` (3) |  |  | +0.010 to +0.012 | ≥ −0.005 | 🟢 3 pass |"
    ]
    assert [str(row.cells[0]) for row in folded.rows] == [f"`auc` on `carrier={value}`" for value in ("AA", "UA", "HA")]


def test_gates_of_a_column_that_fail_stand_apart_from_those_that_pass() -> None:
    lost = each_carrier("US", tier=Tier.REGRESSED, head=0.5)
    shown, folded = gates(bare_facts(), verdict_of(combine("evaluation", [*each_carrier("AA", "UA", "HA"), *lost])))
    assert [str(row.cells[0]) for row in shown.rows] == ["`auc` on `carrier=US`", "`auc` on 3 other values of `carrier`"]
    assert len(folded.rows) == 3


def test_two_gates_of_a_column_need_no_line_of_their_own() -> None:
    shown, folded = gates(bare_facts(), verdict_of(combine("evaluation", each_carrier("AA", "UA"))))
    assert (len(shown.rows), len(folded.rows)) == (2, 0)


def test_an_interval_is_not_broken_over_two_lines() -> None:
    shown = gates(bare_facts(), verdict_of(combine("evaluation", [REGRESSION])))[0].rows[0]
    assert str(shown.cells[3]) == "−0.012\u00a0(−0.015\u00a0…\u00a0−0.009)"


def test_a_waived_gate_says_who_waived_it_and_until_when() -> None:
    values = {"why": "it got worse", "by": "alice", "because": "known", "until": "2026-03-31"}
    waived = REGRESSION.model_copy(update={"status": Status.WARNED, "reason": Reason.WAIVED, "values": values})
    shown = gates(bare_facts(), verdict_of(combine("evaluation", [waived])))[0].rows[0]
    assert "🟡 regressed, waived by `alice` until `2026-03-31`" in plain(shown)
