"""Which repository, on which host, with which token: from CML's flags and a runner's environment. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from policy.problems import UserProblem

_NAME = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+\Z")
_TOKENS = ("REPO_TOKEN", "repo_token", "GITHUB_TOKEN", "GH_TOKEN")
_PUBLIC = "https://github.com"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to publish. `server` is what people open in a browser, `api` what programs talk to; neither ends in a slash."""

    repository: str
    server: str
    api: str
    token: str = field(repr=False)

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The environment that makes a gateway speak to this place, and to no other."""
        rest = {name: value for name, value in environ.items() if name not in ("GH_TOKEN", *_TOKENS)}
        return rest | {
            "GITHUB_TOKEN": self.token,
            "GITHUB_API_URL": self.api,
            "GITHUB_SERVER_URL": self.server,
            "GITHUB_REPOSITORY": self.repository,
        }

    def page(self, path: str) -> str:
        """The address of a page of this repository."""
        return f"{self.server}/{self.repository}/{path}"


def find(environ: Mapping[str, str], repo: str | None, token: str | None, driver: str | None) -> Place:
    """The place that flags and environment name. `repo` is an address or `owner/name`.

    Raises:
        UserProblem: no repository, no token, or a host that is not GitHub's.
    """
    if driver not in (None, "", "github"):
        raise UserProblem(f"Assay speaks to GitHub, not to {driver}", "--driver", "Keep CML for that repository")
    server = (environ.get("GITHUB_SERVER_URL") or _PUBLIC).rstrip("/")
    name = repo or environ.get("GITHUB_REPOSITORY") or ""
    if "://" in name:
        server, name = _split(name)
    if not _NAME.match(name):
        raise UserProblem(
            "no repository is named" if not name else f"{name!r} names no repository",
            "--repo",
            "Give --repo owner/name or its address; inside GitHub Actions GITHUB_REPOSITORY names it",
        )
    found = token or next((environ[each] for each in _TOKENS if environ.get(each)), "")
    if not found:
        raise UserProblem("there is no token", "GITHUB_TOKEN", "Add `env: {GITHUB_TOKEN: '${{ github.token }}'}` to the step")
    return Place(name, server, _api(server, environ), found)


def _split(address: str) -> tuple[str, str]:
    """Server and `owner/name` of an address. Credentials in it are dropped: a token comes by the environment."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserProblem("this is not the address of a repository", "--repo", "Give https://host/owner/name, or owner/name")
    host = parts.hostname + (f":{parts.port}" if parts.port else "")
    return f"{parts.scheme}://{host}", "/".join(parts.path.strip("/").removesuffix(".git").split("/")[:2])


def _api(server: str, environ: Mapping[str, str]) -> str:
    """The API beside a server: what the runner says where it is the runner's own server, GitHub's published rule otherwise."""
    own = (environ.get("GITHUB_SERVER_URL") or _PUBLIC).rstrip("/")
    if server == own and environ.get("GITHUB_API_URL"):
        return environ["GITHUB_API_URL"].rstrip("/")
    scheme, _, host = server.partition("://")
    if host == "github.com":
        return "https://api.github.com"
    if host.endswith(".ghe.com"):
        return f"{scheme}://api.{host}"
    return f"{scheme}://{host}/api/v3"
