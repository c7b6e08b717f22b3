"""What the loopback GitHub can be told to do wrong, and the log of what it was asked."""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.loopback.state import State

KINDS = ("status", "permission", "secondary", "primary", "slow", "drop", "half", "stale")


@dataclass
class Fault:
    """One thing that goes wrong.

    `kind`: `status` (answer with `status`), `permission` (403, never to be retried), `secondary` (403 or 429 with
    Retry-After), `primary` (the hourly limit), `slow` (waits `seconds` first), `drop` (closes the connection), `half` (stops
    in the middle of the answer), `stale` (reads see the state of when the fault was set). With `after` the request
    takes effect first and only its answer is lost. `times` is how often; None is for ever; `skip` lets so many pass before.
    """

    kind: str
    method: str = ".*"
    path: str = ".*"
    times: int | None = 1
    skip: int = 0
    status: int = 500
    seconds: float = 0.0
    retry_after: int | None = 1
    message: str | None = None
    accepted: str = ""
    after: bool = False
    snapshot: State | None = None
    hits: int = 0


class Faults:
    """The faults in force; each is used up as often as it says."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._all: list[Fault] = []

    def add(self, kind: str, method: str = ".*", path: str = ".*", **more: Any) -> Fault:
        """Sets a fault for requests whose method and path match the two regular expressions."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}")
        fault = Fault(kind, method, path, **more)
        if kind == "stale":
            fault.snapshot = _frozen(self._state)
        self._all.append(fault)
        return fault

    def clear(self) -> None:
        """Everything works again."""
        self._all.clear()

    def due(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request, counted."""
        for fault in self._all:
            if fault.kind == "stale" and method not in ("GET", "HEAD"):
                continue
            if not (re.fullmatch(fault.method, method) and re.search(fault.path, path)):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.times is None or fault.hits < fault.times:
                fault.hits += 1
                return fault
        return None


def _frozen(state: State) -> State:
    counter, state.counter = state.counter, iter(())
    try:
        return copy.deepcopy(state)
    finally:
        state.counter = counter


@dataclass(frozen=True)
class Seen:
    """A request that reached the loopback GitHub, and its answer."""

    kind: str
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer: Any = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"
