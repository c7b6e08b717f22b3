"""Where the App is installed: which account, whether it works, and what was granted there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from bot.gateway.problems import NotThere, Unauthorized
from bot.gateway.transport import Transport
from policy.problems import OutsideProblem, UserProblem

Why = Literal["unknown", "suspended", "elsewhere"]
T = TypeVar("T")
_SAID: dict[Why, tuple[str, str]] = {
    "unknown": ("the App is not installed there", "Install it, or let it be"),
    "suspended": ("the App's installation is suspended", "Its owner can let it work again"),
    "elsewhere": (
        "the App's installation does not reach this repository",
        "Add the repository to the installation, or let it be",
    ),
}


class NotInstalled(UserProblem):
    """The App cannot work there; `why` says how that is. Whoever got an event from there has nothing to do."""

    def __init__(self, why: Why, where: str) -> None:
        what, advice = _SAID[why]
        super().__init__(what, where, advice)
        self.why = why


@dataclass(frozen=True)
class Installation:
    """One installation; `permissions` are those that its account granted."""

    id: int
    account: str
    suspended: bool
    permissions: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Installation":
        """From GitHub's `installation`."""
        account = data.get("account") or {}
        return cls(
            id=data["id"],
            account=str(account.get("login") or account.get("slug") or ""),
            suspended=data.get("suspended_at") is not None,
            permissions=dict(data.get("permissions") or {}),
        )


class Installations:
    """Asks GitHub as the App itself."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def one(self, number: int) -> Installation:
        """An installation that works. Raises NotInstalled for one that does not, or is not ours."""
        found = self._asked(f"/app/installations/{number}", f"installation {number}")
        if found.suspended:
            raise NotInstalled("suspended", f"installation {number}")
        return found

    def covering(self, full_name: str) -> Installation:
        """The installation that reaches a repository. Raises NotInstalled where there is none that works."""
        found = self._asked(f"/repos/{quote(full_name)}/installation", full_name)
        if found.suspended:
            raise NotInstalled("suspended", full_name)
        return found

    def every(self) -> Iterator[Installation]:
        """All installations, the suspended ones too."""
        for data in as_the_app(lambda: list(self._transport.pages("/app/installations"))):
            yield _read(data)

    def _asked(self, path: str, where: str) -> Installation:
        try:
            return _read(as_the_app(lambda: self._transport.send("GET", path)).data)
        except NotThere:
            raise NotInstalled("unknown", where) from None


def as_the_app(ask: Callable[[], T]) -> T:
    """Ask as the App itself; where GitHub does not take its key, say what may be wrong."""
    try:
        return ask()
    except Unauthorized as refused:
        raise UserProblem(
            "GitHub does not take the App's key",
            refused.where,
            "See that ASSAY_APP_ID and ASSAY_PRIVATE_KEY are of one App that still lists the key, and that the clock is right",
        ) from None


def _read(data: Any) -> Installation:
    try:
        return Installation.of(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise OutsideProblem(f"GitHub's answer lacks {error}", "installation", "See that GITHUB_API_URL is an API") from None
