"""An alias that was moved past the ledger is told, at the entry that it contradicts."""

from collections.abc import Mapping

from policy.ledger import Decision, Draft, Entry, Personal, Subject, append
from policy.ledger_registry import compare, newest

MOVES = [("delays", "1", "staging"), ("delays", "1", "production"), ("delays", "2", "staging"), ("fares", "7", "staging")]


def entries(decision: Decision = Decision.PROMOTED) -> list[Entry]:
    made: list[Entry] = []
    for index, (model, version, environment) in enumerate(MOVES):
        about = Subject(model=model, version=version, environment=environment)
        draft = Draft(key=f"k{index}", decision=decision, reason="request-promoted", repository=1, subject=about)
        personal = Personal(salt="a" * 32, actor_id=1, login="mona")
        made.append(append(made[-1] if made else None, draft, personal, "2026-03-01T12:00:00+00:00").entry)
    return made


def told(aliases: Mapping[tuple[str, str], int]) -> str:
    return str(compare(entries(), lambda model, version, environment: aliases.get((model, environment))) or "")


def test_the_last_move_to_each_environment_is_what_has_to_run_there() -> None:
    there = {("delays", "staging"): 2, ("delays", "production"): 1, ("fares", "staging"): 7}
    assert told(there) == ""
    assert [each.sequence for each in newest(entries()).values()] == [3, 2, 4]


def test_an_alias_that_points_elsewhere_or_nowhere_is_told() -> None:
    there = {("delays", "staging"): 1, ("delays", "production"): 1, ("fares", "staging"): 8}
    assert told(there).startswith("entry 3: it moved staging of delays to version 2") and "points to version 1" in told(there)
    assert "points nowhere" in told({("delays", "staging"): 2})


def test_what_moves_no_alias_says_nothing_of_the_registry() -> None:
    assert compare(entries(Decision.APPROVED), lambda *_: None) is None
