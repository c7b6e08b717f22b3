"""Gives leave to move the alias of an environment: decides the request once more, with the environment's lock in hand.

Whoever started the run is not asked and nothing that it was given is believed: what counts is what GitHub and the registry say
now. Until there is leave nothing is written but the lock, and at last, in the ledger, each vote that the leave rests on: without
its entries there is no leave.

Deciding takes a second or two, most of it for the registry's client to load, and GitHub wants a second between two writes. So a
run that the bot started, by what it says, takes the lock first and decides with it in hand. Any other decides before it writes
anything, and once more with the lock. What a run says never changes more than that order.
"""

from contextlib import suppress
from dataclasses import dataclass

from bot import locks, perform
from bot.around import Around
from bot.gateway.entering import LedgerGateway
from bot.gateway.locking import LockGateway
from bot.gateway.problems import NotThere, Refused
from bot.gateway.requesting import RequestGateway
from bot.locks import ALL, Blocked, Lock, Seen
from bot.promotion import entries
from bot.promotion.asked import Asked
from bot.promotion.deciding import NoRequest, Weighed, decided, requested
from policy.approvals import STATES
from policy.authorization import LEASE, Authorization
from policy.problems import Problem, UserProblem
from policy.result import fill


class NotAuthorized(UserProblem):
    """There is no leave. Exit code 1."""

    exit_code = 1


@dataclass(frozen=True)
class _Held:
    """The lock of a run, what was seen when it was taken or made to last longer, and whether it was taken just now."""

    lock: Lock
    seen: Seen
    taken: bool


def owner_of(run: int) -> str:
    """What the lock of a run is owned by."""
    return f"run {run}"


def authorize(around: Around, number: int, run: int, request: str = "") -> Authorization:
    """Leave for one run to do what a request asks for. The same run asking again is given it again, and keeps its lock.

    `request` is what the run says it was started for, as `bot.promotion.starting` names it.

    Raises:
        NotAuthorized: it is no request that is approved now, or somebody else holds the environment.
        UserProblem: the policy or the version cannot be used.
        OutsideProblem: GitHub or the registry does not answer, or others write the ledger all the time.
    """
    found: Weighed | None = None
    held = _early(around, number, run) if request.startswith(f"{number}-") else None
    if held is None:
        found = _approved(around, number, run)
        held = _lock(around, found.asked, number, run, glass=found.decision.glass is not None)
    if found is None or held.taken:
        # What was decided before the lock was held, if anything was, may have changed meanwhile.
        try:
            found = _approved(around, number, run)
        except Problem:
            if held.taken:
                with suppress(Problem):  # what cannot be given back either ends with its lease
                    _give_back(around, held.seen.name, held.lock)
            raise
    if found.promoted is None:
        _enter(around, found, held.lock)
    decision = found.decision
    approvers = {each.author for each in decision.counted if each.author is not None}
    glass = decision.glass is not None
    if decision.glass is not None and decision.glass.id:
        approvers.add(decision.glass.id)
    if found.promoted is not None:  # the leave of then, whose last steps are still to do
        approvers |= {each for each in found.promoted.payload.get("approvers") or () if type(each) is int}
        glass = glass or found.promoted.payload.get("glass") is True
    return Authorization(
        subject=decision.subject,
        bind=found.bind,
        digest=found.digest,
        expected=found.lineage.at(found.asked.environment),
        approvers=tuple(sorted(approvers)),
        glass=glass,
        lock=held.lock.token,
        run=run,
        at=held.seen.now,
    )


def _approved(around: Around, number: int, run: int) -> Weighed:
    """The request, where it may be promoted now, or was, and only what comes after is left to do."""
    try:
        found = decided(around, number)
    except (NoRequest, NotThere) as problem:
        raise NotAuthorized(problem.what, f"#{number}", problem.next) from None
    if found is None:
        _let_go(around, number, run)
        raise NotAuthorized("this request is over", f"#{number}", "Ask for it again with `/promote`")
    where, asked = found.issue.url, found.asked
    if found.promoted is not None and found.lineage.at(asked.environment) == asked.version:
        return found
    if found.promoted is not None:
        raise NotAuthorized("this was promoted, and something else runs there now", where, "Ask for it again with `/promote`")
    if not found.decision.approved:
        subject = found.decision.subject
        values = {"model": subject.model, "version": subject.version, "environment": subject.environment}
        raise NotAuthorized(fill(STATES[found.decision.state].sentence, dict(values)), where, "Its card says what is missing")
    return found


