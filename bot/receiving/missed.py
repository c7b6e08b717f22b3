"""Finds deliveries that never arrived, by asking GitHub what it sent, and has them sent again.

They are sent again rather than taken out of GitHub's record, because only so is the body the very one that was signed: it passes
the same checks, and a copy of it that somebody kept is still a replay. What did arrive and was not finished is found in the
journal, see `revive`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Protocol

import sqlalchemy as sa
import structlog

from bot.app.deliveries import Delivery
from bot.gateway.problems import NotThere, Refused
from bot.receiving.database import Database, marks
from bot.receiving.journal import Ending, Journal
from bot.receiving.reasons import Outcome, Reason

RETENTION = timedelta(days=3)
"""How long GitHub keeps deliveries, and so how far back there is anything to ask for."""
ATTEMPTS = 5
"""How often one delivery is sent, the first time included, before it is given up."""
_OVERLAP = timedelta(minutes=5)
"""Looked at again each time, for deliveries whose failure GitHub noted late."""
_PATIENCE = timedelta(minutes=1)
"""A delivery this young may still be on its way."""
_ROUNDS = 20
"""How often a delivery is taken up in all before it is given up."""
_MARK = "missed:seen"
_log = structlog.get_logger("assay.missed")


class Deliveries(Protocol):
    """What GitHub remembers of what it sent; `bot.app.deliveries.Deliveries` is one."""

    def newest_first(self) -> Iterator[Delivery]:
        """Every attempt, page by page."""

    def attempt(self, number: int) -> None:
        """Have one sent once more, under its guid. Raises NotThere or Refused where GitHub will not."""


def lost(sent: Iterable[Delivery], known: Iterable[str], now: datetime) -> list[Delivery]:
    """The last attempts of deliveries that never arrived and may be sent again, the oldest first. Pure."""
    attempts: dict[str, list[Delivery]] = {}
    for each in sent:
        attempts.setdefault(each.guid, []).append(each)
    here, found = set(known), []
    for guid, tries in attempts.items():
        last = max(tries, key=_moment)
        first = _moment(min(tries, key=_moment))[0]
        settled = guid in here or any(each.arrived for each in tries)
        if not settled and len(tries) < ATTEMPTS and now - first < RETENTION and now - _moment(last)[0] > _PATIENCE:
            found.append(last)
    return sorted(found, key=_moment)


class Missed:
    """Looks for missed deliveries since the last time."""

    def __init__(self, deliveries: Deliveries, journal: Journal, database: Database) -> None:
        self._deliveries, self._journal, self._database = deliveries, journal, database

    def __call__(self, now: datetime | None = None) -> int:
        """Have what was missed sent again; how many. Raises what `deliveries` raises, and then begins at the same place again."""
        now = now or datetime.now(UTC)
        since = max(self._seen(), now - RETENTION)
        sent = list(takewhile(lambda each: _moment(each)[0] >= since, self._deliveries.newest_first()))
        count = 0
        for each in lost(sent, self._journal.known({one.guid for one in sent}), now):
            try:
                self._deliveries.attempt(each.id)
            except (NotThere, Refused) as problem:
                _log.warning("cannot be sent again", delivery=each.guid, problem=str(problem))
                continue
            count += 1
            _log.info("asked to send again", delivery=each.guid, status=each.status_code)
        self._remember(self._unsettled(sent, now))
        return count

    def _unsettled(self, sent: Sequence[Delivery], now: datetime) -> datetime:
        """Where to begin next time: before the oldest that did not arrive, so that its attempts stay in sight."""
        arrived = {each.guid for each in sent if each.arrived}
        open_ = [_moment(each)[0] for each in sent if each.guid not in arrived]
        return min([now, *open_]) - _OVERLAP

    def _seen(self) -> datetime:
        with self._database.quick.connect() as connection:
            found = connection.execute(sa.select(marks.c.at).where(marks.c.name == _MARK)).scalar_one_or_none()
        return datetime.fromtimestamp((found or 0) / 1000, UTC)

    def _remember(self, moment: datetime) -> None:
        insert = self._database.insert(marks).values(name=_MARK, at=int(moment.timestamp() * 1000))
        with self._database.quick.begin() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"at": insert.excluded.at}))


def _moment(sent: Delivery) -> tuple[datetime, int]:
    """When an attempt was made; GitHub's numbers grow, and tell those of one second apart."""
    return datetime.fromisoformat(sent.delivered_at), sent.id


def revive(journal: Journal) -> int:
    """Put deliveries back into the queue that we said were ours and that nothing will handle any more; how many.

    Those with which the process died again and again, or that end in no way at all, end as failed instead.
    """
    count = 0
    for place, status in journal.stranded():
        reason = Reason.POISON if status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED" else Reason.BUG
        if reason is Reason.POISON or place.round >= _ROUNDS:
            journal.end([Ending(place.id, place.round, Outcome.FAILED, reason.value)])
            _log.error("given up", delivery=place.id, reason=reason.value, round=place.round)
        elif journal.again(place.id, place.round, 0):
            count += 1
            _log.warning("found unfinished, taken up again", delivery=place.id)
    return count
