"""What the registry tells is a hint: what is done is what the registry and GitHub say."""

from dataclasses import replace

from bot import dispatching
from bot.promotion.told import LABEL
from policy.reasons import Reason
from tests.bot.promotion.court import Court
from tests.bot.receiving.payloads import told


def test_what_was_told_out_of_order_or_falsely_has_no_effect_of_its_own(there: Court) -> None:
    lie = told(version="3", alias="production")
    assert dispatching.handle(there.chat.around, "mlflow", lie) is Reason.REGISTRY_AS_PROMOTED
    assert there.gateway.issues(LABEL) == []
    there.shelf.aliases["production"] = 3
    older = told(entity="model_version", version="1")
    assert dispatching.handle(there.chat.around, "mlflow", older) is Reason.REGISTRY_OUTSIDE
    assert dispatching.handle(there.chat.around, "mlflow", lie) is Reason.REGISTRY_OUTSIDE
    assert len(there.gateway.issues(LABEL)) == 1


def test_an_unknown_model_asks_for_nothing(there: Court) -> None:
    assert dispatching.handle(there.chat.around, "mlflow", told(name="another")) is Reason.NOT_OURS
    assert there.shelf.asked == 0


def test_a_sweep_asks_about_whatever_the_model_is(there: Court) -> None:
    assert dispatching.handle(there.chat.around, "mlflow", told("swept", "swept", name="")) is Reason.REGISTRY_AS_PROMOTED


def test_ap_04_where_few_requests_are_left_what_a_sweep_asks_for_waits(there: Court) -> None:
    github = there.chat.here.github
    github.state.tokens[there.chat.here.token].remaining = 50
    there.gateway.issues(LABEL)  # which is told how little is left
    assert dispatching.handle(there.chat.around, "mlflow", told("swept", "swept", name="")) is Reason.PUT_OFF
    assert dispatching.handle(there.chat.around, "mlflow", told()) is Reason.REGISTRY_AS_PROMOTED


def test_where_there_is_no_registry_it_is_nothing_to_us(there: Court) -> None:
    around = replace(there.chat.around, registry=None)
    assert dispatching.handle(around, "mlflow", told()) is Reason.NOT_OURS
