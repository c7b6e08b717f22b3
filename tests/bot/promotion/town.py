"""A repository, its registry and its bot, where a test says what happens next and who dies over it.

The GitHub is the one on loopback, the bot and the steps of a promotion are the real ones. The registry keeps its versions in
memory, under the real code that reads lineages and moves aliases; the bytes that the second step compares are not here.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import pytest

from actions.progress import Silent
from actions.registry import history, promote
from actions.registry.client import Registry, Version
from actions.repository import Repository
from bot.around import PROMOTE, Around
from bot.gateway.gateway import Gateway
from bot.gateway.locking import LockGateway
from bot.gateway.records import Repository as Known
from bot.gateway.transport import Answer, Transport
from policy.authorization import Authorization, Outcome
from policy.document import FILE_NAME
from policy.lineage import Lineage, Step
from policy.origin import Origin, tags
from policy.problems import Problem
from tests.bot.gateway.scene import ME, REPOSITORY
from tests.bot.promotion.court import WORKFLOW
from tests.bot.promotion.reading import Reading, Rules
from tests.loopback import clock as wall
from tests.loopback.git import Git
from tests.loopback.server import Loopback, running
from tests.loopback.state import Repository as Hosted
from tests.loopback.straight import Straight
from tests.policy.test_origin import SOME

T = TypeVar("T")
MODEL = "flight-delay"
BEGINNING = datetime(2026, 5, 4, 8, tzinfo=UTC)
AUTHORS = ({"mona"}, {"mona", "dan"}, {"alice"})
"""Who made the commits of the first versions."""


class Killed(BaseException):
    """The process ended here, as by `kill -9`: nobody catches it, and nothing is cleaned up."""


@dataclass
class Life:
    """How many writes a process has left (None: all it wants), and whether it dies just after the last or just before it."""

    left: int | None = None
    late: bool = False
    dead: bool = False

    def write(self, do: Callable[[], T]) -> T:
        """Do one, or die over it."""
        self.breathe()
        if self.left == 0:
            if self.late:
                do()
            self.dead = True
            raise Killed
        self.left = self.left - 1 if self.left is not None else None
        return do()

    def breathe(self) -> None:
        """The dead do nothing more."""
        if self.dead:
            raise Killed


@dataclass
class Mortal(Transport):
    """A transport of a process that may die."""

    life: Life = field(default_factory=Life)

    def send(self, verb: str, path: str, **more: Any) -> Answer:
        """As the real one."""
        self.life.breathe()
        if verb == "GET":
            return super().send(verb, path, **more)
        return self.life.write(lambda: super(Mortal, self).send(verb, path, **more))


class Models(Registry):
    """A registry in memory, under the client that `actions` knows. `seen` is told of every move of an alias before it is done."""

    def __init__(self, origins: list[Origin], seen: Callable[[str, int], None]) -> None:
        self.where, self.life, self.seen = "memory", Life(), seen
        self.tags: list[dict[str, str]] = [tags(each) for each in origins]
        self.pointing: dict[str, int] = {}

    def versions(self, model: str) -> list[Version]:
        """All of them."""
        return [self._version(number) for number in range(1, len(self.tags) + 1)] if model == MODEL else []

    def version(self, model: str, number: int) -> Version | None:
        """One of them."""
        return next((each for each in self.versions(model) if each.number == number), None)

    def aliases(self, model: str) -> dict[str, int]:
        """Where they point to."""
        return dict(self.pointing)

    def set_tags(self, version: Version, tags: Mapping[str, str]) -> None:
        """Write tags."""
        self.life.write(lambda: self.tags[version.number - 1].update(tags))

    def point(self, model: str, alias: str, number: int) -> None:
        """Move an alias."""
        self.life.write(lambda: self._point(alias, number))

    def _point(self, alias: str, number: int) -> None:
        self.seen(alias, number)
        self.pointing[alias] = number

    def _version(self, number: int) -> Version:
        aliases = tuple(sorted(name for name, target in self.pointing.items() if target == number))
        return Version(MODEL, number, BEGINNING - timedelta(days=30), dict(self.tags[number - 1]), None, "", aliases)


@dataclass(frozen=True)
class Shown:
    """The registry as the bot asks it, like `assay.registered`."""

    models: Models

    def lineage(self, name: str) -> Lineage:
        """See `bot.registered.Registered`."""
        return history.lineage_of(self.models, name)

    def versions(self, model: str) -> list[Step]:
        """See `bot.registered.Registered`."""
        return [history.step_of(each) for each in self.models.versions(model)]

    def move(self, model: str, alias: str, number: int, expected: int | None, at: datetime) -> None:
        """See `bot.registered.Registered`."""
        history.move(self.models, model, alias, number, expected, at)

    def facts(self, step: Step) -> bytes | None:
        """None are kept: how the check came out stands in the tags."""
        return None


class Moving(promote._Promotion):
    """The second step, without the bytes that it would compare."""

    models: Models

    @cached_property
    def registry(self) -> Registry:
        """The one here."""
        return self.models

    def _git(self, repository: Repository) -> None:
        """There is no clone."""

    def _remote(self, repository: Repository) -> None:
        """There is no remote of DVC."""

    def _bytes(self, repository: Repository, version: Version) -> None:
        """There are no bytes."""


class Town:
    """The place. `reset` makes it what it was in the beginning."""

    def __init__(self, github: Loopback) -> None:
        self.github, self.clock, self.places = github, BEGINNING, count(1)
        self.loop = asyncio.new_event_loop()
        self.line = Straight(github, self.loop)
        self._build()
        state = github.state
        self._kept = deepcopy((state.accounts, state.repositories, state.tokens, state.teams))
        self._home = self.repository.path

    @property
    def repository(self) -> Hosted:
        """The one repository."""
        return self.github.state.repositories[REPOSITORY]

    def now(self) -> datetime:
        """The time, for the bot and for GitHub."""
        return self.clock

    def _build(self) -> None:
        github = self.github
        files = {"README.md": "flights", FILE_NAME: Rules().text, f".github/workflows/{PROMOTE}": WORKFLOW}
        github.commit(REPOSITORY, files, author="mona")
        github.issue(REPOSITORY, "A place to talk")
        github.team("acme", "risk", {"bob": "member", "dan": "member"})
        for login in ("mona", "carol", "dan", "alice", "bob"):
            github.role(REPOSITORY, login, "write")
        github.role(REPOSITORY, "eve", "read")
        shas = [self.commit({"code.py": f"version = {number}\n"}, who) for number, who in enumerate(AUTHORS, 1)]
        self.origins = [SOME.model_copy(update={"code_sha": sha, "pull_request": None}) for sha in shas]
        rights = dict.fromkeys(("actions", "contents", "deployments", "issues", "pull_requests"), "write")
        self.token = github.token(REPOSITORY, members="read", **rights)

    def reset(self, seen: Callable[[str, int], None]) -> Reading:
        """Everything is as it was, in a folder of its own; what is known of it."""
        state = self.github.state
        state.accounts, state.repositories, state.tokens, state.teams = deepcopy(self._kept)
        state.counter = count(5001)
        self.repository.git = Git(Path(shutil.copytree(self._home, state.root / f"town-{next(self.places)}.git")))
        state.tokens[self.token].limit = state.tokens[self.token].remaining = 1_000_000
        self.github.forget_requests()
        self.clock, self.models = BEGINNING, Models(self.origins, seen)
        self.bot = self.around()
        made = list(range(1, len(AUTHORS) + 1))
        return Reading(Rules(), {"bob", "dan"}, [{"mona"}, *AUTHORS], made, [0] * len(made))

    def clear(self) -> None:
        """Nothing of this run is needed any more."""
        shutil.rmtree(self.repository.path, ignore_errors=True)

    def around(self, life: Life | None = None) -> Around:
        """What a process of its own works with; it remembers nothing."""
        transport = Mortal.to(self.github.url, self.token)
        transport.spacing, transport.pause, transport.life = 0, lambda _: None, life or Life()
        transport.connections = self.line
        known = Known(self.repository.id, REPOSITORY, self.repository.default_branch, self.repository.private)
        return Around(LockGateway.of(Gateway(transport, REPOSITORY, ME)), known, registry=Shown(self.models), clock=self.now)

    # --- what happens here ---

    def commit(self, files: dict[str, str], who: set[str]) -> str:
        """Somebody commits to the default branch, the others as co-authors."""
        author, *others = sorted(who, reverse=True)
        accounts = [self.github.user(each) for each in others]
        trailers = [f"Co-authored-by: {each.login} <{each.id}+{each.login}@users.noreply.github.com>" for each in accounts]
        return self.github.commit(REPOSITORY, {**files}, message="\n".join(["change", "", *trailers]), author=author)

    def register(self, sha: str) -> None:
        """A version of that commit."""
        self.models.tags.append(tags(self.origins[0].model_copy(update={"code_sha": sha})))

    def swap(self, number: int, evidence: int) -> None:
        """Somebody puts other facts in the place of a version's, or (0) the first ones back."""
        self.models.tags[number - 1]["assay.facts_digest"] = f"sha256:{evidence:064d}" if evidence else SOME.facts_digest

    def promote(self, leave: Authorization, run: int, note: Callable[[Outcome], None], life: Life) -> Outcome:
        """The second step, in a process of its own."""
        self.models.life = life
        git = self.repository.git

        def read(path: str, sha: str) -> bytes | None:
            found = git.entry(sha, path)
            return git.read(found.sha) if found else None

        clone = SimpleNamespace(head=lambda: SimpleNamespace(sha=git.sha("main")), read=read)
        environ = {"GITHUB_RUN_ID": str(run), "GITHUB_REPOSITORY_ID": str(self.repository.id)}
        work = Moving(promote.Around(Path(), environ, "main", self.now), leave, note, Silent())
        work.models = self.models
        try:
            work.go(cast("Repository", clone))
            return work.outcome("promoted")
        except Problem as problem:
            return work.failed(problem).outcome
        finally:
            self.models.life = Life()

    # --- what is seen from outside ---

    def card(self, number: int) -> str:
        """The card of a request; empty where there is none yet."""
        found = [each.body for each in self.github.comments(REPOSITORY, number) if " approval v1 " in each.body.split("\n")[0]]
        assert len(found) <= 1, "two cards"
        return found[0] if found else ""

    def file(self, branch: str, path: str) -> bytes | None:
        """What lies on a branch."""
        git = self.repository.git
        found = git.entry(branch, path) if git.ref(f"refs/heads/{branch}") else None
        return git.read(found.sha) if found else None

    def ledger(self) -> list[bytes]:
        """The files of all entries, the first first."""
        git = self.repository.git
        if not git.ref("refs/heads/assay-ledger"):
            return []
        every = [
            each for each in git.tree("assay-ledger", recursive=True) if each.path.startswith("entries/") and each.type == "blob"
        ]
        return [git.read(each.sha) for each in sorted(every, key=lambda each: each.path)]

    def everything(self) -> dict[str, Any]:
        """All that there is, to compare with later."""
        one = self.repository
        return {
            "issues": {
                n: (e.state, e.body, sorted(e.labels), sorted(a.login for a in e.assignees)) for n, e in one.issues.items()
            },
            "comments": {id: (each.body, each.updated_at) for id, each in one.comments.items()},
            "reactions": {(each.on, each.content) for each in one.reactions.values()},
            "deployments": {id: (each.payload, [e["state"] for e in each.statuses]) for id, each in one.deployments.items()},
            "runs": {id: each.title for id, each in one.runs.items()},
            "refs": one.git.refs("refs/heads/"),
            "aliases": dict(self.models.pointing),
            "tags": [dict(each) for each in self.models.tags],
        }


@contextmanager
def town() -> Iterator[Town]:
    """The place, for as long as the block lasts."""
    with pytest.MonkeyPatch.context() as patch, running() as github:
        patch.setattr(wall, "now", lambda: BEGINNING)
        made = Town(github)
        patch.setattr(wall, "now", made.now)
        yield made
        made.loop.close()
