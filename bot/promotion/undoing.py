"""What a rollback is decided on: the word as it stands, who gave it, and what ran there before. Reads, and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import people
from bot.around import Around
from bot.gateway.requesting import Deployment, RequestGateway
from bot.promotion import past, words
from bot.promotion.asked import Asked
from policy import rollbacks
from policy.document import Policy
from policy.environments import Environment
from policy.lineage import Lineage
from policy.origin import Origin
from policy.roles import Standing
from policy.rollbacks import Ground, Word


def word(around: Around, asked: Asked, policy: Policy) -> Word | None:
    """The word that a request names, where it still is about the same model and environment, and of the same person."""
    found = words.word(around, asked.where, asked.key)
    if found is None:
        return None
    said, model = found
    place = rollbacks.place(policy.environments, said.environment)
    return said if (model, place, said.author) == (asked.model, asked.environment, asked.by_id) else None


@dataclass(frozen=True)
class Scene:
    """What was read: the policy, the deployments that promotions left, the model in the registry, and the environment `name`."""

    policy: Policy
    deployments: Sequence[Deployment]
    lineage: Lineage
    name: str

    @property
    def environment(self) -> Environment | None:
        """What the policy says of it, where it knows it."""
        return self.policy.environments.get(self.name)


def ground(around: Around, scene: Scene, said: Word | None, key: str, request: int | None = None) -> Ground:
    """What is known of it, whichever version it is about. `key` names the asking, `request` its issue where there is one."""
    gateway = RequestGateway.of(around.gateway)
    ours = [each for each in scene.deployments if past.ours(each, scene.lineage.model, gateway.identity())]
    return Ground(
        who=_who(gateway, said, scene.environment, scene.policy) if said else None,
        promotions=past.promotions(ours, scene.lineage.model, gateway.identity()),
        runs=scene.lineage.at(scene.name),
        now=around.clock(),
        kept=_kept(ours, scene),
        used=any(each.payload.get("asked") == key and each.payload.get("issue") != request for each in ours),
    )


def _who(gateway: RequestGateway, said: Word, environment: Environment | None, policy: Policy) -> Standing | None:
    """Who gave the word is now; None where that cannot be found out."""
    if environment is None or environment.back is None:
        return None
    try:
        return people.standing(gateway, said.author, said.login, {environment.back.role}, policy.roles)
    except people.Unknown:
        return None


def _kept(ours: Sequence[Deployment], scene: Scene) -> frozenset[int]:
    """The versions that are what they were when they were promoted there last."""
    origins = {each.version: each.origin for each in scene.lineage.steps}
    newest = {each.payload["version"]: each for each in sorted(ours, key=lambda each: each.id) if each.environment == scene.name}
    return frozenset(version for version, each in newest.items() if _same(each, origins.get(version)))


def _same(before: Deployment, origin: Origin | None) -> bool:
    if origin is None or before.sha != origin.code_sha:
        return False
    return bool(before.payload.get("artifact", origin.model_digest) == origin.model_digest)
