"""The home of `assay sight` believes its environment only where it is that of a job of the default branch."""

import json
from pathlib import Path

import pytest

from bot.gateway.allowance import Allowance
from bot.homes import production as home
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.monitoring.production import production
from tests.policy.sightings import seen


def environ(here: Scene, **more: str) -> dict[str, str]:
    token = {"GITHUB_TOKEN": here.token, "GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/heads/main"}
    return {**token, "GITHUB_API_URL": here.github.url, "GITHUB_REPOSITORY": REPOSITORY, **more}


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "turn", lambda *given: None)


def raw(severity: str) -> bytes:
    return seen(severity).model_dump_json().encode()


def test_it_is_kept_and_told_and_costs_four_requests_where_nothing_changed(here: Scene, tmp_path: Path) -> None:
    there = production(here)
    told = home.keep(environ(here), raw("high"), "sighting.json")
    assert (told.did, told.issue) == ("opened", there.issue.number) and len(here.github.requests) <= 12
    home.keep(environ(here), raw("high"), "sighting.json")
    here.github.forget_requests()
    assert home.keep(environ(here), raw("high"), "sighting.json").did == "nothing"
    assert len(here.github.requests) <= 4
    event = tmp_path / "event.json"
    one = here.github.repository(REPOSITORY)
    event.write_text(json.dumps({"repository": {"id": one.id, "default_branch": "main", "private": False}}))
    here.github.forget_requests()
    home.keep(environ(here, GITHUB_EVENT_PATH=str(event)), raw("high"), "sighting.json")
    assert len(here.github.requests) == 3


@pytest.mark.parametrize("ref", ["", "refs/heads/feature", "refs/tags/main", "refs/pull/1/merge", "main"])
def test_ga_08_a_job_of_anything_but_the_default_branch_is_refused(here: Scene, ref: str) -> None:
    there = production(here)
    with pytest.raises(UserProblem, match="a job of"):
        home.keep(environ(here, GITHUB_REF=ref), raw("high"), "sighting.json")
    assert there.written == []
