"""Signing in with GitHub: OAuth's code flow with state and PKCE, by Authlib."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from bot.pages.access import impatient
from bot.pages.sessions import Person
from policy.problems import OutsideProblem, UserProblem

_SECONDS = 10
_HOW = "client_secret_post"
"""GitHub takes the secret in the form only."""
_AGAIN = "Sign in once more"


@dataclass(frozen=True)
class Begun:
    """A sign-in that began: where the browser goes, and what has to come back with it."""

    address: str
    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Token:
    """A token by which GitHub is asked for a person. `seconds` is how long it lasts, None where GitHub does not say."""

    value: str = field(repr=False)
    seconds: int | None


class SigningIn:
    """Sign-ins with one App. `server` is the address of GitHub's pages, `base` that of its API, `callback` ours."""

    def __init__(self, server: str, base: str, client_id: str, client_secret: str, callback: str) -> None:
        self._server, self._base, self._callback = server, base, callback
        self._client_id, self._client_secret = client_id, client_secret

    def begin(self) -> Begun:
        """A new sign-in. Nothing is asked of GitHub yet."""
        verifier = secrets.token_urlsafe(48)
        with self._client() as client:
            address, state = client.create_authorization_url(
                f"{self._server}/login/oauth/authorize", state=secrets.token_urlsafe(32), code_verifier=verifier
            )
        return Begun(address, state, verifier)

    def token(self, code: str, verifier: str) -> Token:
        """The token for a code that came back.

        Raises:
            UserProblem: GitHub does not take the code; it is over, or of another sign-in.
            OutsideProblem: GitHub does not answer, or with something else.
        """
        try:
            with self._client() as client:
                found: Any = client.fetch_token(
                    f"{self._server}/login/oauth/access_token",
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=self._callback,
                    headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"},
                    allow_redirects=False,
                )
        except OAuthError as error:
            raise _refused(str(error.error)) from None
        except (requests.RequestException, OSError, ValueError) as error:
            raise OutsideProblem(f"GitHub does not answer ({type(error).__name__})", "signing in", _AGAIN) from None
        value, seconds = found.get("access_token"), found.get("expires_in")
        if not isinstance(value, str) or not value or str(found.get("token_type", "")).lower() != "bearer":
            raise OutsideProblem("GitHub's answer holds no token", "signing in", "See GITHUB_SERVER_URL")
        return Token(value, int(seconds) if isinstance(seconds, int) and seconds > 0 else None)

    def person(self, token: Token) -> Person:
        """Whose token it is. Raises OutsideProblem or UserProblem, as the gateway does."""
        data = impatient(self._base, token.value).send("GET", "/user").data
        try:
            return Person(int(data["id"]), str(data["login"]))
        except (KeyError, TypeError, ValueError):
            raise OutsideProblem("GitHub does not say who it is", "signing in", "See GITHUB_API_URL") from None

    def _client(self) -> Any:
        return OAuth2Session(
            client_id=self._client_id,
            client_secret=self._client_secret,
            token_endpoint_auth_method=_HOW,
            code_challenge_method="S256",
            redirect_uri=self._callback,
            default_timeout=_SECONDS,
        )


def _refused(error: str) -> UserProblem:
    """GitHub's error codes, of which only those that we know are said."""
    if error == "incorrect_client_credentials":
        return UserProblem(
            "GitHub does not know the App's client secret", "ASSAY_CLIENT_SECRET", "Make a new one on the App's page"
        )
    if error == "redirect_uri_mismatch":
        return UserProblem(
            "GitHub does not know our address", "ASSAY_PUBLIC_URL", "Add its /login/callback to the App's callback URLs"
        )
    return UserProblem("GitHub does not take the code", "signing in", _AGAIN)
