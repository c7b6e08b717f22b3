"""Deliveries that this process has just taken in, kept until it handles them itself, so that it need not read them again."""

import threading
import time
from collections import OrderedDict

from bot.receiving.delivery import Delivery


class Recent:
    """At most `limit` bytes of them, each for `seconds`.

    The time must be shorter than a lease: nobody can have begun a delivery, died, and lost it to us within it, so what is
    found here was not handled before.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit, self._seconds = limit, seconds
        self._kept: OrderedDict[str, tuple[float, Delivery, str]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def keep(self, delivery: Delivery, trace: str) -> None:
        """Keep a delivery and its trace; the oldest give way."""
        with self._lock:
            if delivery.id in self._kept or len(delivery.body) > self._limit:
                return
            self._kept[delivery.id] = (time.monotonic() + self._seconds, delivery, trace)
            self._bytes += len(delivery.body)
            while self._bytes > self._limit or next(iter(self._kept.values()))[0] < time.monotonic():
                self._bytes -= len(self._kept.popitem(last=False)[1][1].body)

    def take(self, delivery_id: str) -> tuple[Delivery, str] | None:
        """A delivery and its trace, once; None where it is not kept or was kept too long."""
        with self._lock:
            found = self._kept.pop(delivery_id, None)
            if found is None:
                return None
            until, delivery, trace = found
            self._bytes -= len(delivery.body)
        return (delivery, trace) if time.monotonic() < until else None
