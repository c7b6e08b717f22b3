"""What a registry remembers of a model: each version with its origin, and which had which alias when."""

from datetime import datetime

from actions.registry.client import Registry, Version
from policy import lineage, origin
from policy.lineage import Lineage, Step
from policy.origin import Origin, TagsProblem
from policy.problems import OutsideProblem, UserProblem

_NEWEST = "latest"
"""MLflow keeps this alias for itself."""


def lineage_of(registry: Registry, name: str) -> Lineage:
    """The lineage of `MODEL@VERSION` or `MODEL@alias`; `MODEL@latest` is the newest version.

    Raises:
        UserProblem: it is no such name, or the registry does not know it.
        OutsideProblem: the registry cannot be reached.
    """
    try:
        model, number, alias = lineage.named(name)
    except ValueError:
        advice = "Write MODEL@VERSION or MODEL@alias, such as flight-delay@3 or flight-delay@production"
        raise UserProblem("this names no version", name[:100], advice) from None
    versions = registry.versions(model)
    if not versions:
        raise UserProblem("the registry knows no version of it", model[:100], "`assay register` makes the first")
    if alias == _NEWEST:
        number = versions[-1].number
    wanted = next((each for each in versions if each.number == number or alias in each.aliases), None)
    if wanted is None:
        known = sorted({one for each in versions for one in each.aliases})
        aliases = f"; aliases: {', '.join(known[:20])}" if known else ""
        newest = versions[-1].number
        raise UserProblem("the registry knows no such version", name[:100], f"The newest is {model}@{newest}{aliases}")
    steps = tuple(step_of(each) for each in versions)
    place = versions.index(wanted)
    return Lineage(
        model=model,
        step=steps[place],
        before=steps[place - 1] if place else None,
        steps=steps,
        reigns=tuple(lineage.reigns({each.number: (each.tags, each.aliases) for each in versions})),
    )


def step_of(version: Version) -> Step:
    """One version with the origin that its tags hold, or what is wrong with them."""
    found: Origin | None = None
    faults: tuple[str, ...] = ()
    try:
        found = origin.read(version.tags)
    except TagsProblem as problem:
        faults = problem.faults
    return Step(version.number, version.created, found, faults, version.aliases, version.run, version.source, version.by)


def move(registry: Registry, model: str, alias: str, number: int, expected: int | None, at: datetime) -> None:
    """Let an alias point to a version, and note on both versions when that was. Where it does, note what a crash left out.

    `expected` is where it must point now (None: nowhere). MLflow has no compare-and-set, so whoever may race holds a lock.

    Raises:
        UserProblem: there is no such version.
        OutsideProblem: the alias points elsewhere than expected, or the registry cannot be reached.
    """
    found = {each.number: each for each in registry.versions(model)}
    present = next((each for each in found.values() if alias in each.aliases), None)
    now = present.number if present else None
    if number not in found:
        raise UserProblem("the registry knows no such version", f"{model}@{number}", "`assay register` makes versions")
    if now == number:
        missing = lineage.unended({each.number: (each.tags, each.aliases) for each in found.values()}, alias)
        if missing:
            before = found[missing[0]]
            registry.set_tags(before, lineage.ended(before.tags, alias, missing[1]))
        return
    if now != expected:
        told = f"it points to {now or 'nothing'}, not to {expected or 'nothing'}"
        raise OutsideProblem(f"{told}: somebody moved it meanwhile", f"{model}@{alias}", "Look who did, then decide again")
    try:
        begin = lineage.began(found[number].tags, alias, at)
        end = lineage.ended(present.tags, alias, at) if present else {}
    except ValueError as error:
        raise UserProblem(str(error), model, "Use letters, digits, hyphens and underscores") from None
    registry.set_tags(found[number], begin)
    registry.point(model, alias, number)
    if present:
        registry.set_tags(present, end)
    if registry.aliases(model).get(alias) != number:
        raise OutsideProblem("it does not point to what was written", f"{model}@{alias}", "Look who moved it, then try again")
