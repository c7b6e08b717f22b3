"""Versions, and extras that the policy needs."""

import pytest

from actions.setup.finding import Finding
from actions.setup.installed import look
from policy import document

FAIR = document.read(
    "version: 1\nevaluate: {predictions: {path: p.csv, key: [id], label: y, score: p}, fairness: {by: a, equalised_odds: 0.1}}\n"
)


def nothing(_: str) -> None:
    return None


def test_what_is_installed_here_is_recent_enough() -> None:
    assert {finding.level for finding in look(FAIR, find=lambda name: name)} == {"ok"}


def test_an_extra_that_the_policy_needs_is_an_error_and_others_are_notes() -> None:
    levels = {
        finding.what.split("`")[3] if "evaluate" in finding.what else "": finding.level for finding in look(FAIR, find=nothing)
    }
    assert levels["fairness"] == "error"
    assert all(finding.level != "error" for finding in look(None, find=nothing))


def test_stages_need_a_dvc_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = [finding.check for finding in look(document.read("version: 1\ntrain: {}\n")) if finding.level == "error"]
    assert found == ["dvc-command"]
    assert all(finding.level != "error" for finding in look(document.read("version: 1\n")))


def test_a_finding_says_where_as_editors_understand_it() -> None:
    assert Finding("a", "ok", "b", file="c.yml", line=3).where == "c.yml:3"
    assert Finding("a", "ok", "b", file="c.yml").where == "c.yml"
    assert Finding("a", "ok", "b").where == ""
