"""The gateway, and the branch that is the ledger: its last entry read, and the next written by compare-and-set.

The file of an entry is named by its number and only ever made where there is none, which GitHub checks. Whoever comes second is
refused, reads the end anew, and tries the number after; threads of one process wait for each other instead. A decision whose key
is there already is not written again: keys are looked for as far back as the decision can be. Of the commits' messages only keys
and the number are believed; whatever else an entry rests on is read from the file of the last one, and where the two do not agree
nothing is written.
"""

import base64
import random
import re
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from bot.effects import Enter
from bot.gateway.locking import LockGateway, _time
from bot.gateway.problems import NotThere, Refused
from policy import ledger
from policy.ledger import BRANCH, Entry, Kept, Personal
from policy.problems import OutsideProblem, UserProblem

LOOKED_BACK = 100
"""Entries among which a key is always looked for: what one request to GitHub lists."""
_MESSAGE = re.compile(r"Enter (?P<sequence>\d{6,9}) [a-z-]+\n\nKey: (?P<key>[^\n]{1,500})\nHash: (?P<hash>[0-9a-f]{64})")
_README = "The ledger of Assay: one file for each decision, written by its bot. `assay audit verify` reads it.\n"
_TRIES = 24
_SAME_TAIL = 3
"""Tries after which a refusal that nobody else's entry explains is GitHub's own, such as that of a rule for the branch."""
_LONGEST_PAUSE = 3.0
_SALT_BYTES = 16
_WRITING = {"contents": "write"}
_TURNS: defaultdict[str, Lock] = defaultdict(Lock)
"""Whose turn it is in this process, by repository. Many at once would lose one try after another to each other."""


class Unwritable(UserProblem):
    """The end of the ledger is not as the bot leaves it, so nothing is written after it."""


@dataclass(frozen=True)
class Tail:
    """The end of the ledger: its last entry (None: there is none), the keys of the last hundred, and the server's time."""

    entry: Entry | None
    keys: frozenset[str]
    now: str


@dataclass(frozen=True)
class _Said:
    """What a commit says of the entry that it adds; 0 and nothing for one that adds none."""

    at: datetime
    sequence: int = 0
    key: str = ""
    hash: str = ""

    @classmethod
    def of(cls, commit: dict[str, Any]) -> "_Said":
        """From the git half of GitHub's `commit`."""
        at, found = datetime.fromisoformat(commit["committer"]["date"]), _MESSAGE.fullmatch(commit["message"].strip())
        return cls(at, int(found["sequence"]), found["key"], found["hash"]) if found else cls(at)


class LedgerGateway(LockGateway):
    """A gateway that also writes the ledger."""

    def enter(self, orders: Sequence[Enter]) -> list[Kept]:
        """Write what is not there yet, in this order; the answer is what was written.

        Raises:
            Unwritable: the end of the branch is not as it was left.
            OutsideProblem: others write all the time, or GitHub does not answer.
            Forbidden: the token may not write contents.
        """
        if not orders:
            return []
        written: list[Kept] = []
        since = min((each.since for each in orders if each.since), default="")
        with _TURNS[f"{self._transport.base}{self._root}"]:
            tail = self.tail(since)
            for order in orders:
                while order.draft.key not in tail.keys:
                    tail, made = self._next(tail, order)
                    if made is not None:
                        written.append(made)
        return written

    def tail(self, since: str = "") -> Tail:
        """The end of the ledger as it is now, with the keys of the last hundred commits and of all since a moment in ISO 8601.

        The branch is made where there is none. Two requests, and one more for each further hundred.
        """
        try:
            listed, now = self._listed(1)
        except NotThere:
            self._begin(BRANCH, _README, "Begin the ledger")
            listed, now = self._listed(1)
        page = listed
        while since and len(page) == LOOKED_BACK and page[-1].at >= datetime.fromisoformat(since):
            page, _ = self._listed(len(listed) // LOOKED_BACK + 1)
            listed += page
        found = [each for each in listed if each.sequence]
        last = max((each.sequence for each in found), default=0)
        if not last:
            last = max((ledger.sequence_of(each) or 0 for each in self.tree(BRANCH)), default=0)
        entry = self._entry(last) if last else None
        if entry is not None and any(each.sequence == last and each.hash != entry.hash for each in found):
            raise _unwritable("the last entry is not what its commit says")
        return Tail(entry, frozenset(each.key for each in found) | ({entry.key} if entry else set()), now)

    def _listed(self, page: int) -> tuple[list["_Said"], str]:
        """A page of the branch's commits, the newest first, and the server's time."""
        answer = self._get(f"/commits?sha={BRANCH}&per_page={LOOKED_BACK}&page={page}", {"contents": "read"})
        try:
            return [_Said.of(each["commit"]) for each in answer.data], _time(answer).isoformat()
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise OutsideProblem(f"GitHub's answer lacks {error}", BRANCH, "Try again later") from None

    def _entry(self, sequence: int) -> Entry:
        raw = self.file(ledger.path(sequence), BRANCH)
        if raw is None:
            raise _unwritable(f"the file of entry {sequence} is not there")
        try:
            found = ledger.read(raw).entry
        except ValueError as error:
            raise _unwritable(f"entry {sequence}: {error}") from None
        if found.sequence != sequence:
            raise _unwritable(f"entry {sequence} says that it is entry {found.sequence}")
        return found

    def _next(self, tail: Tail, order: Enter) -> tuple[Tail, Kept | None]:
        """Write one entry after a tail, or after whatever others wrote meanwhile; the tail then, and what was written."""
        personal = Personal(
            salt=secrets.token_hex(_SALT_BYTES), actor_id=order.by_id, login=order.by[:200], because=order.because[:2_000]
        )
        for attempt in range(_TRIES):
            kept = ledger.append(tail.entry, order.draft, personal, tail.now)
            try:
                self._put(kept)
            except Refused as refused:
                # Somebody else was quicker, or this was written and the answer was lost: the end says which.
                self._transport.pause(min(_LONGEST_PAUSE, 0.1 * 2.0**attempt) * random.uniform(0.1, 1.0))  # noqa: S311 - jitter
                before, tail = tail, self.tail(order.since)
                if order.draft.key in tail.keys:
                    return tail, None
                if attempt >= _SAME_TAIL and before.entry == tail.entry:
                    raise _refused(refused) from None
            else:
                return Tail(kept.entry, tail.keys | {order.draft.key}, tail.now), kept
        raise OutsideProblem(f"it could not be written in {_TRIES} tries", BRANCH, "Try again later")

    def _put(self, kept: Kept) -> None:
        entry = kept.entry
        body = {
            "message": f"Enter {entry.sequence:06d} {entry.decision}\n\nKey: {entry.key}\nHash: {entry.hash}",
            "content": base64.b64encode(ledger.write(kept)).decode(),
            "branch": BRANCH,
        }
        self._transport.send("PUT", f"{self._root}/contents/{ledger.path(entry.sequence)}", body=body, needs=_WRITING)


def _refused(problem: Refused) -> Refused:
    return Refused(problem.what, BRANCH, "See whether a rule for this branch keeps the bot from writing it")


def _unwritable(what: str) -> Unwritable:
    return Unwritable(what, BRANCH, "Run `assay audit verify`: it names the first entry that does not fit")
