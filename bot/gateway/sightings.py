"""The gateway, and the branch that is the history of looks at production: one file for each model, written by compare-and-set."""

import base64
import binascii
import random
from collections.abc import Callable, Sequence
from urllib.parse import quote

from bot.gateway.problems import NotThere, Refused
from bot.gateway.requesting import RequestGateway
from policy import vigil_history
from policy.problems import OutsideProblem, UserProblem
from policy.vigil_history import BRANCH, Look

_README = "What Assay saw in production: one file for each model, one line for each look, written by `assay sight`.\n"
_WRITING = {"contents": "write"}
_TRIES = 12
_LONGEST_PAUSE = 3.0


class SightingGateway(RequestGateway):
    """A gateway that also keeps the history of looks at production."""

    def looks(self, model: str) -> tuple[Look, ...]:
        """The history of a model, the oldest look first; empty where there is none. Raises UserProblem for one that is broken."""
        return self._looks(model)[0]

    def keep(self, model: str, grow: Callable[[Sequence[Look]], tuple[Look, ...]]) -> tuple[Look, ...]:
        """Write what `grow` makes of the history, or of whatever others wrote meanwhile; the answer is what stands there then.

        Raises:
            OutsideProblem: others write all the time, or GitHub does not answer.
            UserProblem: the file is broken, or may not be written.
        """
        refusal: Refused | None = None
        for attempt in range(_TRIES):
            present, version = self._looks(model)
            wanted = grow(present)
            if wanted == present:
                return present
            try:
                self._put(vigil_history.path(model), vigil_history.write(wanted), version)
            except Refused as refused:
                # Somebody else was quicker; where nobody was, it is a rule of GitHub's for the branch.
                if version == self._looks(model)[1]:
                    if refusal is not None:
                        raise Refused(refused.what, BRANCH, "See whether a rule for this branch keeps Assay from it") from None
                    refusal = refused
                self._transport.pause(min(_LONGEST_PAUSE, 0.1 * 2.0**attempt) * random.uniform(0.1, 1.0))  # noqa: S311 - jitter
            else:
                return wanted
        raise OutsideProblem(f"it could not be written in {_TRIES} tries", BRANCH, "Try again later")

    def revise_issue(
        self, number: int, title: str, body: str, labels: Sequence[str], state: str, reason: str | None = None
    ) -> None:
        """Make an issue say this, with these labels and no others, and open or close it. Raises Refused for a text too long."""
        wanted = {"title": title, "body": body, "labels": list(labels), "state": state}
        why = {"state_reason": reason} if reason else {}
        self._send("PATCH", f"/issues/{number}", {**wanted, **why}, {"issues": "write"})

    def _looks(self, model: str) -> tuple[tuple[Look, ...], str | None]:
        """A history, and the version of its file; None where there is none."""
        path = vigil_history.path(model)
        where = f"{BRANCH}:{path}"
        try:
            data = self._get(f"/contents/{quote(path)}?ref={BRANCH}", {"contents": "read"}).data
        except NotThere:
            return (), None
        try:
            raw, version = base64.b64decode(data["content"]), str(data["sha"])
        except (KeyError, TypeError, binascii.Error):
            raise UserProblem("it is no file that can be read", where, "Delete it; the history begins anew") from None
        return vigil_history.read(raw, where), version

    def _put(self, path: str, content: bytes, version: str | None) -> None:
        """Write a file as long as it is `version` (None: as long as there is none). Raises Refused otherwise."""
        if version is None and self.ref(f"heads/{BRANCH}") is None:
            self._begin(BRANCH, _README, "Begin the history of production")
        body = {
            "message": f"Keep a look at {path.removesuffix('.jsonl')}",
            "content": base64.b64encode(content).decode(),
            "branch": BRANCH,
            **({"sha": version} if version else {}),
        }
        self._send("PUT", f"/contents/{quote(path)}", body, _WRITING)
