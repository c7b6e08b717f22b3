"""The gateway, and the branch that holds locks: one file each, read with the server's time, written by compare-and-set."""

import base64
import binascii
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from bot import locks
from bot.gateway.commanding import CommandGateway
from bot.gateway.problems import NotThere, Refused
from bot.gateway.transport import Answer
from policy.problems import OutsideProblem

_WRITING = {"contents": "write"}
_README = "Locks of Assay: one file each, written by its bot. The history of this branch is theirs.\n"


class LockGateway(CommandGateway):
    """A gateway that also keeps locks."""

    def lock(self, name: str) -> locks.Seen:
        """A lock as it is now. Raises OutsideProblem where GitHub does not tell its time."""
        path = f"{self._root}/contents/{locks.path(name)}?ref={locks.BRANCH}"
        try:
            answer = self._transport.send("GET", path, needs={"contents": "read"})
        except NotThere:
            # Nothing to be held: the time of a lock that is about to be made is that of the repository's answer.
            return locks.Seen(name, None, None, _time(self._get("")))
        data = answer.data
        try:
            raw, version = base64.b64decode(data["content"]), str(data["sha"])
        except (KeyError, TypeError, binascii.Error):
            return locks.Seen(name, "unreadable", None, _time(answer))
        return locks.Seen(name, version, locks.parse(name, raw), _time(answer))

    def lock_names(self) -> list[str]:
        """The names of all locks that were ever taken."""
        files = self.folder("", locks.BRANCH)
        return [
            file.removesuffix(".json") for file in files if file.endswith(".json") and locks.is_name(file.removesuffix(".json"))
        ]

    def put_lock(self, file: str, record: str, version: str | None) -> None:
        """Write a lock's record as long as its file is `version` (None: as long as there is none). Raises Refused otherwise."""
        if version is None and self.ref(f"heads/{locks.BRANCH}") is None:
            self._begin(locks.BRANCH, _README, "Begin the locks")
        body: dict[str, Any] = {
            "message": f"Lock {file.removesuffix('.json')}",
            "content": base64.b64encode(record.encode()).decode(),
            "branch": locks.BRANCH,
            **({"sha": version} if version else {}),
        }
        try:
            self._transport.send("PUT", f"{self._root}/contents/{quote(file)}", body=body, needs=_WRITING)
        except Refused:
            # The answer to an earlier try may have been lost: then what stands there is ours.
            if self.file(file, locks.BRANCH) != record.encode():
                raise

    def _begin(self, branch: str, readme: str, message: str) -> None:
        """Make a branch that holds nothing of the repository; one that somebody made at the same moment is as good."""
        tree = self.create_tree(None, {"README.md": self.create_blob(readme.encode())})
        commit = self.create_commit(message, tree, [])
        try:
            self.create_ref(f"heads/{branch}", commit)
        except Refused:
            if self.ref(f"heads/{branch}") is None:
                raise


def _time(answer: Answer) -> datetime:
    try:
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        raise OutsideProblem("GitHub's answer has no date", "its clock", "Try again later") from None
