"""Reads that may wait, such as those of a sweep: put off while little is left of the hour, so that gates and approvals go on."""

from copy import copy
from dataclasses import replace
from typing import TypeVar

from bot.gateway.gateway import Gateway

G = TypeVar("G", bound=Gateway)


def sparing(gateway: G) -> G:
    """The same repository by the same token, for what may wait.

    Its reads raise Postponed, which says until when, while less than a tenth of the hour's requests is left. Its writes go on:
    they follow from what was read before. It counts its own requests.
    """
    found = copy(gateway)
    found._transport = replace(gateway._transport, may_wait=True, requests=0)
    return found
