"""A repository in which much has happened: versions, promotions, open requests, decisions, and verdicts on pull requests."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.around import Around
from bot.gateway.locking import LockGateway
from bot.gateway.requesting import TASK, RequestGateway
from bot.promotion import asked as asking
from bot.promotion import weighing
from bot.promotion.asked import LABEL, Asked
from policy import digests, grounds, ledger
from policy.ledger import BRANCH, Decision, Draft, Entry, Kept, Personal, Subject
from policy.lineage import Lineage, Reign, Step
from tests.bot.pages.visiting import REPOSITORY, Visiting
from tests.loopback.state import CheckRun, Deployment, moment
from tests.policy.situations import vote
from tests.policy.test_digests import SUBJECT
from tests.policy.test_grounds import grounds as situation
from tests.policy.test_origin import SOME

START = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
HOSTILE = '<img src=x onerror=alert(1)> "quoted" & ../../etc \u202e very-long-' + "name" * 20


@dataclass
class Shelf:
    """A registry in memory with three versions, whose commits are the repository's."""

    lineage_: Lineage

    def lineage(self, name: str) -> Lineage:
        """Of whatever is asked for."""
        version = name.rpartition("@")[2]
        found = [each for each in self.lineage_.steps if str(each.version) == version]
        return replace(self.lineage_, step=found[0]) if found else self.lineage_

    def facts(self, step: Step) -> bytes | None:
        """None are kept."""

    def versions(self, model: str) -> list[Step]:
        """All of them."""
        return [*self.lineage_.steps]


def furnish(there: Visiting) -> None:
    """Let it all happen, once."""
    shas = [there.github.commit(REPOSITORY, {"README.md": f"version {number}"}, author="mona") for number in (1, 2, 3, 4)]
    there.registry[REPOSITORY] = Shelf(shelf(shas))
    around = Around(
        LockGateway.of(there.ways.gateway(None, REPOSITORY)),
        there.access(REPOSITORY),
        there.github.url,
        registry=there.registry[REPOSITORY],
    )
    for day, (environment, version, glass) in enumerate(
        [("staging", 1, False), ("production", 1, False), ("staging", 2, False), ("production", 2, True), ("staging", 3, False)]
    ):
        deploy(there, environment, version, shas[version - 1], START + timedelta(days=day), glass)
    for login in ("carol", "alice"):
        there.github.role(REPOSITORY, login, "write")
    ask(there, around, 3, "production", "mona")
    ask(there, around, 4, "staging", "mona")
    number = max(there.github.repository(REPOSITORY).issues)
    there.github.repository(REPOSITORY).issues[number].title = f"Promote {HOSTILE}"
    pulls(there)
    write(there, entries(7))


def deploy(there: Visiting, environment: str, version: int, sha: str, at: datetime, glass: bool = False) -> None:
    """A version was promoted."""
    state = there.github.state
    payload = {"model": "flight-delay", "version": version, "approvers": [7, 8], "glass": glass, "issue": 3, "digest": "d"}
    when = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    made = Deployment(state.next_id(), sha, "main", TASK, environment, "flight-delay", payload, there.app.bot, when)
    there.github.repository(REPOSITORY).deployments[made.id] = made


def shelf(shas: list[str]) -> Lineage:
    """Versions 1 to 4; the last one was not registered by Assay."""
    origins = [SOME.model_copy(update={"code_sha": sha, "pull_request": number}) for number, sha in enumerate(shas, 41)]
    origins[1] = origins[1].model_copy(update={"verdict": "warned"})
    aliases = {1: ("old-" + HOSTILE,), 2: ("production",), 3: ("staging",), 4: ()}
    steps = [
        Step(number, START + timedelta(days=number), origin, (), aliases[number]) for number, origin in enumerate(origins, 1)
    ]
    steps.append(Step(5, START + timedelta(days=6), None, ("the tag `assay.schema` is missing",), ()))
    reigns = (
        Reign("production", 2, START + timedelta(days=4), None, True),
        Reign("production", 1, None, START + timedelta(days=4), False),
        Reign("staging", 3, START + timedelta(days=5), None, True),
    )
    return Lineage("flight-delay", steps[-1], steps[-2], tuple(steps), reigns)


