"""Enters the review of an emergency once the issue that asked for it is closed by somebody who may."""

from bot import perform
from bot.around import Around
from bot.gateway.requesting import RequestGateway
from bot.promotion import entries, reviewing
from bot.promotion.deciding import policy_of


def sign(around: Around, number: int) -> bool:
    """Enter the review that an issue holds, if it holds one that counts; whether it does.

    Raises UserProblem where there is no policy to use, or the ledger cannot be written: then the next request in this
    environment enters it.
    """
    gateway = RequestGateway.of(around.gateway)
    policy, digest = policy_of(around, gateway)
    deployments = gateway.deployments()
    for name, environment in policy.environments.items():
        for each in reviewing.reviews(gateway, deployments, name, environment, policy.roles):
            if each.number == number:
                perform.perform(gateway, [entries.review(each, around.repository.id, digest)])
                return True
    return False
