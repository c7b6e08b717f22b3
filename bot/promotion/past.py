"""What was promoted before, out of the deployments that GitHub keeps. Pure.

A deployment of ours is made when the alias has moved, so that there is one is the promotion. What others deployed, or of another
model, says nothing here.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.gateway.records import Identity
from bot.gateway.requesting import Deployment
from policy.approvals import Promotion
from policy.ledger_deployments import Deployed


def promotions(deployments: Iterable[Deployment], model: str, identity: Identity) -> list[Promotion]:
    """The promotions of a model, the oldest first; of two in the same second, the one that was made first."""
    return sorted(_promotions(sorted(deployments, key=lambda each: each.id), model, identity), key=lambda each: each.at)


def of_request(deployments: Iterable[Deployment], model: str, identity: Identity, request: int, digest: str) -> Deployment | None:
    """The deployment that came of a request in exactly this form, the first if there are several."""
    found = [
        each
        for each in deployments
        if ours(each, model, identity) and (each.payload.get("issue"), each.payload.get("digest")) == (request, digest)
    ]
    return min(found, key=lambda each: each.id, default=None)


def deployed(deployments: Iterable[Deployment]) -> list[Deployed]:
    """The deployments as the ledger is compared with them, whoever made them."""
    return [
        Deployed(
            id=each.id,
            by=each.author_login or "an account that is gone",
            at=datetime.fromisoformat(each.created_at),
            model=str(each.payload["model"]),
            version=str(each.payload["version"]),
            environment=each.environment,
            commit=each.sha,
            request=each.payload.get("issue") if type(each.payload.get("issue")) is int else None,
            approved=str(each.payload.get("digest") or ""),
        )
        for each in deployments
        if each.payload.get("model") and each.payload.get("version") is not None
    ]


def _promotions(deployments: Iterable[Deployment], model: str, identity: Identity) -> Iterator[Promotion]:
    for each in deployments:
        if ours(each, model, identity):
            approvers = each.payload.get("approvers")
            yield Promotion(
                environment=each.environment,
                version=str(each.payload.get("version")),
                at=datetime.fromisoformat(each.created_at),
                approvers=frozenset(one for one in approvers if type(one) is int) if isinstance(approvers, list) else frozenset(),
                glass=each.payload.get("glass") is True,
                reviewed=each.payload.get("reviewed") is True,
                rollback=each.payload.get("rollback") is True,
            )


def ours(each: Deployment, model: str, identity: Identity) -> bool:
    """Whether a deployment is a promotion of this model."""
    return identity.wrote(each) and each.payload.get("model") == model and each.payload.get("version") is not None
