"""What was sent to the App is found again, read, and sent once more."""

from itertools import islice

import pytest

from bot.app.deliveries import Deliveries, Delivery
from bot.gateway.problems import NotThere
from policy.problems import OutsideProblem, UserProblem
from tests.bot.app.scene import NAME, Scene
from tests.loopback.test_app_webhooks import Receiver


def heard(there: Scene, count: int) -> None:
    for at in range(count):
        there.github.announce(NAME, there.github.comment(NAME, there.number, f"/help {at}"), "created")
    there.github.sender.drain()


def test_deliveries_come_newest_first_through_all_pages_and_no_more_pages_than_are_read(there: Scene) -> None:
    heard(there, 120)
    deliveries = Deliveries(there.as_app())
    found = list(islice(deliveries.newest_first(), 5))
    assert [each.id for each in found] == sorted((each.id for each in found), reverse=True)
    assert there.asked() == ["GET /app/hook/deliveries"]
    every = list(deliveries.newest_first())
    assert (len(every), every[:5], every[-1].event) == (121, found, "installation")
    assert all(each.installation == there.installation.id and each.repository == there.id for each in every[:-1])


def test_wh_25_what_failed_is_told_apart_read_and_sent_again_under_its_guid(there: Scene) -> None:
    heard(there, 1)
    deliveries, receiver = there.gateways().deliveries, Receiver()
    assert deliveries is not None
    missed = next(deliveries.newest_first())
    assert not missed.arrived and (missed.event, missed.action, missed.redelivery) == ("issue_comment", "created", False)
    content = deliveries.content(missed.id)
    assert content.delivery == missed and content.payload["comment"]["body"] == "/help 0"
    assert content.headers["x-github-event"] == "issue_comment" and content.headers["x-github-delivery"] == missed.guid
    sent = there.github.sender.deliveries[-1]
    there.github.sender.deliveries[-1] = type(sent)(**{**vars(sent), "url": receiver.url})
    deliveries.attempt(missed.id)
    there.github.sender.drain()
    again = next(deliveries.newest_first())
    assert again.arrived and again.redelivery and again.guid == missed.guid and again.id > missed.id
    assert [guid for guid, _ in receiver.heard] == [missed.guid]
    receiver.close()


def test_ap_02_an_attempt_whose_answer_was_lost_is_asked_for_again(there: Scene) -> None:
    heard(there, 1)
    deliveries = Deliveries(there.as_app())
    missed = next(deliveries.newest_first())
    there.github.fail("status", "POST", "/attempts", status=502)
    deliveries.attempt(missed.id)
    there.github.sender.drain()
    assert next(deliveries.newest_first()).redelivery


def test_what_is_not_there_or_not_ours_is_a_problem(there: Scene) -> None:
    deliveries = Deliveries(there.as_app())
    for ask in (deliveries.content, deliveries.attempt):
        with pytest.raises(NotThere):
            ask(404_404)
    wrong = there.gateways(private_key=there.github.app("other").private_key).deliveries
    assert wrong is not None
    with pytest.raises(UserProblem, match="does not take the App's key"):
        next(wrong.newest_first())


def test_an_answer_that_is_none_is_a_problem() -> None:
    with pytest.raises(OutsideProblem, match="lacks"):
        Delivery.of({"id": 1})


def test_ap_08_what_was_sent_is_in_no_repr(there: Scene) -> None:
    heard(there, 1)
    deliveries = Deliveries(there.as_app())
    assert "/help 0" not in repr(deliveries.content(next(deliveries.newest_first()).id))
