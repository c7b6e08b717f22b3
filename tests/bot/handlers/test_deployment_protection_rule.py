"""Of the address in the event only the number of the run is taken."""

from bot.handlers.deployment_protection_rule import handle
from policy.reasons import Reason
from tests.bot.promotion.court import Court

URL = "https://api.github.com/repos/acme/flights/actions/runs/7/deployment_protection_rule"


def test_what_names_no_run_or_environment_asks_for_nothing(there: Court) -> None:
    good = {"action": "requested", "environment": "staging", "deployment": {"id": 1}, "deployment_callback_url": URL}
    there.chat.here.github.forget_requests()
    for change in ({"action": "x"}, {"environment": None}, {"environment": 3}, {"deployment_callback_url": URL + "/../x"}):
        assert handle(there.chat.around, {**good, **change}) is Reason.NOT_OURS
    assert there.chat.asked == []
    assert handle(there.chat.around, good) is Reason.NOT_OURS
    assert [each for each in there.chat.asked if "/actions/runs/7" in each] and len(there.chat.asked) == 1
