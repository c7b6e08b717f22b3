"""What this month and the last cost reads the same in every home, and no label of a runner does anything."""

import json
import re
from decimal import Decimal

from policy.cost import Bill, Cost, Run, spending
from policy.pulse.outgoings import Outgoings
from policy.pulse.pulse import Sources, compose, priced
from policy.tokens import TokenPrice, Tokens, Used, merged
from reports import outgoings as drawn
from reports import pulse
from tests.policy.pulse.diary import at
from tests.policy.pulse.test_outgoings import outgoings, run
from tests.policy.pulse.test_pulse import LEDGER, POLICY, VERSIONS

SOME = outgoings(run("5", 7), run("0.006", None, "assay-check.yml"))


def test_months_have_their_sums_and_this_one_its_share_of_the_budget() -> None:
    now, before = drawn.months(SOME)
    assert now.cells == ("March 2026, so far", "2", "20", "5.01 USD", "25 % of 20.00 USD") and not now.over
    assert before.cells == ("February 2026", "1", "10", "2.00 USD", "—")
    assert drawn.months(outgoings(run("21")))[0].over


def test_a_sum_that_is_not_exact_says_so() -> None:
    unread = run("1").__class__("assay-run.yml", None, 600)
    assert drawn.months(outgoings(run("1"), unread))[0].cells[1:4] == ("2", "about 20", "about 2.00 USD")
    assert drawn.months(outgoings(run("1"), left_out=3))[0].cells[1:4] == ("4", "more than 10", "more than 1.00 USD")
    assert drawn.pulls(outgoings(run("1", 7, "assay-run.yml", "gpu")))[0].cells == ("1", "10", "more than 1.00 USD")


def test_the_issue_has_it_last_with_the_dearest_pull_requests() -> None:
    body = pulse.body(priced(compose(POLICY, Sources(LEDGER, VERSIONS), at(180)), SOME)).source
    assert body.index("### Flow") < body.index("### Cost of `flight-delay`")
    assert "| March 2026, so far | 2 | 20 | 5.01 USD | 25 % of 20.00 USD |" in body
    assert "| #7 | 1 | 10 | 5.00 USD |" in body and "| `assay-check.yml` | 1 | 10 | 0.006 USD |" in body
    assert [len(re.findall(r"\|", each)) for each in body.split("\n") if each.startswith("| Feb")] == [6]


def test_machines_get_numbers_and_whether_they_are_exact() -> None:
    told = json.loads(json.dumps(drawn.data(SOME)))
    assert told["budget"] == {"money": 20.0, "share": 0.2503, "passed": False} and told["month"] == "2026-03"
    assert told["now"] == {
        "runs": 2, "minutes": 20, "money": 5.006, "exact": True, "reckoned": 0, "left_out": 0, "unpriced": [],
    }  # fmt: skip
    assert told["pull_requests"] == [{"number": 7, "runs": 1, "minutes": 10, "money": 5.0}]
    assert [each["workflow"] for each in told["workflows"]] == ["assay-run.yml", "assay-check.yml"]
    assert drawn.data(outgoings(limit=None))["budget"] is None


def test_a_label_without_a_price_is_named_and_harmless() -> None:
    found = outgoings(run("1", 7, "assay-`|@acme/all.yml", "@acme/all <!-- | `x`"))
    body = "\n".join(each.source for each in drawn.body(found, None))
    assert "### Cost of all runs" in body and "name it in `cost.prices`" in body and "<!--" not in re.sub(r"`+.*?`+", "", body)


def asked(*used: Used, unknown: int = 0, reckoned: bool = False) -> Outgoings:
    """A March with a run that used language models."""
    cost = Cost(tokens=Tokens(file="u.json", prices={"gpt-x": TokenPrice(input=2.5, output=10)}))
    bill = Bill(10, Decimal(2), used=merged(used), unknown=unknown)
    runs = [Run("assay-run.yml", 7, 600, bill), *([Run("assay-run.yml", 7, 600)] if reckoned else [])]
    return Outgoings(cost, outgoings().since, spending(runs), outgoings().before_since, spending([]))


def test_language_models_are_told_each_with_its_tokens_and_money() -> None:
    found = asked(Used("gpt-x", 400_000, 100_000), Used("gpt-`|y", 900_000))
    assert [(each.name, each.cells) for each in drawn.models(found)] == [
        ("gpt-`|y", ("900,000", "0", "—")), ("gpt-x", ("400,000", "100,000", "2.00 USD")),
    ]  # fmt: skip
    body = "\n".join(each.source for each in drawn.body(found, None))
    assert "| this month by language model | tokens given | given back | money |" in body and "| `gpt-x` | 400,000 |" in body
    assert drawn.data(found)["tokens"]["models"][0] == {
        "model": "gpt-`|y", "input": 900_000, "output": 0, "cached": 0, "money": None,
    }  # fmt: skip
    assert drawn.models(asked(Used("gpt-x", 5), reckoned=True))[0].cells == ("about 10", "about 0", "about 0.000025 USD")


def test_tokens_that_nobody_knows_are_said_and_make_the_sum_more() -> None:
    found = asked(unknown=3)
    assert drawn.untold(found) == "What 3 runs of this month used of language models is not known, and not in the sums."
    assert drawn.months(found)[0].cells[1:4] == ("1", "10", "more than 2.00 USD")
    assert drawn.pulls(found)[0].cells == ("1", "10", "more than 2.00 USD")
    assert drawn.data(found)["tokens"] == {"models": [], "unknown": 3} and not drawn.data(found)["now"]["exact"]
    assert drawn.untold(SOME) == "" and drawn.data(SOME)["tokens"] is None
    assert "is not known" in "\n".join(each.source for each in drawn.body(found, None))
