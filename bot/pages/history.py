"""Who ran where from when until when: by the deployments that promotions left at GitHub, and by what the registry noted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.gateway.records import Identity
from bot.gateway.requesting import Deployment
from bot.pages.page import Looking
from bot.promotion import past
from policy.approvals import Promotion
from policy.lineage import Reign
from policy.problems import UserProblem
from policy.result import Status
from reports.html import name, plain
from reports.pages import Notice, Sheet, link, marked, when, words
from reports.panels.block import Block, Line, heads

TITLE = "History"
REQUESTS = 8
SIZE = 100
"""Deployments of one page."""


@dataclass(frozen=True)
class Ran:
    """A model was promoted: what, and until when it ran there (None: it still does). `issue` is the request's number."""

    model: str
    promotion: Promotion
    until: datetime | None
    issue: int | None
    sha: str


@dataclass(frozen=True)
class Present:
    """What is shown. `order` is the policy's environments, `reigns` what the registry noted, `said` why it noted nothing."""

    ran: Sequence[Ran]
    order: Sequence[str]
    reigns: Sequence[Reign]
    address: str
    model: str = ""
    said: str = ""
    first: bool = True


def show(looking: Looking) -> Sheet:
    """Read and draw."""
    present, more = look(looking)
    return draw(present, looking.newer(), looking.older(more))


def look(looking: Looking) -> tuple[Present, bool]:
    """A page of deployments, the ones after it for their ends, and at first the registry's notes; whether there are more."""
    me = looking.gateway.identity()
    later = looking.gateway.newest_deployments(looking.number - 1, SIZE).items if looking.number > 1 else []
    some = looking.gateway.newest_deployments(looking.number, SIZE)
    known = {each.id for each in later}
    shown = {each.id for each in some.items} - known
    found = list(ran([*later, *some.items], me, shown))
    order: list[str] = []
    model, said = "", ""
    reigns: Sequence[Reign] = ()
    try:
        policy = looking.policy()
        order, model = list(policy.environments), policy.model.name if policy.model else ""
        registry = looking.around.registry
        if registry is not None and model and looking.number == 1:
            reigns = registry.lineage(f"{model}@latest").reigns
    except UserProblem as problem:
        said = f"{problem.what}. {problem.next}"
    return Present(found, order, reigns, looking.address, model, said, looking.number == 1), some.more


def ran(deployments: Sequence[Deployment], me: Identity, shown: set[int]) -> Iterator[Ran]:
    """Our promotions among deployments, the newest first; each ends where the next of its model and environment begins."""
    ends: dict[tuple[str, str], datetime] = {}
    ours = []
    for each in deployments:
        model = each.payload.get("model")
        ours += [(each, str(model), one) for one in past.promotions([each], str(model), me)] if isinstance(model, str) else []
    for each, model, promotion in sorted(ours, key=lambda found: (found[2].at, found[0].id), reverse=True):
        key = (model, promotion.environment)
        if each.id in shown:
            issue = each.payload.get("issue")
            yield Ran(model, promotion, ends.get(key), issue if type(issue) is int else None, each.sha)
        ends[key] = promotion.at


def draw(present: Present, newer: str = "", older: str = "") -> Sheet:
    """A table for each environment, the last of the policy first; then what the registry noted."""
    if not present.ran and not present.reigns and present.first:
        hint = Markup("The first promotion makes the first line: say <code>/promote</code>, and let the request be approved.")
        return Sheet(TITLE, empty="Nothing was promoted yet.", hint=hint, notices=_notices(present))
    there = dict.fromkeys(each.promotion.environment for each in present.ran)
    order = [*(each for each in reversed(present.order) if each in there), *(each for each in there if each not in present.order)]
    blocks = [_environment(number, each, present) for number, each in enumerate(order, 1)]
    if present.reigns:
        blocks.append(_noted(present))
    return Sheet(
        TITLE,
        Markup("Who ran where, and from when until when."),
        _notices(present),
        blocks=tuple(blocks),
        newer=newer,
        older=older,
    )


def _notices(present: Present) -> tuple[Notice, ...]:
    return (Notice(Status.WARNED, words(present.said)),) if present.said else ()


def _environment(number: int, environment: str, present: Present) -> Block:
    lines = []
    for each in present.ran:
        if each.promotion.environment != environment:
            continue
        status, how = _how(each.promotion)
        what = Markup("{} version {}").format(name(each.model, 80), words(each.promotion.version, 40))
        until = when(each.until, "still runs")
        request = link(f"#{each.issue}", f"{present.address}/issues/{each.issue}") if each.issue else Markup("—")
        commit = link(name(each.sha[:12]), f"{present.address}/commit/{each.sha}")
        lines.append(Line(status, (what, when(each.promotion.at), until, how, request, commit)))
    columns = heads("Ran", "From", "Until", "By leave of", "Request", "Commit")
    caption = "By the deployments that promotions left at GitHub, the newest first."
    return Block(
        f"environment-{number}", plain(environment, 100), heads=columns, lines=tuple(lines), caption=caption, open_rows=SIZE
    )


def _how(promotion: Promotion) -> tuple[Status, Markup]:
    count = len(promotion.approvers)
    people = f"{count} {'person' if count == 1 else 'people'}"
    if not promotion.glass:
        return Status.PASSED, marked(Status.PASSED, people)
    if promotion.reviewed:
        return Status.WARNED, marked(Status.WARNED, f"an emergency, reviewed; {people}")
    return Status.FAILED, marked(Status.FAILED, f"an emergency, not reviewed yet; {people}")


def _noted(present: Present) -> Block:
    newest: dict[str, str] = {}
    for each in present.ran:
        if each.model == present.model:
            newest.setdefault(each.promotion.environment, each.promotion.version)
    lines = []
    for reign in present.reigns:
        strange = reign.present and reign.alias in present.order and newest.get(reign.alias) != str(reign.version)
        said = "no promotion of ours put it there" if strange else "has it now" if reign.present else "had it"
        status = Status.WARNED if strange else Status.PASSED if reign.present else Status.SKIPPED
        until = Markup("—") if reign.present else when(reign.until)
        lines.append(
            Line(
                status,
                (name(reign.alias, 60), Markup("{}").format(reign.version), marked(status, said), when(reign.since), until),
            )
        )
    caption = "What each version remembers of its aliases; what nobody noted is not known."
    columns = heads("Alias", "Version", "State", "Since", "Until")
    return Block("registry", "As the registry noted it", heads=columns, lines=tuple(lines), caption=caption, open_rows=60)
