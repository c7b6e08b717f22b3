"""The model and its environments: which version has which alias, and every version with where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.pages.page import Looking
from policy.lineage import Lineage, Reign, Step
from policy.result import Status
from reports import numbers
from reports.html import name
from reports.pages import Sheet, link, listed, marked, when, words
from reports.panels.block import Block, Line, heads

TITLE = "Models"
REQUESTS = 6
SIZE = 25
"""Versions of one page."""
_VERDICTS = {"passed": Status.PASSED, "warned": Status.WARNED, "skipped": Status.SKIPPED}


@dataclass(frozen=True)
class Present:
    """What is shown. `lineage` is None where no registry is named; `address` is the repository's page on GitHub."""

    model: str
    environments: Sequence[str]
    lineage: Lineage | None
    address: str
    number: int = 1


def show(looking: Looking) -> Sheet:
    """Read and draw."""
    present = look(looking)
    end = present.number * SIZE
    more = present.lineage is not None and len(present.lineage.steps) > end
    return draw(present, looking.newer(), looking.older(more))


def look(looking: Looking) -> Present:
    """The model that the policy names, as the registry has it."""
    policy = looking.policy()
    model = policy.model.name if policy.model else ""
    registry = looking.around.registry
    lineage = registry.lineage(f"{model}@latest") if registry is not None and model else None
    return Present(model, list(policy.environments), lineage, looking.address, looking.number)


def draw(present: Present, newer: str = "", older: str = "") -> Sheet:
    """Environments first, then versions, the newest first."""
    if not present.model:
        hint = Markup("Add <code>model:</code> to <code>assay.yml</code>: its name, and the artifact that it is.")
        return Sheet(TITLE, empty="The policy names no model.", hint=hint)
    if present.lineage is None:
        hint = Markup(
            "Whoever runs the bot names the registry in <code>MLFLOW_TRACKING_URI</code> and this repository in "
            "<code>ASSAY_REGISTRY_REPOSITORY</code>."
        )
        return Sheet(TITLE, name(present.model), empty="The bot has no registry for this repository.", hint=hint)
    steps = sorted(present.lineage.steps, key=lambda each: -each.version)
    some = steps[(present.number - 1) * SIZE : present.number * SIZE]
    intro = Markup("{}: {} versions").format(name(present.model, 100), numbers.count(len(steps)))
    blocks = [_environments(present, present.lineage)] if present.number == 1 else []
    return Sheet(TITLE, intro, blocks=(*blocks, _versions(some, present.address)), newer=newer, older=older)


def _environments(present: Present, lineage: Lineage) -> Block:
    steps = {each.version: each for each in lineage.steps}
    reigns = {each.alias: each for each in lineage.reigns if each.present}
    held = {alias: each.version for each in lineage.steps for alias in each.aliases}
    others = [each for each in sorted(held) if each not in present.environments]
    lines = []
    for alias in (*present.environments, *others):
        step = steps.get(held.get(alias, 0))
        lines.append(_environment(alias, alias in others, step, reigns.get(alias), present.address))
    caption = "In the order in which a version passes through them; below them aliases that the policy does not name."
    columns = heads("Environment", "Version", "Since", "Verdict", "Pull request")
    return Block("environments", "Environments", heads=columns, lines=tuple(lines), caption=caption, open_rows=len(lines))


def _environment(alias: str, other: bool, step: Step | None, reign: Reign | None, address: str) -> Line:
    title = Markup("{}{}").format(name(alias, 60), Markup(' <span class="where">only an alias</span>') if other else "")
    if step is None:
        return Line(Status.SKIPPED, (title, marked(Status.SKIPPED, "no version yet"), Markup("—"), Markup("—"), Markup("—")))
    status, verdict = _verdict(step)
    since = when(reign.since if reign else None)
    return Line(status, (title, Markup("version {}").format(step.version), since, verdict, _pull(step, address)))


def _versions(steps: Sequence[Step], address: str) -> Block:
    lines = []
    for each in steps:
        status, verdict = _verdict(each)
        commit = link(name(each.origin.code_sha[:12]), f"{address}/commit/{each.origin.code_sha}") if each.origin else Markup("—")
        aliases = listed([name(one, 60) for one in each.aliases], "—")
        lines.append(
            Line(
                status,
                (Markup("version {}").format(each.version), aliases, when(each.created), verdict, _pull(each, address), commit),
            )
        )
    columns = heads("Version", "Aliases", "Registered", "Verdict", "Pull request", "Commit")
    caption = "The newest first."
    return Block("versions", "Versions", heads=columns, lines=tuple(lines), caption=caption, open_rows=len(lines))


def _verdict(step: Step) -> tuple[Status, Markup]:
    if step.origin is None:
        said = step.faults[0] if step.faults else "it is not known where it comes from"
        return Status.FAILED, marked(Status.FAILED, words(said, 200))
    status = _VERDICTS[step.origin.verdict]
    return status, marked(status, step.origin.verdict)


def _pull(step: Step, address: str) -> Markup:
    number = step.origin.pull_request if step.origin else None
    return link(f"#{number}", f"{address}/pull/{number}") if number else Markup("—")
