"""What would be said on a request if somebody said it: votes that nobody gave, for the question "what if"."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.gateway.commanding import CommandGateway
from bot.promotion.votes import KINDS
from policy import simulation
from policy.fixtures import SAID
from policy.votes import Vote


def votes(gateway: CommandGateway, also: Sequence[str], code: str, last: int, now: datetime) -> list[Vote]:
    """Votes such as `alice:/approve`, as comments after the last one. One without a code names `code`, what is asked for.

    Raises:
        UserProblem: a text says nothing, or GitHub knows no such account.
        OutsideProblem: GitHub does not answer.
    """
    return list(_votes(gateway, also, code, last, now))


def _votes(gateway: CommandGateway, also: Sequence[str], code: str, last: int, now: datetime) -> Iterator[Vote]:
    for number, text in enumerate(also, 1):
        said = simulation.said(text)
        found, person = SAID.fullmatch(said.say), gateway.collaborator(said.by)
        if found is None:  # what was read always has it
            raise ValueError(text)
        kind = KINDS[found["kind"]]
        yield Vote(
            kind=kind,
            comment=last + number,
            author=person.id,
            login=person.login,
            code=found["code"] or (code if kind in ("approve", "break-glass") else ""),
            because=(found["because"] or "").strip("\"'"),
            at=now,
        )
