"""The gateway, and what proposals need: the pull requests that came from a branch, and their end."""

from urllib.parse import quote

from bot.gateway.records import PullRequest
from bot.gateway.requesting import RequestGateway


class ProposalGateway(RequestGateway):
    """A gateway that also closes pull requests."""

    def pulls_from(self, branch: str) -> list[PullRequest]:
        """The pull requests that ever came from a branch of this repository, the newest first."""
        owner = self.full_name.partition("/")[0]
        wanted = f"state=all&head={quote(f'{owner}:{branch}', safe='')}"
        found = self._list(f"/pulls?{wanted}", PullRequest.of, {"pull-requests": "read"})
        return [each for each in found if each.head_ref == branch and not each.is_of_fork(self.full_name)]

    def close_pull(self, number: int) -> None:
        """Close a pull request without merging it; one that is closed stays so."""
        self._send("PATCH", f"/pulls/{number}", {"state": "closed"}, {"pull-requests": "write"})
