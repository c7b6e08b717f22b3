"""Where the API is: github.com, an address of GitHub Enterprise Server, or a tenant of ghe.com."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from policy.problems import UserProblem

DEFAULT = "https://api.github.com"


def base_url(environ: Mapping[str, str]) -> str:
    """The API's address, without a slash at its end.

    `GITHUB_API_URL` wins; without it the address follows from `GITHUB_SERVER_URL`. Raises UserProblem for what is no address.
    """
    given = environ.get("GITHUB_API_URL") or _of_server(environ.get("GITHUB_SERVER_URL", ""))
    parts = urlsplit(given.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise UserProblem("not an address of an API", "GITHUB_API_URL", "Write it like https://github.example/api/v3")
    return given.strip().rstrip("/")


def _of_server(server: str) -> str:
    parts = urlsplit(server.strip().rstrip("/"))
    host = parts.netloc
    if not host or host == "github.com":
        return DEFAULT
    if parts.hostname and parts.hostname.endswith(".ghe.com"):
        return f"{parts.scheme}://api.{host}"
    return f"{parts.scheme}://{host}/api/v3"


def server_url(environ: Mapping[str, str]) -> str:
    """The address of the pages that people see, without a slash at its end: `GITHUB_SERVER_URL`, or what the API's leads to."""
    if given := environ.get("GITHUB_SERVER_URL", "").strip().rstrip("/"):
        return given
    parts = urlsplit(base_url(environ))
    tenant = parts.hostname is not None and parts.hostname.startswith("api.") and parts.path == ""
    return f"{parts.scheme}://{parts.netloc.removeprefix('api.') if tenant else parts.netloc}"


def belongs(url: str, base: str) -> bool:
    """Whether an address that an answer holds leads to the same API, so that the token may go there."""
    there, here = urlsplit(url), urlsplit(base)
    same = (there.scheme, there.hostname, _port(there.scheme, there.port)) == (
        here.scheme,
        here.hostname,
        _port(here.scheme, here.port),
    )
    return same and there.path.startswith(f"{here.path}/") and "/../" not in there.path


def _port(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)
