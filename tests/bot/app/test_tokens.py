"""Tokens are made once, kept until shortly before their end, and for no more than is needed."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.permissions import EVERYDAY
from bot.app.tokens import EARLY, InstallationToken, Scope, Tokens
from bot.gateway.problems import Forbidden, NotThere, Refused
from policy.problems import OutsideProblem
from tests.bot.app.scene import NAME, Scene

ISSUES = {"issues": "write"}


def scope(there: Scene, permissions: dict[str, str] = ISSUES) -> Scope:
    return Scope.of(there.installation.id, permissions, [there.id])


def at_once(count: int, ask) -> list[object]:  # type: ignore[no-untyped-def]
    """What so many threads get that ask at the same moment; an exception where one was raised."""
    ready = Barrier(count)

    def one(_: int) -> object:
        ready.wait()
        try:
            return ask()
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_ap_05_fifty_who_ask_at_once_share_one_token(there: Scene) -> None:
    tokens = Tokens(there.as_app())
    there.github.fail("slow", "POST", "/access_tokens", seconds=0.2)
    found = at_once(50, lambda: tokens.get(scope(there)).token)
    assert len(set(found)) == 1 and str(found[0]).startswith("ghs_")
    assert len(there.minted()) == 1


def test_ap_05_fifty_who_wait_in_vain_are_told_the_same_after_one_request(there: Scene) -> None:
    tokens = Tokens(there.as_app())
    there.github.uninstall(there.installation)
    there.github.fail("slow", "POST", "/access_tokens", seconds=0.5)
    found = at_once(50, lambda: tokens.get(scope(there)))
    assert all(isinstance(each, NotThere) for each in found) and len(there.minted()) == 1
    with pytest.raises(NotThere):
        tokens.get(scope(there))


def test_ap_05_a_token_is_kept_per_installation_permissions_and_repositories(there: Scene) -> None:
    other = there.github.repository("acme/other")
    there.github.commit("acme/other", {"a": "a"})
    there.installation.repositories.append("acme/other")
    second = there.github.install(there.app, ["globex/planes"])
    tokens = Tokens(there.as_app())
    scopes = [
        scope(there),
        scope(there, {"issues": "read"}),
        Scope.of(there.installation.id, ISSUES, [other.id]),
        Scope.of(there.installation.id, ISSUES, [there.id, other.id]),
        Scope.of(there.installation.id, ISSUES),
        Scope.of(second.id, ISSUES),
    ]
    made = [tokens.get(each).token for each in scopes]
    assert len(set(made)) == len(scopes) == len(there.minted())
    assert [tokens.get(each).token for each in scopes] == made and len(there.minted()) == len(scopes)


@given(st.permutations(["issues", "checks", "actions"]), st.permutations([3, 1, 2]))
def test_ap_05_a_scope_is_the_same_in_any_order(names: list[str], numbers: list[int]) -> None:
    made = Scope.of(1, dict.fromkeys(names, "write"), [*numbers, numbers[0]])
    assert made == Scope.of(1, {"actions": "write", "checks": "write", "issues": "write"}, [1, 2, 3])


def test_ap_05_a_token_is_replaced_shortly_before_it_ends(there: Scene) -> None:
    now = [1_000.0]  # our clock is wrong by decades; a token's life is told by GitHub's
    tokens = Tokens(there.as_app(), lambda: now[0])
    first = tokens.get(scope(there))
    assert 3_590 <= first.until - now[0] <= 3_610
    now[0] = first.until - EARLY - 1
    assert tokens.get(scope(there)) == first
    now[0] = first.until - EARLY
    assert tokens.get(scope(there)).token != first.token
    assert len(there.minted()) == 2


def test_ap_05_a_token_that_github_refuses_is_dropped_but_not_its_successor(there: Scene) -> None:
    tokens = Tokens(there.as_app())
    credential = InstallationToken(tokens, scope(there))
    first = credential.token()
    assert credential.refused(first)
    second = credential.token()
    assert second != first
    credential.refused(first)  # somebody else's late answer about the first
    assert credential.token() == second
    tokens.forget(there.installation.id)
    assert credential.token() != second


def test_ap_06_a_token_is_for_one_repository_and_what_is_needed(there: Scene) -> None:
    Tokens(there.as_app()).get(Scope.of(there.installation.id, EVERYDAY, [there.id]))
    Tokens(there.as_app()).get(Scope.of(there.installation.id, ISSUES, [NAME]))
    by_number, by_name = there.minted()
    assert by_number == {"permissions": dict(EVERYDAY), "repository_ids": [there.id]}
    assert by_name == {"permissions": ISSUES, "repositories": ["flights"]}
    made = [one for one in there.github.state.tokens.values() if one.installation == there.installation.id]
    assert [one.repositories for one in made] == [{NAME}, {NAME}]
    assert made[1].permissions == {"metadata": "read", **ISSUES}


def test_a_token_knows_what_its_repository_is_called_now(there: Scene) -> None:
    there.github.rename(NAME, "acme/planes")
    assert Tokens(there.as_app()).get(scope(there)).names == {there.id: "acme/planes"}


def test_what_github_does_not_give_is_a_problem_of_its_kind(there: Scene) -> None:
    tokens = Tokens(there.as_app())
    with pytest.raises(Refused, match="not granted"):
        tokens.get(scope(there, {"pages": "write"}))
    with pytest.raises(Refused, match="not accessible"):
        tokens.get(Scope.of(there.installation.id, ISSUES, [404_404]))
    there.github.suspend(there.installation)
    with pytest.raises(Forbidden, match="suspended"):
        tokens.get(scope(there))


def test_ap_02_a_token_whose_answer_was_lost_is_asked_for_again(there: Scene) -> None:
    there.github.fail("drop", "POST", "/access_tokens", after=True)
    assert Tokens(there.as_app()).get(scope(there)).token in there.github.state.tokens


def test_an_answer_without_a_token_is_a_problem(there: Scene) -> None:
    there.github.fail("status", "POST", "/access_tokens", status=203, message="x")
    with pytest.raises(OutsideProblem, match="no token"):
        Tokens(there.as_app()).get(scope(there))


def test_ap_08_a_token_is_in_no_repr(there: Scene) -> None:
    tokens = Tokens(there.as_app(), time.time)
    minted = tokens.get(scope(there))
    shown = repr((minted, InstallationToken(tokens, scope(there)), vars(tokens)["_kept"]))
    assert minted.token not in shown and "InstallationToken" in shown
