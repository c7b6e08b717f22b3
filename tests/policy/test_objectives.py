"""Objectives are read strictly: a direction that somebody names, one name each, and an owner that can be one."""

import pytest

from policy import document
from policy.document import PolicyProblem
from policy.objectives import Pulse, wants_issue, wants_milestones

HEAD = "version: 1\nobjectives:\n"
LINE = "  - {{name: {name}, metric: {metric}, target: 0.8, by: 2026-12-31, owner: carol{more}}}\n"


def line(name: str = "better", metric: str = "roc_auc", more: str = "") -> str:
    return LINE.format(name=name, metric=metric, more=more)


def problem(text: str) -> str:
    with pytest.raises(PolicyProblem) as raised:
        document.read(text)
    return str(raised.value)


def test_an_objective_has_the_direction_of_its_metric_of_its_gate_or_its_own() -> None:
    gate = "evaluate: {metrics: [m.json], gates: [{metric: cost, better: lower, ceiling: 3}]}\n"
    text = HEAD + line("a") + line("b", "cost") + line("c", "speed", ", better: higher") + line("d", "test.rmse") + gate
    policy = document.read(text)
    assert [each.direction(policy.evaluate) for each in policy.objectives] == ["higher", "lower", "higher", "lower"]


def test_a_metric_of_which_nobody_knows_the_direction_is_an_error_with_its_line() -> None:
    said = problem(HEAD + line("a") + line("b", "speed"))
    assert "assay.yml:4" in said and "which direction of 'speed' is good" in said and "`better: higher`" in said


def test_the_wrong_direction_of_a_known_metric_is_an_error() -> None:
    assert "roc_auc is better higher" in problem(HEAD + line(more=", better: lower"))


def test_two_objectives_of_one_name_are_an_error() -> None:
    assert "two objectives are called 'better'" in problem(HEAD + line() + line())


def test_who_can_be_no_owner_is_an_error() -> None:
    assert "owner" in problem(HEAD + line().replace("carol", '"Carol Smith"'))


def test_more_than_twenty_objectives_are_an_error() -> None:
    assert "objectives" in problem(HEAD + "".join(line(f"n{index}") for index in range(21)))


def test_a_slice_is_part_of_what_it_is_called() -> None:
    (found,) = document.read(HEAD + line(more=", where: {carrier: HA}")).objectives
    assert found.subject == "roc_auc on carrier=HA"


def test_there_is_an_issue_where_objectives_are_named_or_the_section_says_so() -> None:
    objectives = document.read(HEAD + line()).objectives
    assert wants_issue(objectives, None) and not wants_issue([], None)
    assert wants_issue([], Pulse()) and not wants_issue(objectives, Pulse(issue=False))
    assert wants_milestones(None) and wants_milestones(Pulse()) and not wants_milestones(Pulse(milestones=False))
