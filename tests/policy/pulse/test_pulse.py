"""The pulse as a whole names every part that it could not make, and makes the others all the same."""

from datetime import date

from policy import document
from policy.ledger import Decision
from policy.pulse.flow import Pulled
from policy.pulse.forecast import Outlook
from policy.pulse.pulse import FLOW, OBJECTIVES, RISKS, Sources, compose
from policy.pulse.series import Version
from tests.policy.pulse.diary import Diary, at
from tests.policy.pulse.test_series import known, metric

TEXT = """\
version: 1
model: {name: flight-delay, artifact: model/}
roles: {ml-lead: [carol]}
environments:
  staging: {approved_if: [{role: ml-lead}]}
  production: {approved_if: [{role: ml-lead}]}
objectives:
  - {name: better, metric: roc_auc, target: 0.8, by: 2026-12-31, owner: carol}
"""
POLICY = document.read(TEXT)
LEDGER = Diary().promoted(100, 1).add(Decision.LOCKED, 101).kept
VERSIONS: list[Version] = [known(metric(0.7 + each / 100), number=each) for each in (1, 2, 3)]


def test_everything_that_could_be_read_is_there() -> None:
    found = compose(POLICY, Sources(LEDGER, VERSIONS, notes=("n",)), at(180))
    assert found.unread == () and found.notes == ("n",) and found.environment == "production" and found.from_registry
    assert found.standings and found.standings[0].forecast.outlook is Outlook.ON_TRACK
    assert found.risks and len(found.risks) == 1
    assert found.flow and found.before and (found.flow.promotions, found.before.promotions) == (1, 0)
    assert found.flow.window.since == at(90)
    assert compose(POLICY, Sources(LEDGER, VERSIONS), at(180), at(120)).flow != found.flow


def test_a_version_is_known_by_its_pull_request() -> None:
    pulls = {7: Pulled(at(90), at(98)), 8: Pulled(at(1), at(2))}
    found = compose(POLICY, Sources(LEDGER, VERSIONS, pulls=pulls), at(180))
    assert [each.pull for each in VERSIONS] == [7, 7, 7] and found.flow and found.flow.opened and found.flow.merged
    assert (found.flow.opened.median.days, found.flow.merged.median.days) == (10, 2)
    without = compose(POLICY, Sources(LEDGER, "no server", pulls=pulls), at(180))
    assert without.flow and without.flow.opened is None


def test_what_could_not_be_read_is_named_and_the_rest_is_made() -> None:
    found = compose(POLICY, Sources("no branch", VERSIONS), at(180))
    assert found.unread == ((RISKS, "no branch"), (FLOW, "no branch")) and found.standings and found.risks is None
    found = compose(POLICY, Sources(LEDGER, "no server"), at(180))
    assert found.unread == ((OBJECTIVES, "no server"),) and found.standings is None and found.flow and not found.from_registry


def test_without_environments_or_a_model_flow_is_named_as_missing() -> None:
    nothing = document.read("version: 1\n")
    assert compose(nothing, Sources([], []), at(1)).unread == ((FLOW, "assay.yml has no `model`"),)
    model = document.read("version: 1\nmodel: {name: m, artifact: model/}\n")
    found = compose(model, Sources([], []), at(1))
    assert found.unread == ((FLOW, "assay.yml has no `environments`"),)
    assert found.standings == () and found.risks == ()


def test_an_objective_whose_day_is_over_is_missed() -> None:
    late = POLICY.model_copy(update={"objectives": [POLICY.objectives[0].model_copy(update={"by": date(2026, 2, 1)})]})
    found = compose(late, Sources(LEDGER, VERSIONS), at(180))
    assert found.standings and found.standings[0].forecast.outlook is Outlook.MISSED
