"""Gateways to every repository that a service may work on: by an App's installations, or by one token that stands in for it.

A token is made for one repository and the permissions that are needed. The transport of a token is kept, and all transports of an
installation share its allowance, so that writes keep their distance however many handlers are at work.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any
from urllib.parse import quote

from bot.app.deliveries import Deliveries
from bot.app.installations import Installation, Installations, NotInstalled, as_the_app
from bot.app.jwt import AppToken
from bot.app.key import PrivateKey
from bot.app.newest import Newest
from bot.app.permissions import EVERYDAY, LISTING, WRITING, narrowed
from bot.app.tokens import InstallationToken, Minted, Scope, Tokens
from bot.gateway import Gateway
from bot.gateway.address import DEFAULT, base_url
from bot.gateway.allowance import Allowance
from bot.gateway.problems import Forbidden, NotThere, Refused
from bot.gateway.records import Identity, Repository
from bot.gateway.transport import Transport
from bot.settings import Settings
from policy.problems import OutsideProblem, UserProblem

_TRANSPORTS, _INSTALLATIONS, _NAMES = 64, 1024, 4096
"""How many of each are remembered."""


class Gateways:
    """Safe for several threads. Made with `of`."""

    def __init__(
        self,
        base: str,
        app: "_App | None",
        token: str,
        pause: Callable[[float], None],
        clock: Callable[[], float],
        spacing: float,
    ) -> None:
        self._base, self._app, self._pause, self._clock, self._spacing = base, app, pause, clock, spacing
        self._fixed = self._prepared(Transport.to(base, token)) if token and app is None else None
        self._transports: Newest[Scope, Transport] = Newest(_TRANSPORTS)
        self._allowances: Newest[int, Allowance] = Newest(_INSTALLATIONS)
        self._names: Newest[int, str] = Newest(_NAMES)
        self._identity: Identity | None = None
        self._lock = Lock()

    @classmethod
    def of(
        cls,
        base: str = DEFAULT,
        app_id: int | None = None,
        private_key: str = "",
        token: str = "",
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        spacing: float = 1.0,
    ) -> "Gateways":
        """For an App (`app_id` and `private_key`, PEM or its base64), else for a token. Nothing is asked of GitHub yet.

        `base` is the API's address, `spacing` the least number of seconds between writes of an installation. Raises UserProblem
        for a key that is none. Without App and token every gateway is a UserProblem that says what is missing.
        """
        base, app = base_url({"GITHUB_API_URL": base}), None
        if app_id is not None and private_key.strip():
            transport = Transport.of(base, AppToken(app_id, PrivateKey.parse(private_key), clock), Allowance())
            transport.pause, transport.clock, transport.spacing = pause, clock, 0.0
            app = _App(app_id, transport, clock)
        return cls(base, app, token.strip(), pause, clock, spacing)

    def __repr__(self) -> str:
        kind = f"App {self._app.id}" if self._app else "a token" if self._fixed else "nothing"
        return f"Gateways({self._base!r}, {kind})"

    @classmethod
    def configured(cls, settings: Settings) -> "Gateways":
        """Every repository that the settings give a way to. Raises UserProblem for a key that is none."""
        key, token = settings.private_key.get_secret_value(), settings.github_token.get_secret_value()
        return cls.of(settings.github_api_url, settings.app_id, key, token, spacing=settings.write_spacing)

    # --- gateways ---

    def writing(self, installation: int | None, full_name: str, repository_id: int | None = None) -> Gateway:
        """A gateway for handlers, which may write to branches too."""
        return self.gateway(installation, full_name, repository_id, WRITING)

    def gateway(
        self,
        installation: int | None,
        full_name: str,
        repository_id: int | None = None,
        permissions: Mapping[str, str] = EVERYDAY,
    ) -> Gateway:
        """A gateway to a repository, which may have another name by now where `repository_id` is given: it is found by that.

        `installation` is what the event said; without it GitHub is asked. Permissions that the installation was not granted are
        left out; what needs them is then Forbidden. It counts its own requests. Raises NotInstalled where the App cannot work.
        """
        if self._app is None:
            return self._by_token(full_name, repository_id)
        number = installation if installation is not None else self._app.covering(full_name)
        wanted = (repository_id,) if repository_id is not None else (full_name,)
        scope, minted = self._app.minted(number, permissions, wanted)
        transport = self._transport(self._app, scope)
        name = full_name if repository_id is None else self._present_name(transport, repository_id, full_name, minted)
        identity = self._bot(self._app, transport)
        return Gateway(_counted(transport), name, identity, self._app.slug())

    def _by_token(self, full_name: str, repository_id: int | None) -> Gateway:
        transport = self._the_token()
        if repository_id is not None:
            full_name = self._present_name(transport, repository_id, full_name, None)
        with self._lock:
            if self._identity is None:
                self._identity = Gateway(transport, full_name).identity()
            return Gateway(_counted(transport), full_name, self._identity)

    def _the_token(self) -> Transport:
        if self._fixed is None:
            raise UserProblem(
                "there is neither an App nor a token", "ASSAY_APP_ID", "Make an App with `assay app create`, or set GITHUB_TOKEN"
            )
        return self._fixed

    def _transport(self, app: "_App", scope: Scope) -> Transport:
        allowance = self._allowances.ever(scope.installation, Allowance)
        credential = InstallationToken(app.tokens, scope)
        return self._transports.ever(scope, lambda: self._prepared(Transport.of(self._base, credential, allowance)))

    def _prepared(self, transport: Transport) -> Transport:
        transport.pause, transport.clock, transport.spacing = self._pause, self._clock, self._spacing
        return transport

    def _present_name(self, transport: Transport, number: int, told: str, minted: Minted | None) -> str:
        """What a repository is called. An event that tells another name than is known is older or newer: then GitHub is asked."""
        known = self._names.get(number) or (minted.names.get(number) if minted else None)
        if known is None or known.lower() != told.lower():
            try:
                known = _repository(transport.send("GET", f"/repositories/{number}", needs={"metadata": "read"}).data).full_name
            except NotThere:
                raise NotInstalled("elsewhere", told) from None
        self._names.put(number, known)
        return known

    # --- who and where ---

    @property
    def deliveries(self) -> Deliveries | None:
        """What was sent to the App's webhook; None where there is no App."""
        return Deliveries(self._app.transport) if self._app else None

    def identity(self) -> Identity | None:
        """Who writes: the App's bot, as far as it is known before the first gateway; None for a token that was not used yet."""
        if self._identity is None and self._app is not None:
            return Identity(f"{self._app.slug()}[bot]", None, self._app.id)
        return self._identity

    def _bot(self, app: "_App", transport: Transport) -> Identity:
        login = f"{app.slug()}[bot]"
        with self._lock:
            if self._identity is None:
                try:
                    number = transport.send("GET", f"/users/{quote(login, safe='')}").data["id"]
                except NotThere:
                    number = None
                self._identity = Identity(login, number, app.id)
            return self._identity

    def installations(self) -> Iterator[Installation]:
        """All installations of the App, the suspended ones too; none without an App."""
        return self._app.installations.every() if self._app else iter(())

    def everywhere(self) -> Iterator[tuple[int | None, Repository]]:
        """Every repository that can be worked on, with the installation that reaches it; for a sweep.

        Without an App those that the token was made for; none for a person's token, which does not say.
        """
        if self._app is None:
            try:
                yield from ((None, found) for found in _listed(self._the_token()))
            except Forbidden:
                return
            return
        for each in self._app.installations.every():
            try:
                scope, _ = self._app.minted(each.id, LISTING, ())
            except NotInstalled:
                continue
            yield from ((each.id, found) for found in _listed(self._transport(self._app, scope)))

    def forget(self, installation: int) -> None:
        """What was known of an installation may be true no more: it was suspended, removed, or granted something else."""
        if self._app is not None:
            self._app.forget(installation)
        self._transports.drop(lambda scope, _: scope.installation == installation)


