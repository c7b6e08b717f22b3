"""What may wait does, while little is left of the hour; what decides goes on."""

import time

import pytest

from bot.gateway.problems import Postponed
from bot.gateway.sparing import sparing
from bot.gateway.wider import WiderGateway
from tests.bot.gateway.scene import Scene


def spend(here: Scene, left: int) -> None:
    here.github.state.tokens[here.token].remaining = left
    here.gateway.repository()
    here.github.forget_requests()


def test_ap_04_reads_that_may_wait_are_shed_and_others_are_served(here: Scene) -> None:
    patient = sparing(here.gateway)
    assert patient.pull_request(here.number).number == here.number
    spend(here, 90)
    with pytest.raises(Postponed, match="less than a tenth") as caught:
        patient.comments(here.number)
    assert caught.value.exit_code == 3 and time.time() < caught.value.until < time.time() + 3_600
    assert here.github.requests == [] and here.waits == []
    here.gateway.comments(here.number)
    made = here.gateway.create_comment(here.number, "approved")
    patient.update_comment(made.id, "approved by two")
    assert [each.body for each in here.github.comments("acme/flights", here.number)] == ["approved by two"]


def test_ap_04_a_list_stops_where_the_budget_does(here: Scene) -> None:
    for number in range(150):
        here.github.comment("acme/flights", here.number, f"comment {number}")
    spend(here, 101)
    patient = sparing(here.gateway)
    with pytest.raises(Postponed):
        patient.comments(here.number)
    assert len(here.github.requests) == 1


def test_ap_04_when_the_hour_is_over_it_reads_again(here: Scene) -> None:
    spend(here, 50)
    here.transport.clock = lambda: time.time() + 3_600
    assert sparing(here.gateway).pull_request(here.number).number == here.number


def test_it_is_the_same_gateway_otherwise(here: Scene) -> None:
    wider = WiderGateway.of(here.gateway)
    patient = sparing(wider)
    assert type(patient) is WiderGateway and patient.identity() == wider.identity()
    patient.repository()
    assert (patient.requests, wider.requests) == (1, 0)
    wider.repository()
    assert here.github.requests[-1].status == 304
