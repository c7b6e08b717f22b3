"""What is open beside the ledger has an owner and a day, and goes when it is seen to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from policy import document, vigil_history
from policy.errors import PolicyProblem
from policy.facts.evaluation import EvaluationFacts, FairnessFact
from policy.pulse.findings import Production, findings
from policy.pulse.pulse import RISKS, Sources, compose
from policy.pulse.risks import NOBODY, Kind, Risk, Urgency
from policy.pulse.series import Version
from tests.policy.sightings import BEGIN, seen

TEXT = """\
version: 1
model: {name: flight-delay, artifact: model/}
roles: {ml-lead: [carol]}
watch: {tell: ml-lead, clean: 2}
data:
  - {path: flights.csv, contract: "contracts/flights.py:Flights", owner: "@acme/data", review_by: 2026-09-30}
evaluate:
  metrics: [metrics.json]
  predictions: {path: predictions.csv, key: [id], label: late, score: p}
  fairness: {by: carrier, demographic_parity: 0.1, owner: "@acme/model-risk"}
"""
POLICY = document.read(TEXT)
LETTERS = {"n": "none", "m": "medium", "h": "high"}


def production(letters: str, issue: int | None = 12) -> Production:
    """A look each day."""
    return Production([vigil_history.look(seen(LETTERS[letter], day)) for day, letter in enumerate(letters)], issue)


def version(gap: float, number: int = 3) -> Version:
    fact = FairnessFact(column="carrier", threshold=0.5, demographic_parity=gap, demographic_parity_base=0.02)
    return Version(number, BEGIN, EvaluationFacts(fairness=[fact]), 40 + number)


def found(letters: str = "", *versions: Version, days: float | None = None, text: str = TEXT) -> list[Risk]:
    """What is open so many days after the first look; right after the last one unless it is said."""
    now = BEGIN + timedelta(days=len(letters) - 1 if days is None else days)
    return findings(document.read(text), production(letters), versions, now)


def test_a_finding_in_production_is_open_from_the_look_that_made_it_so_until_it_is_over() -> None:
    (risk,) = found("nmm")
    assert (risk.kind, risk.owner, risk.since, risk.until) == (Kind.DRIFT, "the role ml-lead", BEGIN + timedelta(days=1), None)
    assert risk.about == "flight-delay, severity medium: it moved" and risk.number == 12
    (clean,) = found("nmmn")
    assert clean.about == "flight-delay, severity medium" and clean.key == risk.key
    assert found("nmmnn") == [] == found("nn")


def test_what_becomes_worse_is_another_finding() -> None:
    (risk,), (worse,) = found("m"), found("mh")
    assert worse.key != risk.key and worse.about.startswith("flight-delay, severity high")


def test_nobody_looking_is_overdue_from_the_moment_the_next_look_should_have_come() -> None:
    assert found("nn", days=2.4) == []
    (risk,) = found("nn", days=2.6)
    assert risk.kind is Kind.SILENCE and "since 2026-07-02" in risk.about
    assert risk.urgency(BEGIN + timedelta(days=2.6)) is Urgency.OVERDUE
    assert risk.late(BEGIN + timedelta(days=3.5)) == timedelta(days=1)


def test_without_a_watch_nothing_is_said_of_production() -> None:
    without = TEXT.replace("watch: {tell: ml-lead, clean: 2}\n", "")
    assert found("nmh", days=40, text=without) == found("", days=40)


def test_a_gap_that_the_newest_known_version_has_is_named_with_its_pull_request() -> None:
    unknown = Version(4, BEGIN, None)
    (risk,) = found("", version(0.0, 2), version(0.3), unknown, days=0)
    assert (risk.kind, risk.owner, risk.since, risk.number) == (Kind.FAIRNESS, "@acme/model-risk", BEGIN, 43)
    assert risk.about.startswith("version 3: ") and "0.3" in risk.about
    assert found("", version(0.3, 2), version(0.05), days=0) == []
    assert found("", version(0.3, 5), days=0)[0].key == risk.key, "the same gap in the next version is no news"
    owned = TEXT.replace(', owner: "@acme/model-risk"', "")
    assert found("", version(0.3), days=0, text=owned)[0].owner == NOBODY


def test_a_contract_is_named_a_month_before_its_day_and_overdue_after_it() -> None:
    end = datetime(2026, 10, 1, tzinfo=UTC)
    assert findings(POLICY, Production(), (), end - timedelta(days=31)) == []
    (risk,) = findings(POLICY, Production(), (), end - timedelta(days=30))
    assert (risk.kind, risk.owner, risk.until) == (Kind.CONTRACT, "@acme/data", end)
    assert risk.about == "contracts/flights.py:Flights of flights.csv"
    moments = [end - timedelta(days=20), end - timedelta(days=7), end]
    assert [risk.urgency(each) for each in moments] == [Urgency.OPEN, Urgency.SOON, Urgency.OVERDUE]


def test_a_day_without_a_contract_is_refused() -> None:
    with pytest.raises(PolicyProblem, match="`review_by` is about a contract"):
        document.read(TEXT.replace('contract: "contracts/flights.py:Flights", ', ""))


def test_they_stand_in_the_pulse_in_order_and_without_a_ledger_too() -> None:
    now = BEGIN + timedelta(days=100)
    sources = Sources("there is no ledger yet", [version(0.3)], production=production("nm"))
    pulse = compose(POLICY, sources, now)
    assert pulse.risks is not None and dict(pulse.unread)[RISKS] == "there is no ledger yet"
    assert [each.kind for each in pulse.risks] == [Kind.SILENCE, Kind.CONTRACT, Kind.FAIRNESS, Kind.DRIFT]
    assert compose(POLICY, replace(sources, versions="no server"), now).risks == tuple(
        each for each in pulse.risks if each.kind is not Kind.FAIRNESS
    )
