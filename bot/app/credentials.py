"""What GitHub gives once, when an App is made: kept in a file that nobody else may read, and shown nowhere."""

import base64
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.gateway.address import DEFAULT
from policy.problems import OutsideProblem, UserProblem


@dataclass(frozen=True)
class Credentials:
    """An App that was just made. `page` is where it can be installed."""

    app_id: int
    slug: str
    page: str
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    """Empty where GitHub made none."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    """What people sign in to the pages by."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Credentials":
        """From what the exchange of a manifest's code gives."""
        try:
            page = str(data["html_url"]).rstrip("/")
            hook, client, secret = (str(data.get(name) or "") for name in ("webhook_secret", "client_id", "client_secret"))
            return cls(int(data["id"]), str(data["slug"]), page, str(data["pem"]), hook, client, secret)
        except (KeyError, TypeError, ValueError, AttributeError):
            # The problem names no value: among them are secrets.
            raise OutsideProblem("GitHub's answer is not that of a new App", "app-manifests", "See GITHUB_API_URL") from None

    def lines(self, base: str) -> str:
        """As an environment file: for `docker run --env-file`, compose's `env_file`, systemd's EnvironmentFile, or `set -a`."""
        key = base64.b64encode(self.private_key.encode()).decode()
        found = [
            f"# The GitHub App {self.slug}. Whoever has these can act as it: keep them to yourself.",
            f"ASSAY_APP_ID={self.app_id}",
            f"ASSAY_APP_SLUG={self.slug}",
            f"ASSAY_PRIVATE_KEY={key}",
        ]
        if self.webhook_secret:
            found.append(f"ASSAY_WEBHOOK_SECRET={self.webhook_secret}")
        if self.client_id and self.client_secret:
            found += [f"ASSAY_CLIENT_ID={self.client_id}", f"ASSAY_CLIENT_SECRET={self.client_secret}"]
        if base != DEFAULT:
            found.append(f"GITHUB_API_URL={base}")
        return "\n".join(found) + "\n"


def place(path: Path) -> Path:
    """Where credentials can be kept. Raises UserProblem where something is there already, or nothing can be written.

    Asked before an App is made: GitHub gives its key only once.
    """
    if path.exists() or path.is_symlink():
        raise UserProblem("there is something already, and a key would be lost", str(path), "Name another file with --out")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UserProblem("cannot write there", str(path.parent), "Name another file with --out")
    return path


def write(path: Path, credentials: Credentials, base: str) -> None:
    """Write them whole, for the owner's eyes only from the first byte on; what is there already stays.

    Raises UserProblem where that cannot be done; they lie beside `path` then, and the problem says where, if anything could be
    written.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(credentials.lines(base))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise UserProblem(f"cannot write the credentials ({error.strerror})", str(path), _LOST) from None
    try:
        os.link(beside, path)  # unlike a rename, this never replaces what somebody put there meanwhile
    except OSError as error:
        raise UserProblem(f"cannot write the credentials ({error.strerror})", str(path), f"They are in {beside}") from None
    beside.unlink()


_LOST = "Make a new private key on the App's page"
