"""The journal of deliveries: what was taken in, once for each id and each body, and how it ended.

A delivery and its place in the queue are written in one transaction, so there is never one without the other. A body is kept
only until its delivery has ended; the line that remembers it goes after the retention.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.receiving.database import Database, bodies, deliveries
from bot.receiving.delivery import Delivery
from bot.receiving.queue import Place, Queue
from bot.receiving.reasons import Outcome, Reason

_AT_ONCE = 500
"""Rows that one statement names at most."""
_QUEUED = deliveries.c.outcome == Outcome.QUEUED.value
_ONCE_MORE = (Outcome.FAILED.value, Outcome.IGNORED.value)
"""A redelivery of what ended so is taken in again: nothing was done about it, and what stood in its way may be gone."""


@dataclass(frozen=True)
class Admission:
    """A delivery to take in. `ignored` says why it is recorded and not acted on; `trace` is the trace that it belongs to."""

    delivery: Delivery
    ignored: Reason | None = None
    trace: str = ""


@dataclass(frozen=True)
class Ending:
    """How one round of a delivery ended."""

    id: str
    round: int
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Held:
    """A delivery as the journal has it; `body` is None once it ended."""

    id: str
    event: str
    round: int
    outcome: str
    reason: str
    trace: str
    body: bytes | None

    def waits(self, round_: int) -> bool:
        """Whether this round of it is still to be handled."""
        return self.outcome == Outcome.QUEUED.value and self.round == round_ and self.body is not None


@dataclass(frozen=True)
class Listed:
    """A delivery as a list shows it: everything but its body. Times in milliseconds since the epoch."""

    seq: int
    id: str
    event: str
    action: str
    repository: str
    number: int | None
    sender: str
    received: int
    ended: int | None
    outcome: str
    reason: str
    round: int


_LISTED = [deliveries.c[name] for name in Listed.__dataclass_fields__]


class Journal:
    """The journal, in one database, and the queue beside it. `debounce` is in seconds."""

    def __init__(self, database: Database, queue: Queue, debounce: float = 0.0) -> None:
        self._database, self._queue = database, queue
        self._debounce_ms = int(debounce * 1000)
        self._clock = sa.select(database.now)
        # With RETURNING many rows are one statement; without, they are as many as there are rows.
        self._new = database.insert(deliveries).on_conflict_do_nothing().returning(deliveries.c.id, deliveries.c.seq)
        body = database.insert(bodies)
        upsert = body.on_conflict_do_update(index_elements=["id"], set_={"body": body.excluded.body})
        self._body = upsert.returning(bodies.c.id)

    # --- taking in ---

    def take_in(self, admissions: Sequence[Admission]) -> list[Reason]:
        """Take in deliveries, in one transaction that is on the disk when this returns. What became of each, in their order."""
        answers: list[Reason] = []
        places: list[Place] = []
        stored: list[Delivery] = []
        with self._database.durably() as connection:
            now = self._now(connection)
            due = self._due(connection, admissions, now)
            fresh = self._insert(connection, admissions, now, due)
            for each in admissions:
                delivery = each.delivery
                seq = fresh.pop(delivery.id, None)  # the first of several with one id is the one that was written
                if seq is None:
                    again = self._again(connection, each)
                    answers.append(Reason.AGAIN if isinstance(again, Place) else again)
                    place = again if isinstance(again, Place) else None
                else:
                    answers.append(each.ignored or Reason.ACCEPTED)
                    delay = max(0, due.get(delivery.fold, now) - now) / 1000
                    place = None if each.ignored else Place(delivery.id, 1, seq, delivery.partition, delay)
                if place is not None:
                    places.append(place)
                    stored.append(delivery)
            self._store(connection, stored)
            self._queue.enqueue(connection, places, now)
        return answers

    def _now(self, connection: sa.Connection) -> int:
        return int(connection.execute(self._clock).scalar_one())

    def _due(self, connection: sa.Connection, admissions: Iterable[Admission], now: int) -> dict[str, int]:
        """When pushes are due, by their fold: the first opens a window, and those within it wait for its end only."""
        folds = {each.delivery.fold for each in admissions if each.delivery.fold and not each.ignored}
        if not folds or not self._debounce_ms:
            return {}
        windows = connection.execute(
            sa.select(deliveries.c.fold, sa.func.max(deliveries.c.due).label("due"))
            .where(_QUEUED, deliveries.c.fold.in_(folds), deliveries.c.due > now)
            .group_by(deliveries.c.fold)
        )
        return dict.fromkeys(folds, now + self._debounce_ms) | {each.fold: each.due for each in windows}

    def _insert(
        self, connection: sa.Connection, admissions: Sequence[Admission], now: int, due: dict[str, int]
    ) -> dict[str, int]:
        """Write those whose id and body are new; their sequence numbers by id."""
        written = connection.execute(self._new, [_row(each, now, due) for each in admissions])
        return {each.id: each.seq for each in written}

    def _again(self, connection: sa.Connection, admission: Admission) -> Reason | Place:
        """What a delivery is whose id or body is known: the same once more, a replay, or another try at what had failed."""
        delivery = admission.delivery
        row = connection.execute(
            sa.select(deliveries.c.seq, deliveries.c.round, deliveries.c.outcome, deliveries.c.digest).where(
                deliveries.c.id == delivery.id
            )
        ).one_or_none()
        if row is None:
            return Reason.REPLAYED
        if row.outcome not in _ONCE_MORE or admission.ignored or row.digest not in (None, delivery.digest):
            return Reason.DUPLICATE
        twin = sa.select(deliveries.c.id).where(deliveries.c.digest == delivery.digest, deliveries.c.id != delivery.id)
        if connection.execute(twin).first() is not None:
            return Reason.REPLAYED
        place = Place(delivery.id, row.round + 1, row.seq, delivery.partition)
        changed = connection.execute(
            sa.update(deliveries)
            .where(deliveries.c.id == delivery.id, deliveries.c.round == row.round, deliveries.c.outcome == row.outcome)
            .values(
                outcome=Outcome.QUEUED.value,
                reason="",
                round=place.round,
                ended=None,
                digest=delivery.digest,
                event=delivery.event,
                partition=delivery.partition,
                fold="",
            )
        )
        return place if changed.rowcount else Reason.DUPLICATE

    def _store(self, connection: sa.Connection, stored: Sequence[Delivery]) -> None:
        if stored:
            connection.execute(self._body, [{"id": each.id, "body": each.body} for each in stored])

    # --- handling ---

    def load(self, delivery_id: str) -> Held | None:
        """A delivery with its body; None where it is not remembered."""
        columns = [deliveries.c[name] for name in ("id", "event", "round", "outcome", "reason", "trace")]
        wanted = (
            sa.select(*columns, bodies.c.body)
            .select_from(deliveries.outerjoin(bodies, bodies.c.id == deliveries.c.id))
            .where(deliveries.c.id == delivery_id)
        )
        with self._database.reads.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        return Held(**row._mapping) if row else None

    def superseded(self, delivery_id: str) -> bool:
        """Whether a newer push of the same waits that is due as well, and so stands for this one."""
        newer = deliveries.alias()
        found = sa.select(newer.c.id).where(
            deliveries.c.id == delivery_id,
            newer.c.outcome == Outcome.QUEUED.value,
            newer.c.fold == deliveries.c.fold,
            newer.c.seq > deliveries.c.seq,
            newer.c.due <= self._database.now,
        )
        with self._database.reads.connect() as connection:
            return connection.execute(found.limit(1)).first() is not None

    def end(self, endings: Sequence[Ending]) -> list[None]:
        """Write down how deliveries ended, and forget their bodies. A round that is over already changes nothing."""
        kinds: dict[tuple[Outcome, str, int], list[str]] = {}
        for each in endings:
            kinds.setdefault((each.outcome, each.reason, each.round), []).append(each.id)
        with self._database.quick.begin() as connection:
            ended: list[str] = []
            for (outcome, reason, round_), ids in kinds.items():
                statement = (
                    sa.update(deliveries)
                    .where(deliveries.c.id.in_(ids), deliveries.c.round == round_, _QUEUED)
                    .values(outcome=outcome.value, reason=reason, ended=self._database.now)
                    .returning(deliveries.c.id)
                )
                ended += connection.execute(statement).scalars()
            if ended:
                connection.execute(sa.delete(bodies).where(bodies.c.id.in_(ended)))
        return [None] * len(endings)

    def again(self, delivery_id: str, round_: int, delay: float) -> bool:
        """Let a delivery wait its turn once more, `delay` seconds from now; whether it was this round's to say."""
        with self._database.quick.begin() as connection:
            changed = connection.execute(
                sa.update(deliveries)
                .where(deliveries.c.id == delivery_id, deliveries.c.round == round_, _QUEUED)
                .values(round=round_ + 1)
                .returning(deliveries.c.seq, deliveries.c.partition)
            ).one_or_none()
            if changed is not None:
                place = Place(delivery_id, round_ + 1, changed.seq, changed.partition, delay)
                self._queue.enqueue(connection, [place], self._now(connection))
        return changed is not None

    # --- looking after it ---

    def depth(self) -> int:
        """How many deliveries wait or are at work."""
        with self._database.reads.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(deliveries).where(_QUEUED)).scalar_one())

    def newest(self, most: int, before: int | None = None, outcome: str = "") -> list[Listed]:
        """At most so many deliveries, the newest first: those that came before a sequence number, and that ended so."""
        wanted = sa.select(*_LISTED).order_by(deliveries.c.seq.desc()).limit(most)
        if before is not None:
            wanted = wanted.where(deliveries.c.seq < before)
        if outcome:
            wanted = wanted.where(deliveries.c.outcome == outcome)
        with self._database.reads.connect() as connection:
            return [Listed(**row._mapping) for row in connection.execute(wanted)]

    def known(self, ids: Iterable[str]) -> set[str]:
        """Those of these deliveries that the journal has and that did not fail."""
        found: set[str] = set()
        with self._database.reads.connect() as connection:
            for some in _portions(list(ids)):
                wanted = sa.select(deliveries.c.id).where(deliveries.c.id.in_(some), deliveries.c.outcome != Outcome.FAILED.value)
                found.update(connection.execute(wanted).scalars())
        return found

    def prune(self, retention_ms: int) -> int:
        """Forget deliveries that ended and were received longer ago, and their workflows; how many."""
        old = (
            sa.select(deliveries.c.id, deliveries.c.round)
            .where(deliveries.c.received < self._database.now - retention_ms, ~_QUEUED)
            .limit(_AT_ONCE)
        )
        forgotten = 0
        while True:
            with self._database.reads.connect() as connection:
                rows = connection.execute(old).all()
            if not rows:
                return forgotten
            workflows = [Place(row.id, each, 0, "").workflow for row in rows for each in range(1, row.round + 1)]
            for some in _portions(workflows):
                self._queue.delete(some)
            with self._database.quick.begin() as connection:
                connection.execute(sa.delete(deliveries).where(deliveries.c.id.in_([row.id for row in rows])))
            forgotten += len(rows)

    def stranded(self) -> list[tuple[Place, str]]:
        """Deliveries that wait although nothing will handle them, with the status of their workflow, empty where it is lost.

        One that ends meanwhile may be among them; whoever acts on it does so for its round only, and so changes nothing.
        """
        columns = [deliveries.c[name] for name in ("id", "round", "seq", "partition")]
        with self._database.reads.connect() as connection:
            waiting = [Place(**row._mapping) for row in connection.execute(sa.select(*columns).where(_QUEUED))]
        statuses: dict[str, str] = {}
        for some in _portions([each.workflow for each in waiting]):
            statuses |= self._queue.statuses(some)
        found = ((each, statuses.get(each.workflow, "")) for each in waiting)
        return [(each, status) for each, status in found if status not in ("ENQUEUED", "PENDING", "DELAYED")]


def _row(admission: Admission, now: int, due: dict[str, int]) -> dict[str, Any]:
    delivery, ignored = admission.delivery, admission.ignored
    return {
        "id": delivery.id,
        "digest": None if ignored else delivery.digest,
        "event": delivery.event,
        "action": delivery.action,
        "repository": delivery.repository,
        "number": delivery.number,
        "sender": delivery.sender,
        "partition": delivery.partition,
        "fold": "" if ignored else delivery.fold,
        "due": due.get(delivery.fold, now),
        "received": now,
        "ended": now if ignored else None,
        "outcome": (Outcome.IGNORED if ignored else Outcome.QUEUED).value,
        "reason": ignored.value if ignored else "",
        "round": 1,
        "trace": admission.trace,
    }


def _portions(items: list[str]) -> Iterable[list[str]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
