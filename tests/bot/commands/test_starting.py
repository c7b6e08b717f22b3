"""What is started is bound to the head, and a fork's code is only ever checked."""

import pytest

from bot.commands import COMMANDS
from bot.commands.starting import start
from bot.effects import Dispatch
from policy.reasons import Reason
from tests.bot.commands.asking import HEAD, reply, request


def test_an_order_names_commit_pull_request_and_asking() -> None:
    order, _ = start(request(), "train", overrides=["lr=0.1"])
    assert isinstance(order, Dispatch)
    assert order.inputs == {
        "request": "4711-0", "command": "train", "pull-request": "7", "sha": HEAD,
        "arguments": '{"base": "main", "set": ["lr=0.1"]}',
    }  # fmt: skip
    assert (order.ref, order.request, order.again) == ("main", "4711-0", False)


@pytest.mark.parametrize("command", ["train", "evaluate", "compare", "drift"])
@pytest.mark.parametrize("owner", ["eve/flights", None])
def test_the_code_of_a_fork_is_not_trained(command: str, owner: str | None) -> None:
    effects = start(request(head_repository=owner), command)
    assert reply(effects).result.reason is Reason.FORK_ONLY_CHECKED
    assert len(effects) == 1


@pytest.mark.parametrize("said", ["/train", "/evaluate", "/compare main", "/drift"])
def test_every_command_that_runs_goes_through_here(said: str) -> None:
    from bot.commands import DECLARED
    from bot.grammar import spoken

    (command,) = spoken.read(said, DECLARED).commands
    module = COMMANDS[command.name]
    asked = request(said)
    effects = module.decide(asked, command.arguments, module.look(object(), asked, command.arguments))
    assert effects[0].inputs["command"] == command.name
