"""What is trained is what was said."""

import json

from bot.commands import DECLARED
from bot.commands.train import Present, decide
from bot.grammar import spoken
from tests.bot.commands.asking import request


def arguments(said: str) -> dict[str, object]:
    (command,) = spoken.read(said, DECLARED).commands
    order, _ = decide(request(said), command.arguments, Present())
    found: dict[str, object] = json.loads(order.inputs["arguments"])
    return found


def test_parameters_are_taken_as_dvc_takes_them() -> None:
    assert arguments("/train lr=0.1 -S more.yaml:model.depth=6") == {"base": "main", "set": ["lr=0.1", "more.yaml:model.depth=6"]}


def test_a_stage_everything_anew_and_keeping_it() -> None:
    assert arguments("/train evaluate --full --commit") == {"base": "main", "stage": "evaluate", "full": True, "commit": True}
