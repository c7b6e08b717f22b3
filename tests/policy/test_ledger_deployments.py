"""A promotion without its deployment, and a deployment of which no entry tells, are named at the entry that they contradict."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from policy.ledger import Decision, Digests, Draft, Entry, Personal, Subject, append
from policy.ledger_deployments import Deployed, compare

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOVES = (("1", "staging"), ("1", "production"), ("2", "staging"))


def entries(moves: Sequence[tuple[str, str]] = MOVES) -> list[Entry]:
    made: list[Entry] = []
    for index, (version, environment) in enumerate(moves):
        draft = Draft(
            key=f"k{index}", decision=Decision.PROMOTED if index else Decision.ROLLED_BACK, reason="x", repository=1,
            subject=Subject(model="delays", version=version, environment=environment, number=index),
            digests=Digests(code="c" * 40), inputs={"approved": f"digest {index}"},
        )  # fmt: skip
        personal = Personal(salt="a" * 32, actor_id=1, login="mona")
        made.append(append(made[-1] if made else None, draft, personal, AT.isoformat()).entry)
    return made


def deployed() -> list[Deployed]:
    return [
        Deployed(10 + index, "bot", AT, "delays", version, environment, "c" * 40, index, f"digest {index}")
        for index, (version, environment) in enumerate(MOVES)
    ]


def told(deployments: Sequence[Deployed], every: Sequence[Entry] | None = None) -> str:
    return str(compare(entries() if every is None else every, reversed(deployments)) or "")


def test_where_each_has_its_own_and_the_last_are_the_same_it_fits() -> None:
    assert told(deployed()) == ""


@pytest.mark.parametrize("index", range(3))
def test_au_02_a_promotion_without_its_deployment_is_told(index: int) -> None:
    left = [each for each in deployed() if each.request != index]
    assert told(left).startswith(f"entry {index + 1}: it put version {MOVES[index][0]} of delays into {MOVES[index][1]}")


@pytest.mark.parametrize("part", ["version", "commit", "request", "approved", "environment", "model"])
def test_au_02_one_that_is_of_something_else_is_none(part: str) -> None:
    first, *others = deployed()
    other = replace(first, **{part: 99 if part == "request" else "other"})
    assert told([other, *others]).startswith("entry 1: ")


def test_au_02_a_later_deployment_of_which_no_entry_tells_is_told() -> None:
    late = replace(deployed()[1], id=99, version="7", approved="other", by="eve")
    said = "deployment 99 by eve put version 7 of delays into production after it, and no entry tells of that"
    assert told([*deployed(), late]) == f"entry 2: {said}"
    nowhere = replace(late, environment="canary")
    assert told([*deployed(), nowhere]).startswith("entry 4: deployment 99") and "after it" not in told([*deployed(), nowhere])


def test_an_older_one_without_an_entry_and_what_was_before_the_ledger_say_nothing() -> None:
    assert told([replace(deployed()[0], id=1, approved="other"), *deployed()]) == ""
    before = replace(deployed()[1], id=5, environment="canary", at=AT.replace(year=2025))
    assert told([before, *deployed()]) == "" and told([before], []) == ""
    assert told([replace(each, at=AT.replace(year=2025)) for each in deployed()]) == "", "the entry follows the deployment"