def ask(there: Visiting, around: Around, version: int, environment: str, by: str) -> int:
    """A request of ours, with its card."""
    asked = Asked("flight-delay", version, environment, by, there.github.user(by).id, 1, f"{version}-{environment}")
    lineage = around.registry.lineage(f"flight-delay@{version}") if around.registry else None
    assert lineage is not None
    gateway = RequestGateway.of(around.gateway)
    issue = gateway.open_issue(asking.title(asked), asking.body(asked, lineage), [LABEL])
    weighing.refresh(around, issue.number)
    return issue.number


def pulls(there: Visiting) -> None:
    """Pull requests with and without a verdict."""
    for branch, title, conclusions in (
        ("better", "A better model", ("success", "success", "success", "neutral", "success")),
        ("worse", HOSTILE, ("success", None, "failure", "success", "success")),
        ("young", "Nothing yet", ()),
    ):
        sha = there.github.commit(REPOSITORY, {"README.md": branch}, branch=branch, author="mona")
        there.github.pull(REPOSITORY, branch, title=title, draft=branch == "young")
        for part, conclusion in zip(("data", "training", "evaluation", "drift", "governance"), conclusions, strict=False):
            check(there, sha, f"assay / {part}", conclusion)


def check(there: Visiting, sha: str, name: str, conclusion: str | None, app: int | None = None) -> None:
    """A check run of the App's."""
    state = there.github.state
    made = CheckRun(
        state.next_id(), state.next_id(), app or there.app.id, sha, name, "completed" if conclusion else "in_progress",
        conclusion, "", None, moment(), moment() if conclusion else None,
    )  # fmt: skip
    there.github.repository(REPOSITORY).checks[made.id] = made


def entries(count: int) -> list[Kept]:
    """A chain of so many decisions."""
    kinds = ("requested", "approved", "promoted", "rejected", "incident", "rolled-back", "waived")
    found: list[Kept] = []
    tail: Entry | None = None
    for number in range(1, count + 1):
        subject = Subject(model="flight-delay", version=str(number), environment="production", number=number)
        draft = Draft(
            key=f"k{number}", decision=Decision(kinds[number % 7]), reason="request-approved", repository=1, subject=subject
        )
        draft = draft.model_copy(update=resting(draft, tail))
        because = HOSTILE if number == 2 else ""
        personal = Personal(salt=f"{number:032x}", actor_id=7, login="carol", because=because)
        kept = ledger.append(tail, draft, personal, (START + timedelta(hours=number)).isoformat())
        found.append(kept)
        tail = kept.entry
    return found


def resting(draft: Draft, before: Entry | None) -> dict[str, Any]:
    """What a decision rests on, so that it comes out again; a promotion is that of the approval before it."""
    if draft.decision is Decision.WAIVED:
        return {"inputs": {"until": "2026-03-09", "today": "2026-03-01", "most": 90}}
    if draft.decision is Decision.PROMOTED and before is not None:
        approved = digests.digest(grounds.read(before.inputs).request.subject)
        return {"subject": before.subject, "digests": before.digests, "inputs": {"approved": approved}}
    if draft.decision is not Decision.APPROVED:
        return {}
    about = draft.subject
    parts = {"model": about.model, "version": about.version, "environment": about.environment, "request": about.number}
    asked = SUBJECT.model_copy(update={**parts, "repository": draft.repository})
    code = digests.code(asked)
    votes = [vote(person, code=code) for person in (1, 3)]
    rests = situation(promotions=())
    rests = replace(rests, request=replace(rests.request, subject=asked, votes=votes))
    inputs = json.loads(ledger.canonical(grounds.kept(rests, rests.decide())))
    comments = (ledger.Comment(id=votes[0].comment, digest="a" * 64),)
    return {"inputs": inputs, "digests": ledger.Digests(decision_code=code), "comments": comments}


def write(there: Visiting, chain: list[Kept], **changed: bytes | None) -> None:
    """Put a chain on the ledger's branch; `changed` files, by `e` and their number, are of these bytes, or not there."""
    files: dict[str, str | bytes | None] = {ledger.path(each.entry.sequence): ledger.write(each) for each in chain}
    for name, raw in changed.items():
        files[ledger.path(int(name[1:]))] = raw
    there.github.commit(REPOSITORY, {name: raw for name, raw in files.items() if raw is not None}, branch=BRANCH)
