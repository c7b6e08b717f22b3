"""A decision about a promotion, drawn: as Markdown for the card of its issue, and as plain text for the terminal.

Both say for each rule how it stands and who could give what is missing, which votes are void and why, and what to say.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from policy.approvals import STATES, Decision, State
from policy.problems import Problem, UserProblem
from policy.reasons import Reason
from policy.reminders import Reminder
from policy.result import Status, Value, fill
from policy.rulings import STATUS, Ruled, Ruling
from policy.votes import Void, Vote
from reports.markdown import EMPTY, Markdown, code, fence, join, link, put, text, visible
from reports.section import ICONS
from reports.sentences import sentence

_OVERALL = {
    State.APPROVED: Status.PASSED,
    State.PENDING: Status.WARNED,
    State.REJECTED: Status.FAILED,
    State.EXPIRED: Status.FAILED,
    State.FROZEN: Status.FAILED,
    State.BLOCKED: Status.FAILED,
}
_OVER = (State.APPROVED, State.EXPIRED)
"""Where there is nothing left to say."""
_MARKS = {Ruled.APPROVED: "✓", Ruled.PENDING: "…", Ruled.SKIPPED: "-", Ruled.ERROR: "✗"}
_MOST_VOID = 30


def card(decision: Decision, issue: str = "", then: Markdown = EMPTY) -> Markdown:
    """The card: how it stands, what to say, the rules, the conditions beside them, and the votes.

    `issue` is the address of the issue, so that votes link to their comments; `then` says what becomes of an approval.
    """
    parts = [put("### {} {}", ICONS[overall(decision)], _capital(_said(STATES[decision.state], _about(decision))))]
    if decision.unreviewed or decision.glass:
        parts.append(_emergency(decision))
    if then:
        parts.append(then)
    if decision.state not in _OVER:
        parts.append(Markdown("To approve exactly this, say in a comment:"))
        parts.append(fence(answer(decision)))
    parts.append(put("**Approved if**\n\n{}", _tree(decision.rules.children or (decision.rules,))))
    if decision.conditions:
        parts.append(put("**And**\n\n{}", _tree(decision.conditions)))
    if decision.counted:
        parts.append(put("**Counted**: {}", join([_who(each, issue) for each in decision.counted])))
    if decision.void:
        parts.append(_void(decision, issue))
    return join(parts, "\n\n")


def unweighed(problem: Problem, since: datetime) -> Markdown:
    """The card of a request that nobody can decide: what could not be read, and since when."""
    # Where a server is that does not answer is nobody's business but that of whoever runs us.
    where = put("{}: ", code(problem.where)) if problem.where and isinstance(problem, UserProblem) else EMPTY
    todo = put("\n\n**Next:** {}.", text(problem.next)) if problem.next else EMPTY
    return put(
        "### 🔴 This request cannot be weighed\n\nSince {} this is in the way: {}{}.{}\n\n"
        "Until it is mended nothing is approved here, whatever was said before, and no alias moves. What was said is not lost: "
        "then the request is weighed with it.",
        code(f"{since:%Y-%m-%d %H:%M %Z}"),
        where,
        text(problem.what),
        todo,
    )


def started(decision: Decision, workflow: str, where: str, key: str, line: str = "") -> Markdown:
    """That the workflow was started for an approval, and what to do where it ends without a record; `line` asks for it again."""
    subject = decision.subject
    again = code(line or f"/promote {subject.model}@{subject.version} to {subject.environment}")
    pattern = "{} moves the alias in the run that is called {}. Where it ended and no record stands below, re-run it or say {}."
    return put(pattern, link(workflow, where), code(key), again)


def no_workflow(workflow: str) -> Markdown:
    """That there is nothing to start."""
    return put("The default branch has no {}, so the alias stays where it is. Once it is there, it is started.", code(workflow))


def not_started(workflow: str, why: str) -> Markdown:
    """That it could not be started."""
    return put("{} could not be started, so the alias stays where it is: {}", code(workflow), text(why))


def not_entered(why: str) -> Markdown:
    """That the ledger could not be written."""
    return put("The ledger cannot be written, and nothing is promoted before it can: {}", text(why))


def without_entry(why: str) -> Markdown:
    """That a decision stands although the ledger could not be written."""
    return put("It stands, but the ledger could not be written, so it is not entered there: {}", text(why))


def reminder(found: Reminder) -> Markdown:
    """A word to people whom the policy names, who hear of it because it mentions them."""
    people = [each.removeprefix("@") for each in found.people if _MENTIONED.fullmatch(each)]
    mentioned = Markdown(", ".join(f"@{each}" for each in people) or "nobody")
    return put("{}: {}", mentioned, Markdown(_REMINDERS[found.kind]))


_MENTIONED = re.compile(r"@?[A-Za-z0-9-]{1,39}(/[A-Za-z0-9._-]{1,100})?")
_REMINDERS = {
    "missing": "this request waits for your answer. The card above says what it is about and what to say.",
    "lead": "this request waits, and was not answered after a reminder. The card above says by whom it could be.",
}


def answer(decision: Decision) -> str:
    """What somebody says who approves this."""
    return f"/approve {decision.code}"


def lines(decision: Decision) -> list[str]:
    """The same as plain text, a line each; nothing in it moves the cursor."""
    return [visible(line) for line in _lines(decision)]


def machine(decision: Decision) -> dict[str, Any]:
    """The same for machines: plain values, ready for JSON."""
    return {
        "state": decision.state.value,
        "code": decision.code,
        "model": decision.subject.model,
        "version": decision.subject.version,
        "environment": decision.subject.environment,
        "emergency": decision.glass is not None,
        "unreviewed": decision.unreviewed,
        "rules": [_ruling(each) for each in decision.rules.children or (decision.rules,)],
        "conditions": [_ruling(each) for each in decision.conditions],
        "could": list(decision.could),
        "counted": [_vote(each) for each in decision.counted],
        "objections": [_vote(each) for each in decision.objections],
        "void": [
            {**_vote(each.vote), "reason": each.reason.value, "why": fill(each.reason.sentence, dict(each.values))}
            for each in decision.void
        ],
    }


def _ruling(ruling: Ruling) -> dict[str, Any]:
    return {
        "name": ruling.name,
        "state": ruling.state.value,
        "reason": ruling.reason.value,
        "why": fill(ruling.reason.sentence, dict(ruling.values)),
        "by": list(ruling.by),
        "could": list(ruling.could),
        "children": [_ruling(each) for each in ruling.children],
    }


def _vote(vote: Vote) -> dict[str, Any]:
    return {"kind": vote.kind, "login": vote.login, "id": vote.author, "comment": vote.comment}


def _lines(decision: Decision) -> Iterator[str]:
    yield f"{decision.state.value}: {fill(STATES[decision.state].sentence, _about(decision))}"
    if decision.glass:
        yield f"by breaking glass: {decision.glass.by}, because {decision.glass.because}"
    yield "approved if"
    yield from _branch(decision.rules.children or (decision.rules,), 1)
    if decision.conditions:
        yield "and"
        yield from _branch(decision.conditions, 1)
    if decision.counted:
        yield f"counted: {', '.join(f'{each.login} ({each.comment})' for each in decision.counted)}"
    for each in decision.void:
        said = _plain(each.reason, dict(each.values))
        yield f"void: /{each.vote.kind} of {each.vote.login or 'nobody'} ({each.vote.comment}): {said}"
    if decision.state not in _OVER:
        yield f"to approve it: {answer(decision)}"


def _branch(rulings: tuple[Ruling, ...], depth: int) -> Iterator[str]:
    for each in rulings:
        yield f"{'  ' * depth}{_MARKS[each.state]} {each.name} [{each.state.value}]: {_plain(each.reason, dict(each.values))}"
        yield from _branch(each.children, depth + 1)


def _plain(reason: Reason, values: dict[str, Value]) -> str:
    return fill(reason.sentence, values)


def overall(decision: Decision) -> Status:
    """How a decision looks as a whole; an emergency is red until somebody has reviewed it."""
    if decision.state is State.APPROVED and (decision.glass or decision.unreviewed):
        return Status.FAILED
    return _OVERALL[decision.state]


def _about(decision: Decision) -> dict[str, Value]:
    subject = decision.subject
    return {"model": subject.model, "version": subject.version, "environment": subject.environment}


def _emergency(decision: Decision) -> Markdown:
    if decision.glass is None:
        return Markdown("🔴 An emergency promotion to this environment waits for its review.")
    return put(
        "🔴 {} broke glass: {}. It is to be reviewed until {}.",
        code(decision.glass.by),
        text(decision.glass.because),
        code(f"{decision.glass.review_by:%Y-%m-%d %H:%M %Z}"),
    )


def _tree(rulings: tuple[Ruling, ...]) -> Markdown:
    return join(_items(rulings, 0), "\n")


def _items(rulings: tuple[Ruling, ...], depth: int) -> Iterator[Markdown]:
    for each in rulings:
        said = _said(each.reason, dict(each.values))
        next_step = sentence(each.reason.advice, dict(each.values)) if each.state is Ruled.ERROR else EMPTY
        line = put("{} **{}**: {}", ICONS[STATUS[each.state]], _name(each.name), said)
        line = put("{}; {}", line, next_step) if next_step else line
        yield Markdown("  " * depth + "- ") + line
        yield from _items(each.children, depth + 1)


def _name(name: str) -> Markdown:
    """A rule's name: our words around names of the policy, which become code."""
    count, times, role = name.partition(" × ")
    return put("{} × {}", text(count), code(role)) if times and count.isdigit() else text(name)


def _said(reason: Reason, values: dict[str, Value]) -> Markdown:
    return sentence(reason.sentence, values)


def _who(vote: Vote, issue: str) -> Markdown:
    login = vote.login or "nobody"
    return link(login, f"{issue}#issuecomment-{vote.comment}") if issue else code(login)


def _void(decision: Decision, issue: str) -> Markdown:
    shown = list(_void_lines(decision.void[-_MOST_VOID:], issue))
    rest = len(decision.void) - len(shown)
    if rest:
        shown.append(Markdown(f"- and {rest} older ones"))
    summary = Markdown(f"<details><summary>Votes that do not count ({len(decision.void)})</summary>")
    return join([summary, join(shown, "\n"), Markdown("</details>")], "\n\n")


def _void_lines(void: tuple[Void, ...], issue: str) -> Iterator[Markdown]:
    for each in void:
        said = _said(each.reason, dict(each.values))
        yield put("- {} {}: {}", code(f"/{each.vote.kind}"), _who(each.vote, issue), said)


def _capital(said: Markdown) -> Markdown:
    return Markdown(said.source[:1].upper() + said.source[1:])
