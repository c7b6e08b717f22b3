"""A repository whose policy has environments, a registry with three versions, and people who ask for promotions and vote."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.around import PROMOTE
from bot.gateway.requesting import RequestGateway
from bot.promotion.asked import LABEL
from policy.facts import Facts
from policy.facts.reading import write
from policy.lineage import Lineage, Reign, Step, named
from policy.origin import Origin
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, talk
from tests.loopback.state import Comment
from tests.policy.test_origin import SOME

POLICY = """\
version: 1
model: {name: flight-delay, artifact: model/}
roles: {ml-lead: [carol, dan], model-risk: [alice, bob]}
environments:
  staging: {approved_if: [{role: ml-lead}]}
  production:
    after: staging
    approved_if: [{role: ml-lead}, {role: model-risk}]
    expires: 7 days
    break_glass: {role: model-risk}
"""
WORKFLOW = """\
name: assay-promote
run-name: "assay promote #${{ inputs.issue }} ${{ inputs.request }}"
on:
  workflow_dispatch:
    inputs:
      issue: {required: true, type: number}
      request: {required: true, type: string}
"""


@dataclass
class Shelf:
    """A registry in memory: what `bot.registered` asks for."""

    origins: list[Origin | None] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    """How often it was asked for versions."""
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """What happens after it was asked for them next."""

    kept: dict[int, bytes] = field(default_factory=dict)

    def facts(self, step: Step) -> bytes | None:
        """What lies there as the facts of a version."""
        return self.kept.get(step.version)

    def keep(self, number: int, facts: Facts) -> None:
        """Facts lie beside a version, whose tags hold their digest."""
        raw, origin = write(facts), self.origins[number - 1]
        assert origin
        self.kept[number] = raw
        digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
        self.origins[number - 1] = origin.model_copy(update={"facts_digest": digest})

    def lineage(self, name: str) -> Lineage:
        """By number, or `latest`, with the aliases as they are now."""
        model, number, alias = named(name)
        wanted = len(self.origins) if alias == "latest" else number
        if model != "flight-delay" or wanted is None or not 0 < wanted <= len(self.origins):
            raise UserProblem("the registry knows no such version", name)
        steps = tuple(self._steps())
        reigns = tuple(Reign(alias, version, None, None, True) for alias, version in self.aliases.items())
        return Lineage(model, steps[wanted - 1], steps[wanted - 2] if wanted > 1 else None, steps, reigns)

    def versions(self, model: str) -> list[Step]:
        """All of them, made a moment ago; what is waiting to happen happens after that."""
        self.asked += 1
        found = [*self._steps()] if model == "flight-delay" else []
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return found

    def move(self, model: str, alias: str, number: int, expected: int | None, at: datetime) -> None:
        """As the real one does."""
        if self.aliases.get(alias) != expected:
            raise OutsideProblem("somebody moved it meanwhile", f"{model}@{alias}")
        self.aliases[alias] = number

    def _steps(self) -> Iterator[Step]:
        for number, each in enumerate(self.origins, 1):
            aliases = tuple(name for name, target in self.aliases.items() if target == number)
            made = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
            yield Step(number, made, each, () if each else ("the tag `assay.schema` is missing",), aliases)


@dataclass
class Court:
    """The scene. `chat` has mona, who may write; carol, dan, alice and bob have roles."""

    chat: Talk
    shelf: Shelf
    codes: dict[int, str] = field(default_factory=dict)

    @property
    def gateway(self) -> RequestGateway:
        """The bot's."""
        return RequestGateway.of(self.chat.gateway)

    def ask(self, line: str = "/promote flight-delay to staging", by: str = "mona") -> int:
        """Somebody asks; the number of the request."""
        assert self.chat.say(line, by) is Reason.REQUEST_OPENED, self.chat.answer()
        number = max(each.number for each in self.gateway.issues(LABEL))
        self.code(number)
        return number

    def card(self, number: int) -> str:
        """The one card of a request."""
        comments = self.chat.here.github.comments(REPOSITORY, number)
        (found,) = [each.body for each in comments if " approval v1 " in each.body and each.author.type == "Bot"]
        return found

    def code(self, number: int) -> str:
        """The code on the card, or the last that was on it."""
        if found := re.search(r"/approve ([0-9a-f]{12})", self.card(number)):
            self.codes[number] = found[1]
        return self.codes[number]

    def approve(self, number: int, by: str) -> Reason:
        """Somebody approves what the card asks for."""
        return self.chat.say(f"/approve {self.code(number)}", by, number)

    def comment(self, number: int, by: str) -> Comment:
        """The last comment of somebody."""
        return [each for each in self.chat.here.github.comments(REPOSITORY, number) if each.author.login == by][-1]

    def state(self, number: int) -> str:
        """The heading of the card."""
        return next(line for line in self.card(number).split("\n") if line.startswith("### "))

    def policy(self, text: str) -> None:
        """The policy of the default branch changes."""
        self.chat.here.github.commit(REPOSITORY, {"assay.yml": text})

    def promoted(self, environment: str, version: int) -> None:
        """A version was promoted."""
        payload = {"model": "flight-delay", "version": version, "approvers": []}
        self.gateway.create_deployment(self.chat.here.base, environment, "flight-delay", payload)


def court(here: Scene, policy: str = POLICY) -> Court:
    """The scene with three versions, whose commits are the repository's: mona wrote them."""
    chat = talk(here, policy)
    for login in ("carol", "dan", "alice", "bob"):
        here.github.role(REPOSITORY, login, "write")
    here.github.user("mona")
    here.github.commit(REPOSITORY, {f".github/workflows/{PROMOTE}": WORKFLOW})
    shas = [here.github.commit(REPOSITORY, {"README.md": f"version {number}"}, author="mona") for number in (1, 2, 3)]
    origins = [SOME.model_copy(update={"code_sha": sha, "pull_request": None}) for sha in shas]
    shelf = Shelf(list(origins))
    chat.around = replace(chat.around, registry=shelf)
    here.github.forget_requests()
    return Court(chat, shelf)
