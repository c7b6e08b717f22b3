"""What somebody may see: asked of GitHub with their own token, and remembered for a minute at most."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.app.newest import Newest
from bot.gateway.gateway import Gateway
from bot.gateway.problems import Forbidden, NotThere, Unauthorized
from bot.gateway.records import Repository
from bot.gateway.transport import Transport
from bot.pages.sessions import Session
from policy.problems import OutsideProblem, UserProblem

REMEMBERED = 60.0
"""Seconds after which GitHub is asked again."""
_TIMEOUT = 10
_INSTALLATIONS = 10
_PEOPLE = 512
_KEPT = 4096


class Hidden(UserProblem):
    """Something that is not there, or not for this account: nobody is told which."""

    def __init__(self) -> None:
        super().__init__(
            "There is no such page, or your GitHub account may not see it", "", "See the address, or who is signed in"
        )


class SignedOut(UserProblem):
    """GitHub takes the person's token no more."""

    def __init__(self) -> None:
        super().__init__("the session is over", "", "Sign in again")


@dataclass(frozen=True)
class Reach:
    """The repositories that both the App and a person reach; `whole` is False where there are more than are listed."""

    repositories: tuple[Repository, ...]
    whole: bool


class Access:
    """Safe for several threads. `base` is the API's address."""

    def __init__(self, base: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._base, self._clock = base, clock
        self._transports: Newest[str, Transport] = Newest(_PEOPLE)
        self._repositories: Newest[tuple[str, str], tuple[float, Repository | None]] = Newest(_KEPT)
        self._reaches: Newest[str, tuple[float, Reach]] = Newest(_PEOPLE)

    def repository(self, session: Session, full_name: str) -> Repository:
        """A repository that the person may read. Raises Hidden, SignedOut, or OutsideProblem where GitHub does not answer."""
        key = (session.id, full_name.lower())
        known = self._repositories.get(key)
        if known is None or self._clock() - known[0] >= REMEMBERED:
            known = (self._clock(), self._asked(session, full_name))
            self._repositories.put(key, known)
        if known[1] is None:
            raise Hidden
        return known[1]

    def reach(self, session: Session) -> Reach:
        """The repositories where the App is installed and that the person may read, a hundred of each of ten installations."""
        known = self._reaches.get(session.id)
        if known is None or self._clock() - known[0] >= REMEMBERED:
            known = (self._clock(), self._listed(session))
            self._reaches.put(session.id, known)
        return known[1]

    def forget(self, session: Session) -> None:
        """A session that is over leaves nothing behind."""
        self._transports.drop(lambda id, _: id == session.id)
        self._repositories.drop(lambda key, _: key[0] == session.id)
        self._reaches.drop(lambda id, _: id == session.id)

    def _asked(self, session: Session, full_name: str) -> Repository | None:
        try:
            return Gateway(self._transport(session), full_name).repository()
        except Unauthorized:
            raise SignedOut from None
        except (NotThere, Forbidden):
            return None

    def _listed(self, session: Session) -> Reach:
        transport = self._transport(session)
        try:
            installed = transport.send("GET", f"/user/installations?per_page={_INSTALLATIONS}").data
            found: list[Repository] = []
            whole = int(installed["total_count"]) <= _INSTALLATIONS
            for each in installed["installations"]:
                if each.get("suspended_at") is None:
                    data = transport.send("GET", f"/user/installations/{int(each['id'])}/repositories?per_page=100").data
                    found += [Repository.of({"default_branch": "", **one}) for one in data["repositories"]]
                    whole = whole and int(data["total_count"]) <= 100
        except Unauthorized:
            raise SignedOut from None
        except (NotThere, Forbidden):
            return Reach((), True)
        except (KeyError, TypeError, ValueError) as error:
            raise OutsideProblem(f"GitHub's answer lacks {error}", "installations", "See that GITHUB_API_URL is an API") from None
        return Reach(tuple(sorted(found, key=lambda one: one.full_name.lower())), whole)

    def _transport(self, session: Session) -> Transport:
        return self._transports.ever(session.id, lambda: impatient(self._base, session.token))


def impatient(base: str, token: str) -> Transport:
    """A transport for somebody who waits for a page: what does not work at once is said."""
    made = Transport.to(base, token, _TIMEOUT)
    made.pause = _no_pause
    return made


def _no_pause(seconds: float) -> None:
    raise OutsideProblem("GitHub does not answer now", "the page", "Load it again in a minute")
