"""A promotion that dies after any of its writes, at GitHub or in the registry, ends as one that nothing happened to."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from actions.progress import Silent
from actions.registry import history, promote
from actions.registry.client import Registry
from bot.around import Around
from bot.promotion.authorizing import NotAuthorized, authorize
from bot.promotion.recording import record
from policy import grounds, ledger
from policy.authorization import Outcome
from policy.ledger import Decision
from tests.assay.conftest import made
from tests.e2e import racing
from tests.e2e.racing import Place
from tests.e2e.scene import NAME
from tests.loopback.server import Loopback, running
from tests.loopback.state import App
from tests.registry import mlflow_server
from tests.repositories import Repo

__all__ = ["made", "mlflow_server"]
pytestmark = pytest.mark.slow
WRITES = 12
"""Lock, approval; a note, a tag, the alias, a tag; deployment, its state, the ledger's entry, comment, end, lock."""


class Crash(BaseException):
    """The machine is gone. No `Exception`, as no part of ours outlives it."""


@dataclass
class Power:
    """Goes out after so many writes, which it counts."""

    left: int = 0
    writes: list[str] = field(default_factory=list)

    def wrote(self, what: str) -> None:
        """Something was written."""
        self.writes.append(what)
        if len(self.writes) == self.left:
            raise Crash(what)


@dataclass
class World:
    """A repository and a registry; each promotion is to an environment of its own, where version 1 runs before."""

    github: Loopback
    registry: Registry
    app: App
    place: Place
    env: dict[str, str]
    clone: Path
    power: Power = field(default_factory=Power)
    used: int = 0

    def request(self) -> int:
        """A request that is approved."""
        self.used += 1
        name = f"place-{self.used}"
        history.move(self.registry, self.place.models[0], name, 1, None, datetime.now(UTC))
        (number,) = racing.requests(self.github, self.app, self.place, [(self.place.models[0], 2, name)])
        codes = racing.codes(racing.around(self.env), {number: self.place.asked[number]})
        self.github.comment(NAME, number, f"/approve {codes[number]}", "carol")
        return number

    def run(self, number: int, left: int = 0) -> None:
        """The three steps of one run, which is run again under the same number; dies after so many writes."""
        self.power = Power(left)
        job = racing.around(self.env)
        _watch_github(job, self)
        where = promote.Around(self.clone, {**self.env, "GITHUB_RUN_ID": "1"}, "main", lambda: datetime.now(UTC))
        outcomes: list[Outcome] = []

        def note(found: Outcome) -> None:
            outcomes.append(found)
            self.power.wrote("outcome.json")

        leave = authorize(job, number, 1)
        done = promote.promote(where, leave, note, Silent())
        assert record(job, number, 1, leave, done.outcome).state == "promoted", done.outcome.said

    def at(self, number: int) -> int | None:
        """Where the alias points."""
        return self.registry.aliases(self.place.models[0]).get(self.place.asked[number].environment)

    def state(self, number: int) -> dict[str, Any]:
        """All that there is of a promotion, without what differs from one to another."""
        asked, repository = self.place.asked[number], self.github.repository(NAME)
        lineage = racing.around(self.env).registry.lineage(f"{asked.model}@2")  # type: ignore[union-attr]
        made = [each for each in repository.deployments.values() if each.environment == asked.environment]
        held = racing.around(self.env).gateway.lock(asked.environment)
        return {
            "alias": self.at(number),
            "reigns": [(each.version, each.until is None) for each in lineage.reigns if each.alias == asked.environment],
            "deployments": [(each.payload["version"], [one["state"] for one in each.statuses]) for each in made],
            "comments": [each.author.login for each in self.github.comments(NAME, number)],
            "issue": repository.issues[number].state,
            "held": held.holder,
            "ledger": racing.entered(self.github, number),
        }


def _watch_github(job: Around, world: World) -> None:
    transport = job.gateway._transport
    original = transport._try

    def tried(requester: Any, verb: str, path: str, *more: Any) -> Any:
        found = original(requester, verb, path, *more)
        if verb != "GET":
            world.power.wrote(f"{verb} {path}")
        return found

    transport._try = tried  # type: ignore[method-assign]


@pytest.fixture(scope="module")
def world(made: Repo, mlflow_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("crashing")
    with ExitStack() as stack:
        github = stack.enter_context(running())
        names = [f"place-{number}" for number in range(1, WRITES + 1)]
        place = racing.place(github, made, folder, mlflow_server, models=1, environments=names)
        clone = folder / "clone"
        subprocess.run(("git", "clone", "--quiet", str(github.repository(NAME).git.path), str(clone)), check=True)
        registry = Registry.connect({"MLFLOW_TRACKING_URI": mlflow_server})
        app = racing.installed(github)
        found = World(github, registry, app, place, racing.env(github, app, mlflow_server), clone)
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        for name in ("set_model_version_tag", "set_registered_model_alias"):
            patched.setattr(MlflowClient, name, _watched(getattr(MlflowClient, name), name, found))
        yield found


def _watched(original: Callable[..., Any], name: str, world: World) -> Callable[..., Any]:
    def written(*given: Any) -> Any:
        found = original(*given)
        world.power.wrote(f"{name} {given[2:]}")
        return found

    return written


@pytest.fixture(scope="module")
def undisturbed(world: World) -> dict[str, Any]:
    """What nothing happened to; the branches of locks and of the ledger were begun before."""
    racing.begin(racing.around(world.env), "unused")
    number = world.request()
    world.run(number)
    assert len(world.power.writes) == WRITES, world.power.writes
    return world.state(number)


def test_what_nothing_happens_to_ends_as_it_should(undisturbed: dict[str, Any]) -> None:
    assert undisturbed == {
        "alias": 2,
        "reigns": [(2, True), (1, False)],
        "deployments": [(2, ["success"])],
        "comments": ["carol", "assay[bot]"],
        "issue": "closed",
        "held": None,
        "ledger": [Decision.APPROVED, Decision.PROMOTED],
    }


@pytest.mark.parametrize("left", range(1, WRITES))
def test_after_a_crash_after_any_write_the_same_again_comes_to_the_same_end(
    world: World, undisturbed: dict[str, Any], left: int
) -> None:
    number = world.request()
    with pytest.raises(Crash):
        world.run(number, left)
    moved = any(each.startswith("set_registered_model_alias") for each in world.power.writes)
    assert world.at(number) == (2 if moved else 1), "the old champion, or the new one"
    try:
        world.run(number)
    except NotAuthorized as over:
        assert over.what == "this request is over"
    assert world.state(number) == undisturbed
    assert ledger.check(racing.files(world.github), grounds.table()).fault is None
