"""The gateway, and what GitHub's question whether a job may go on needs: what waits, and the answer."""

from typing import Literal

from bot.gateway.problems import NotThere
from bot.gateway.records import Json, WorkflowRun
from bot.gateway.requesting import RequestGateway

Answer = Literal["approved", "rejected"]
COMMENT_LIMIT = 1024
"""The most characters that GitHub takes beside an answer."""


class GateGateway(RequestGateway):
    """A gateway that also answers for the environments of jobs."""

    def run(self, id: int) -> WorkflowRun | None:
        """One run; None where the repository has none of this id."""
        try:
            return WorkflowRun.of(self._get(f"/actions/runs/{id}", {"actions": "read"}).data)
        except NotThere:
            return None

    def waiting_for(self, run: int) -> list[str]:
        """The environments for which jobs of a run wait, as GitHub writes them."""
        found = self._get(f"/actions/runs/{run}/pending_deployments", {"actions": "read"}).data
        names = [(each.get("environment") or {}).get("name") for each in found]
        return [name for name in names if isinstance(name, str)]

    def answer(self, run: int, environment: str, said: str, state: Answer | None = None) -> None:
        """Let the jobs of a run go on, or end them; without a state only say how it stands. Too long words are cut.

        Raises Forbidden where no rule of ours protects the environment, Refused where there is nothing to answer any more.
        """
        body: Json = {"environment_name": environment, "comment": said[:COMMENT_LIMIT]}
        body |= {"state": state} if state else {}
        path = f"{self._root}/actions/runs/{run}/deployment_protection_rule"
        self._transport.send("POST", path, body=body, needs={"deployments": "write"})
