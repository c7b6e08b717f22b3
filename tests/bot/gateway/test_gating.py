"""What waits for an environment, and what is said to it."""

import pytest

from bot.gateway.gating import GateGateway
from bot.gateway.problems import Refused
from tests.bot.gateway.scene import REPOSITORY, Scene


def test_a_run_that_waits_is_answered_once(here: Scene) -> None:
    run = here.github.run(REPOSITORY, here.base, "main", "workflow_dispatch")
    run.status, run.conclusion, run.gates = "waiting", None, {"production": [], "staging": []}
    gateway = GateGateway.of(here.gateway)
    found = gateway.run(run.id)
    assert found and found.status == "waiting" and gateway.run(404) is None
    assert gateway.waiting_for(run.id) == ["production", "staging"]
    gateway.answer(run.id, "production", "it is to be decided yet")
    gateway.answer(run.id, "production", "", "approved")
    assert gateway.waiting_for(run.id) == ["staging"]
    with pytest.raises(Refused):
        gateway.answer(run.id, "production", "", "rejected")
    assert [each.get("state") for each in run.gates["production"]] == [None, "approved"]
