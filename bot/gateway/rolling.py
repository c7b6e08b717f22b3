"""The gateway, and what an issue that is kept current needs: its text written anew, and the ledger read in one go.

REST gives one file a request, which for a ledger are as many as there are entries. GraphQL gives the files of a folder at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.gateway.requesting import RequestGateway, _fits
from policy import ledger
from policy.ledger import BRANCH
from policy.problems import OutsideProblem
from policy.pulse.flow import Pulled

_QUERY = """
query($owner: String!, $name: String!, $folders: String!, $first: String!, $second: String!) {
  repository(owner: $owner, name: $name) {
    folders: object(expression: $folders) { ... on Tree { entries { name } } }
    first: object(expression: $first) { ...files }
    second: object(expression: $second) { ...files }
  }
}
fragment files on Tree { entries { name object { ... on Blob { text isTruncated } } } }
"""
_FOLDER = f"{BRANCH}:entries"


@dataclass(frozen=True)
class Leaves:
    """The newest files of the ledger, by the numbers of their entries: those of its last two folders, of a thousand each."""

    files: Mapping[int, bytes]

    @property
    def whole(self) -> bool:
        """Whether they begin with the first entry."""
        return not self.files or 1 in self.files


class RollingGateway(RequestGateway):
    """A gateway that also keeps an issue current."""

    def rewrite_issue(self, number: int, body: str) -> None:
        """Give an issue another text, and open it where it is closed. Raises Refused for a text that is too long."""
        _fits("", body)
        self._send("PATCH", f"/issues/{number}", {"body": body, "state": "open"}, {"issues": "write"})

    def merged_pulls(self) -> dict[int, Pulled]:
        """The pull requests that were merged, of the hundred closed ones that moved last, by their numbers. One request."""
        found = self._get("/pulls?state=closed&sort=updated&direction=desc&per_page=100", {"pull-requests": "read"}).data
        return {
            int(each["number"]): Pulled(datetime.fromisoformat(each["created_at"]), datetime.fromisoformat(each["merged_at"]))
            for each in found
            if each.get("merged_at")
        }

    def leaves(self) -> Leaves | None:
        """The newest entries; None where there is no ledger. One request, and another where there are two thousand entries."""
        found = self._asked("000", "001")
        if found["folders"] is None:
            return None
        names = [each["name"] for each in found["folders"]["entries"]]
        last = max((int(each) for each in names if each.isascii() and each.isdigit()), default=0)
        if last > 1:
            first, second = f"{last - 1:03d}", f"{last:03d}"
            found = self._asked(first, second)
            return Leaves({**_files(found["first"], first), **_files(found["second"], second)})
        return Leaves({**_files(found["first"], "000"), **_files(found["second"], "001")})

    def _asked(self, first: str, second: str) -> dict[str, Any]:
        owner, _, name = self.full_name.partition("/")
        folders = {"folders": _FOLDER, "first": f"{_FOLDER}/{first}", "second": f"{_FOLDER}/{second}"}
        asked = {"query": _QUERY, "variables": {"owner": owner, "name": name, **folders}}
        address = self._transport.requester.graphql_url
        answer = self._transport.send("POST", address, body=asked, needs={"contents": "read"}).data
        if answer.get("errors") or not (answer.get("data") or {}).get("repository"):
            said = str((answer.get("errors") or [{}])[0].get("message") or "nothing")[:200]
            raise OutsideProblem(f"GitHub answered: {said}", BRANCH, "Try again later")
        return dict(answer["data"]["repository"])


def _files(tree: dict[str, Any] | None, folder: str) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for each in (tree or {}).get("entries") or ():
        number = ledger.sequence_of(f"entries/{folder}/{each['name']}")
        blob = each.get("object") or {}
        if number is not None and blob.get("text") is not None and not blob.get("isTruncated"):
            found[number] = blob["text"].encode()
    return found
