"""What happened in a registry around the process, drawn for the issue about it: what it is, what is missing, what to do."""

from collections.abc import Iterable
from datetime import UTC, datetime

from policy.intrusion import Move
from policy.lineage import Step
from reports.markdown import TEXT_LIMIT, Markdown, code, join, put, row, text

_MOST = 10
"""Faults that are listed."""
_UNTOLD = Markdown("the registry does not tell")


def incident(model: str, move: Move, step: Step | None, now: datetime) -> Markdown:
    """The text about an alias that no promotion moved. `step` is the version that it points to, where there is one."""
    what = put(
        "The alias {} of {} points to {}, and no promotion put it there. The last one put there {}.",
        code(move.environment),
        code(model),
        _version(move.version),
        _version(move.promoted),
    )
    rows = [("first seen", _moment(now)), ("who moved it, and when", _UNTOLD)]
    if step is not None:
        rows += _made(step)
    todo = []
    if move.version is not None:
        line = code(f"/promote {model}@{move.version} to {move.environment}", TEXT_LIMIT)
        todo.append(put("If it is meant: say {} in a comment, and have it approved.", line))
    if move.reverts:
        todo.append(put("The alias is set back to {} by itself.", _version(move.promoted)))
    elif move.promoted is not None:
        todo.append(put("If it is not: set the alias back to {}.", _version(move.promoted)))
    else:
        todo.append(Markdown("If it is not: delete the alias."))
    todo.append(Markdown("Find out who may write to the registry beside the promotions, and whether they should."))
    return _whole(what, rows, todo, "This issue is closed once the alias points to what was promoted last.")


def candidate(model: str, step: Step) -> Markdown:
    """The text about a version that nobody registered."""
    what = put(
        "{} of {} was made around `assay register`, so nobody can tell from it what it was made of.",
        _version(step.version, begin=True),
        code(model),
    )
    faults = [("missing", text(each)) for each in step.faults[:_MOST]]
    if more := len(step.faults) - len(faults):
        faults.append(("missing", Markdown(f"and {more} more")))
    todo = [
        Markdown("It cannot be promoted as it is: there is no verdict on it, and no digest that an approval could be for."),
        Markdown("Bring what makes it to the default branch. `assay register` there makes a version that can be promoted."),
        Markdown("Delete this one where nobody needs it."),
    ]
    end = "This issue is closed once the version has its origin or is gone; closing it by hand is an answer too."
    return _whole(what, [*_made(step), *faults], todo, end)


def again(now: datetime) -> Markdown:
    """What is said where the same happened once more."""
    return put("It points there again, seen {}.", _moment(now))


def right(move: Move | None, now: datetime) -> Markdown:
    """What is said at the end. `move` is what was set back; None where others did it, or a promotion."""
    if move is None:
        return put("The alias points to what was promoted last, seen {}.", _moment(now))
    return put("Set back to {} {}.", _version(move.promoted), _moment(now))


def held(why: str) -> Markdown:
    """Why an alias was not set back so far."""
    return put("It was not set back so far: {}. It is tried again.", text(why))


def settled(step: Step | None) -> Markdown:
    """What is said where a version from outside has its origin by now, or is gone."""
    return Markdown("The version is gone." if step is None else "The version has its origin by now.")


def _version(number: int | None, *, begin: bool = False) -> Markdown:
    return Markdown("nothing" if number is None else f"{'Version' if begin else 'version'} {number}")


def _made(step: Step) -> list[tuple[str, Markdown]]:
    by = code(step.by) if step.by else _UNTOLD
    found = [(f"version {step.version} was made", _moment(step.created)), ("by", by)]
    found.append(("run", code(step.run) if step.run else Markdown("none")))
    found.append(("from", code(step.source, TEXT_LIMIT) if step.source else Markdown("nowhere that is known")))
    if step.aliases:
        found.append(("aliases", join([code(each) for each in step.aliases[:_MOST]])))
    return found


def _whole(what: Markdown, rows: Iterable[tuple[str, Markdown]], todo: Iterable[Markdown], end: str) -> Markdown:
    table = ["| what | |", "|---|---|", *(row([Markdown(name), said]) for name, said in rows)]
    steps = join([put("- {}", each) for each in todo], "\n")
    return join([what, Markdown("\n".join(table)), Markdown("#### What to do"), steps, Markdown(end)], "\n\n")


def _moment(at: datetime) -> Markdown:
    return Markdown(f"at {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
