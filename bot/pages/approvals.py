"""Open requests for promotions: what is asked for, how it stands, the code to approve it, and its rules as a tree.

Each is decided anew, by the same function that decides when somebody comments, and nothing is written.
"""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.gateway.requesting import Issue
from bot.pages.page import Looking
from bot.promotion.asked import LABEL
from bot.promotion.deciding import NoRequest, Weighed, decided
from policy.approvals import State
from policy.problems import OutsideProblem, Problem, UserProblem
from policy.result import Result, Status, fill
from policy.rulings import Ruling
from policy.votes import Void
from reports import approval
from reports.html import name, why
from reports.pages import Card, Sheet, link, listed, when, words

TITLE = "Approvals"
REQUESTS = 100
SIZE = 5
"""Requests of one page: each takes about ten requests to GitHub."""
_MOST_VOID = 10
_OVER = (State.APPROVED, State.EXPIRED)


@dataclass(frozen=True)
class Open:
    """One open request: what it came to, or why that cannot be told."""

    issue: Issue
    found: Weighed | Problem


@dataclass(frozen=True)
class Present:
    """What is shown."""

    requests: tuple[Open, ...]
    more: bool


def show(looking: Looking) -> Sheet:
    """Read and draw."""
    present = look(looking)
    return draw(present, looking.newer(), looking.older(present.more))


def look(looking: Looking) -> Present:
    """The open issues with our label that hold a request of ours, each decided."""
    some = looking.gateway.open_issues(LABEL, looking.number, SIZE)
    found = [each for each in (_decided(looking, issue) for issue in some.items) if each is not None]
    return Present(tuple(found), some.more)


def _decided(looking: Looking, issue: Issue) -> Open | None:
    try:
        weighed = decided(looking.around, issue.number)
    except NoRequest:  # anybody who may label can put ours on an issue
        return None
    except (UserProblem, OutsideProblem) as problem:
        return Open(issue, problem)
    return Open(weighed.issue, weighed) if weighed is not None else None


def draw(present: Present, newer: str = "", older: str = "") -> Sheet:
    """A card for each."""
    if not present.requests and not older:
        hint = Markup("Say <code>/promote MODEL to ENVIRONMENT</code> in a comment on an issue or a pull request to ask for one.")
        return Sheet(TITLE, empty="No request for a promotion is open.", hint=hint, newer=newer)
    intro = Markup("Requests that wait for people. Whoever wants to approve one does so in a comment on its issue, not here.")
    return Sheet(TITLE, intro, cards=tuple(_card(each) for each in present.requests), newer=newer, older=older)


def _card(request: Open) -> Card:
    issue, found = request.issue, request.found
    where = link(f"#{issue.number}", issue.url)
    opened = Markup("Opened {}: {}").format(
        when(datetime.fromisoformat(issue.created_at)), link(words(issue.title, 200), issue.url)
    )
    if isinstance(found, Problem):
        problem = words(f"{found.what}. {found.next}")
        return Card(where, Status.FAILED, Markup("it cannot be told how this stands"), (opened, problem))
    asked, decision = found.asked, found.decision
    title = Markup("{} version {} to {}").format(name(asked.model, 80), asked.version, name(asked.environment, 60))
    notes = [opened, Markup("Asked for by {}.").format(words(asked.by, 60))]
    if decision.could:
        notes.append(Markup("Who can still approve: {}.").format(listed([words(each, 60) for each in decision.could[:20]])))
    if decision.counted:
        notes.append(Markup("Counted: {}.").format(listed([words(each.login or "nobody", 60) for each in decision.counted])))
    if decision.void:
        notes.append(Markup("Does not count: {}.").format(Markup("; ").join(_void(each) for each in decision.void[-_MOST_VOID:])))
    if decision.glass:
        said = Markup("Emergency by {}: {}. To be reviewed until {}.")
        glass = decision.glass
        notes.append(said.format(words(glass.by, 60), words(glass.because), when(glass.review_by)))
    parts = [_part("Approved if", decision.rules.children or (decision.rules,))]
    if decision.conditions:
        parts.append(_part("And", decision.conditions))
    say = "" if decision.state in _OVER else approval.answer(decision)
    return Card(title, approval.overall(decision), why(decision.result), tuple(notes), say, tuple(parts))


def _part(title: str, rulings: tuple[Ruling, ...]) -> Result:
    """Rules under a heading of ours."""
    whole = rulings[0].result
    return whole.model_copy(update={"name": title, "children": [each.result for each in rulings]})


def _void(void: Void) -> Markup:
    said = words(fill(void.reason.sentence, dict(void.values)))
    return Markup("{} of {} ({})").format(f"/{void.vote.kind}", words(void.vote.login or "nobody", 60), said)
