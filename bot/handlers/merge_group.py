"""A pull request joined the merge queue. Its group's checks come from the run that the group starts."""

from bot.around import Around
from bot.handlers.handler import Payload
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """Nothing to do: assay-check.yml runs on the group's commit, and its end is published as any run's."""
    return Reason.NOT_OURS
