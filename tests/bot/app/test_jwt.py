"""The App's own token is taken however the clocks differ, within reason."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.installations import as_the_app
from bot.app.jwt import AppToken, claims
from bot.app.key import PrivateKey
from bot.gateway.allowance import Allowance
from bot.gateway.transport import Transport
from policy.problems import UserProblem
from tests.bot.app.scene import Scene


@given(now=st.floats(1e9, 4e9), skew=st.floats(-60, 60))
def test_a_token_is_good_by_any_clock_within_a_minute_of_ours(now: float, skew: float) -> None:
    made, theirs = claims(7, now), now + skew
    assert made["iss"] == "7"
    assert made["iat"] <= theirs < made["exp"] <= theirs + 600


@pytest.mark.parametrize("skew", [-58, 0, 58])
def test_github_takes_it_from_a_clock_that_is_off_by_less_than_a_minute(there: Scene, skew: float) -> None:
    made = AppToken(there.app.id, PrivateKey.parse(there.app.private_key), lambda: time.time() + skew)
    assert Transport.of(there.github.url, made, Allowance()).send("GET", "/app").data["slug"] == "assay"


def test_a_clock_that_is_far_off_or_a_key_of_another_app_is_told_as_such(there: Scene) -> None:
    key = PrivateKey.parse(there.app.private_key)
    other = PrivateKey.parse(there.github.app("other").private_key)
    for wrong in (AppToken(there.app.id, key, lambda: time.time() + 3_600), AppToken(there.app.id, other)):
        transport = Transport.of(there.github.url, wrong, Allowance())
        with pytest.raises(UserProblem, match=r"does not take the App's key.*the clock is right"):
            as_the_app(lambda transport=transport: transport.send("GET", "/app"))
        assert transport.requests == 1


def test_ap_08_the_credential_shows_the_apps_number_only(there: Scene) -> None:
    assert repr(AppToken(7, PrivateKey.parse(there.app.private_key))) == "AppToken(7)"