class _App:
    """The App itself: its name, its tokens, and what its installations were granted."""

    def __init__(self, number: int, transport: Transport, clock: Callable[[], float]) -> None:
        self.id, self.transport = number, transport
        self.tokens, self.installations = Tokens(transport, clock), Installations(transport)
        self._granted: Newest[int, Mapping[str, str]] = Newest(_INSTALLATIONS)
        self._covering: Newest[str, int] = Newest(_NAMES)
        self._slug = ""

    def slug(self) -> str:
        """The App's name in addresses; asked once. Raises UserProblem where GitHub does not know the App or its key."""
        if not self._slug:
            try:
                self._slug = str(as_the_app(lambda: self.transport.send("GET", "/app")).data["slug"])
            except NotThere:
                advice = "See that ASSAY_APP_ID is right and GITHUB_API_URL is the server that has it"
                raise UserProblem(f"GitHub knows no App {self.id}", "ASSAY_APP_ID", advice) from None
        return self._slug

    def covering(self, full_name: str) -> int:
        """The installation that reaches a repository."""
        name = full_name.lower()
        number = self._covering.get(name)
        if number is None:
            self.slug()
            number = self.installations.covering(full_name).id
            self._covering.put(name, number)
        return number

    def minted(
        self, installation: int, permissions: Mapping[str, str], repositories: tuple[int | str, ...]
    ) -> tuple[Scope, Minted]:
        """A token with what of the permissions was granted. What was not is learned when GitHub refuses the whole."""
        self.slug()
        granted = self._granted.get(installation)
        wanted = narrowed(permissions, granted) if granted is not None else dict(permissions)
        scope = Scope.of(installation, wanted, repositories)
        try:
            return scope, self.tokens.get(scope)
        except NotThere:
            raise NotInstalled("unknown", f"installation {installation}") from None
        except (Forbidden, Refused) as refused:
            less = narrowed(permissions, self._learned(installation))
            if less != wanted:
                return self.minted(installation, permissions, repositories)
            if isinstance(refused, Refused):
                raise NotInstalled("elsewhere", ", ".join(str(each) for each in repositories)) from None
            raise

    def _learned(self, installation: int) -> Mapping[str, str]:
        granted = self.installations.one(installation).permissions
        self._granted.put(installation, granted)
        return granted

    def forget(self, installation: int) -> None:
        """Ask anew for everything about an installation."""
        self.tokens.forget(installation)
        self._granted.drop(lambda number, _: number == installation)
        self._covering.drop(lambda _, number: number == installation)


def _counted(transport: Transport) -> Transport:
    """The same transport, counting one gateway's requests: its connections, memory, allowance and token stay shared."""
    return replace(transport, requests=0)


def _listed(transport: Transport) -> Iterator[Repository]:
    return map(_repository, transport.pages("/installation/repositories", "repositories"))


def _repository(data: Any) -> Repository:
    try:
        return Repository.of(data)
    except (KeyError, TypeError) as error:
        raise OutsideProblem(f"GitHub's answer lacks {error}", "repository", "See that GITHUB_API_URL is an API") from None
