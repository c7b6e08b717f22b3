"""GitHub Apps and their installations: made, installed, suspended, taken away. Routes and the scenes of tests use it."""

import secrets
from collections.abc import Mapping
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.loopback.state import Account, App, Hook, Installation, State, moment


def new_app(
    state: State, slug: str, owner: Account, events: list[str], permissions: Mapping[str, str], hook: Hook | None = None
) -> App:
    """An App with a key of its own; `state` does not know it yet."""
    key = _key(slug)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return App(
        id=state.next_id(),
        slug=slug,
        owner=owner,
        bot=state.account(f"{slug}[bot]", "Bot"),
        permissions={"metadata": "read", **permissions},
        events=events,
        private_key=private.decode(),
        public_key=public.decode(),
        name=slug,
        client_secret=secrets.token_hex(20),
        hook=hook,
    )


@cache
def _key(slug: str) -> rsa.RSAPrivateKey:
    """The key of an App, made once per name, because it takes a second at times."""
    return rsa.generate_private_key(65537, 2048)


def install(state: State, app: App, account: Account, repositories: list[str], granted: Mapping[str, str] | None) -> Installation:
    """Installs an App on repositories of an account, which grants all it asks for unless told otherwise."""
    permissions = {"metadata": "read", **(app.permissions if granted is None else granted)}
    made = Installation(state.next_id(), app.id, account, list(repositories), permissions)
    state.installations[made.id] = made
    return made


def suspend(installation: Installation, who: Account) -> None:
    """Suspends an installation: its tokens work no more, and no event is sent."""
    installation.suspended_at, installation.suspended_by = moment(), who


def unsuspend(installation: Installation) -> None:
    """Lets an installation work again."""
    installation.suspended_at = installation.suspended_by = None


def uninstall(state: State, installation: Installation) -> None:
    """Takes an installation away, and its tokens with it."""
    del state.installations[installation.id]
    for token in [one for one in state.tokens.values() if one.installation == installation.id]:
        del state.tokens[token.value]