def _early(around: Around, number: int, run: int) -> _Held | None:
    """The lock of what an open request asks for, undecided; None where anything is in the way: deciding tells what."""
    try:
        issue, asked = requested(RequestGateway.of(around.gateway), number)
        return _lock(around, asked, number, run) if issue.state == "open" else None
    except (NoRequest, NotThere, NotAuthorized):
        return None


def _lock(around: Around, asked: Asked, number: int, run: int, glass: bool = False) -> _Held:
    """The environment's lock for a run. Raises NotAuthorized where it cannot be had."""
    if not locks.is_name(asked.environment):
        raise NotAuthorized("the environment's name can be no lock's", asked.environment, "Begin it with a letter")
    gateway, because = LockGateway.of(around.gateway), f"promotes {asked.model} {asked.version} for #{number}"
    if glass:
        because += ", by breaking glass"
    else:
        _freeze(gateway.lock(ALL), owner_of(run))
    seen = gateway.lock(asked.environment)
    try:
        lock, effect = locks.acquire(seen, owner_of(run), "assay", 0, because, LEASE)
        perform.perform(gateway, [effect or locks.renew(seen, lock, LEASE)])
    except Blocked as blocked:
        raise _refused(asked.environment, blocked.lock) from None
    except Refused:
        seen = gateway.lock(asked.environment)
        raise _refused(asked.environment, seen.holder) from None
    return _Held(lock, seen, effect is not None)


def _freeze(seen: Seen, owner: str) -> None:
    """Raises NotAuthorized where everything is locked. An emergency does not ask, and its lock says so."""
    if (kept := locks.in_the_way({ALL: seen}, ALL, owner)) is not None:
        raise _refused(ALL, kept.holder)


def _refused(name: str, lock: Lock | None) -> NotAuthorized:
    where = f"{locks.BRANCH}/{locks.path(name)}"
    if lock is None:
        return NotAuthorized(f"the lock of {name} cannot be had", where, "Run it again; if it stays so, look at that file")
    until = f" until {lock.until}" if lock.until else ""
    reason = f" ({lock.because})" if lock.because else ""
    return NotAuthorized(f"{lock.owner} holds {name}{until}{reason}", where, "Run this again once it is free")


def _enter(around: Around, found: Weighed, lock: Lock) -> None:
    """Enter the approvals. Raises NotAuthorized where the ledger cannot be written, and frees the lock."""
    try:
        LedgerGateway.of(around.gateway).enter(entries.approvals(found))
    except UserProblem as problem:
        _give_back(around, lock.name, lock)
        raise NotAuthorized(f"the ledger cannot be written: {problem.what}", problem.where, problem.next) from None


def _let_go(around: Around, number: int, run: int) -> None:
    """Free what this very run still holds: an attempt of it was cut off when all was done but that."""
    _, asked = requested(RequestGateway.of(around.gateway), number)
    held = LockGateway.of(around.gateway).lock(asked.environment).holder if locks.is_name(asked.environment) else None
    if held is not None and held.owner == owner_of(run):
        _give_back(around, asked.environment, held, "all of it was done")


def _give_back(around: Around, name: str, lock: Lock, because: str = "it is approved no more") -> None:
    """Free what was taken for nothing, as long as it still is ours."""
    gateway = LockGateway.of(around.gateway)
    seen = gateway.lock(name)
    if seen.holder is not None and (seen.holder.owner, seen.holder.token) == (lock.owner, lock.token):
        freed = locks.release(seen, "assay", 0, because)
        perform.perform(gateway, [freed] if freed else [])
