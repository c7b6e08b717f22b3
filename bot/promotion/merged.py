"""Asks for a promotion without a comment: for what was merged, where the environment's policy says so, or at a job's word.

Whoever merged it is the one who asks, and so approves nothing of it; where nobody did, it is our own account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.around import Around
from bot.gateway.records import Identity
from bot.gateway.requesting import RequestGateway
from bot.promotion import asking, evidence, wanting
from bot.promotion.asked import LABEL, Asked
from bot.registered import Registered
from policy import document
from policy.document import FILE_NAME, Policy
from policy.lineage import Lineage
from policy.origin import Origin
from policy.problems import UserProblem

_NEWEST = "latest"


@dataclass(frozen=True)
class Made:
    """What came of asking for one environment: the request `number`, made or found; or none where the version `runs` there."""

    environment: str
    version: int
    outcome: Literal["asked", "stands", "runs"]
    number: int | None = None


def request(
    around: Around, name: str, environments: Sequence[str] | None, by: Identity | None = None, key: str = ""
) -> list[Made]:
    """Ask for a version, `MODEL@VERSION` or `MODEL` for the newest, for each environment; the same asking is one request.

    `environments` are None for those whose policy has `on_merge: request`. `by` is who asks, None for whoever merged it; `key`
    names the asking, and is that of the merge where it is empty.

    Raises:
        UserProblem: policy or version cannot be used, or there is no such environment.
        OutsideProblem: GitHub or the registry does not answer.
    """
    registry, gateway = around.registry, RequestGateway.of(around.gateway)
    if registry is None:
        raise UserProblem("no registry is named", "MLFLOW_TRACKING_URI", "Set it where this runs")
    policy = _policy(around)
    found, origin = _version(registry, policy, name)
    pull: int | None = None
    asker, made = by, list[Made]()
    for each in _environments(policy, environments):
        if found.at(each) == found.step.version:
            made.append(Made(each, found.step.version, "runs"))
            continue
        if asker is None:
            # The registry's word on the pull request is not taken: who wrote it there could have named another.
            pull = gateway.pull_request_merged_as(origin.code_sha, around.repository.default_branch)
            asker = (gateway.merged_by(pull) if pull else None) or gateway.myself()
        wanted = Asked(
            model=found.model,
            version=found.step.version,
            environment=each,
            by=asker.login,
            by_id=asker.id or 0,
            where=pull or 0,
            key=key or f"merge-{origin.code_sha}",
        )
        made.append(_ask(around, registry, policy, found, wanted))
    return made


def _ask(around: Around, registry: Registered, policy: Policy, found: Lineage, wanted: Asked) -> Made:
    gateway = RequestGateway.of(around.gateway)
    requests = wanting.known(gateway.issues(LABEL), gateway.identity())
    if stands := wanting.standing(wanted, requests):
        return Made(wanted.environment, wanted.version, "stands", stands)
    effect = wanting.wish(wanted, found, evidence.judged(registry, found.step, policy), requests)
    return Made(wanted.environment, wanted.version, "asked", asking.opened(around, effect).number)


def _policy(around: Around) -> Policy:
    raw = around.gateway.file(FILE_NAME, around.repository.default_branch)
    if raw is None:
        raise UserProblem("there is no policy", FILE_NAME, "Write one; `assay init` proposes it")
    return document.read(raw.decode("utf-8", "replace"))


def _version(registry: Registered, policy: Policy, name: str) -> tuple[Lineage, Origin]:
    if policy.model is None:
        raise UserProblem("no model is named", FILE_NAME, "Add `model: {name: ..., artifact: ...}`")
    model, at, which = name.rpartition("@")
    wanted = (model if at else name) or policy.model.name
    if wanted != policy.model.name:
        raise UserProblem("it is not the model of this repository", wanted[:100], f"Ask for {policy.model.name}")
    found = registry.lineage(f"{wanted}@{which if at else _NEWEST}")
    if found.step.origin is None:
        raise UserProblem(found.step.faults[0], f"{wanted}@{found.step.version}", "Register it with `assay register`")
    return found, found.step.origin


def _environments(policy: Policy, given: Sequence[str] | None) -> list[str]:
    if given is None:
        return [name for name, each in policy.environments.items() if each.on_merge == "request"]
    for name in given:
        if name not in policy.environments:
            known = ", ".join(policy.environments) or "none"
            raise UserProblem("there is no such environment", name[:100], f"Name one of {known}")
    return list(dict.fromkeys(given))
