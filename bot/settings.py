"""What the service is told: `ASSAY_*` in the environment, secrets from files, and a file for the rest.

The environment wins over `*_FILE`, which wins over the file that ASSAY_SETTINGS names (TOML or YAML, the same names in lower
case and without ASSAY_). Secrets are SecretStr, so that no repr shows them, and a problem never quotes what was given.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.app.key import PrivateKey
from bot.gateway import address
from policy.problems import UserProblem

Role = Literal["web", "worker", "both"]
DATABASE = "sqlite:///assay.sqlite3"
"""Where work in hand is remembered unless a database is named: one file in the working directory."""
SHORTEST = 16
"""Characters that a webhook secret has at least."""
SHORTEST_KEY = 32
"""Characters that a key of sessions has at least."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_WELL_KNOWN = (
    "development", "changeme", "change-me", "secret", "password", "webhook", "example", "test", "admin", "default", "github",
    "assay", "it's a secret to everybody", "0123456789abcdef", "1234567890123456", "your-webhook-secret", "my-webhook-secret",
    "replace-me-please", "webhook-secret-here",
)  # fmt: skip
_UNPREFIXED = ("github_token", "github_api_url", "github_server_url")
"""What is known everywhere by a name without ASSAY_."""


class Settings(BaseSettings):
    """The settings of the service. Read them with `load`, which tells what is wrong in plain words."""

    model_config = SettingsConfigDict(
        env_prefix="ASSAY_", extra="forbid", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    webhook_secret: SecretStr = SecretStr("")
    """What GitHub signs deliveries with."""
    webhook_secret_old: SecretStr = SecretStr("")
    """The secret before, while one is replaced by another: both are accepted."""
    mlflow_webhook_secret: SecretStr = SecretStr("")
    """What MLflow signs its deliveries with; without it none are taken in."""
    mlflow_webhook_secret_old: SecretStr = SecretStr("")
    """The secret before, while one is replaced by another."""
    app_id: int | None = Field(default=None, gt=0)
    app_slug: str = ""
    """The App's name in addresses, such as `assay` in github.com/apps/assay."""
    private_key: SecretStr = SecretStr("")
    """The App's private key, PEM."""
    github_token: SecretStr = Field(default=SecretStr(""), validation_alias="github_token")
    """A token in place of an App, for trying it out."""
    github_api_url: str = Field(default=address.DEFAULT, validation_alias="github_api_url")
    github_server_url: str = Field(default="", validation_alias="github_server_url")
    """The address of the pages that people see, where it does not follow from the API's."""
    database_url: SecretStr = SecretStr(DATABASE)
    """SQLite or PostgreSQL. Secret, because it may hold a password."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    role: Role = "both"
    workers_concurrency: int = Field(default=64, ge=1, le=512)
    """Deliveries that each process handles at a time; never two of one pull request. The process started last says it for all."""
    poll_seconds: float = Field(default=0.1, ge=0.005, le=60)
    """How often a worker looks for work; at each look it takes up as many deliveries as it may handle at a time."""
    max_queue: int = Field(default=10_000, ge=1)
    """Deliveries that may wait; when there are more, GitHub is told 503 and the recovery of missed deliveries finds them."""
    max_body: int = Field(default=25 * 1024 * 1024, ge=1024)
    """Bytes of a delivery at most. GitHub's own maximum is 25 MB."""
    retry_attempts: int = Field(default=5, ge=1, le=20)
    """Attempts at one delivery in a row where GitHub fails; then it waits its turn again."""
    retry_seconds: float = Field(default=2.0, gt=0, le=600)
    """The wait before the second attempt; it doubles with each."""
    retry_rounds: int = Field(default=8, ge=1, le=50)
    """How often a delivery waits its turn again before it ends as failed."""
    debounce_seconds: float = Field(default=2.0, ge=0, le=300)
    """Pushes to one branch or pull request within this time are handled as one, the newest."""
    lease_seconds: float = Field(default=15.0, ge=0.5, le=600)
    """A worker that was not heard of for so long is dead: others take over its work."""
    shutdown_seconds: float = Field(default=20.0, ge=0, le=600)
    """How long handlers at work may take to end after SIGTERM."""
    freshness_hours: float = Field(default=72.0, gt=0)
    """A comment older than this is recorded, not executed."""
    retention_days: float = Field(default=7.0, ge=1)
    """How long a delivery is remembered, and so how long a captured body has no second effect."""
    missed_minutes: float = Field(default=10.0, gt=0)
    """How often GitHub is asked for deliveries that failed."""
    sweep_minutes: float = Field(default=30.0, gt=0)
    """How often open pull requests are reconciled."""
    registry_repository: str = ""
    """The repository, as owner/name, whose models lie in the registry that MLFLOW_TRACKING_URI names. Who comments in another one
    is told nothing of it."""
    allow_github_only: bool = False
    """Accept deliveries only from the addresses that GitHub's /meta names."""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses or networks, with commas between, of proxies whose X-Forwarded-For is believed."""
    client_id: str = ""
    """The App's client id, by which people sign in to the pages."""
    client_secret: SecretStr = SecretStr("")
    """The App's client secret."""
    public_url: str = ""
    """The service's own address as people's browsers know it, such as https://assay.example."""
    session_key: SecretStr = SecretStr("")
    """What sessions of the pages are sealed with; another one signs everybody out."""
    operators: Annotated[tuple[str, ...], NoDecode] = ()
    """Who may see deliveries: numeric ids of accounts or logins, with commas between. An id stays when a login is given up."""
    prefix: bool = False
    """Whether only `/assay name` is a command, and not `/name`."""
    write_spacing: float = Field(default=1.0, ge=0, le=60)
    """The least number of seconds between two writes of one installation, as GitHub asks for."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, given: str) -> str:
        parts = urlsplit(given)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username
        if given and (wrong or parts.path not in ("", "/")):
            raise ValueError("write it like https://assay.example, without a path")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError("only an address of this very machine may do without https")
        usual = ":443" if parts.scheme == "https" else ":80"
        return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}" if given else ""

    @field_validator("session_key")
    @classmethod
    def _is_long(cls, given: SecretStr) -> SecretStr:
        text = given.get_secret_value()
        if text and (len(text) < SHORTEST_KEY or len(set(text)) < 6):
            raise ValueError(
                f"it has fewer than {SHORTEST_KEY} characters, or repeats a few; set what `openssl rand -hex 32` prints"
            )
        return given

    @field_validator("trusted_proxies", "operators", mode="before")
    @classmethod
    def _split(cls, given: Any) -> Any:
        return tuple(each.strip() for each in given.split(",") if each.strip()) if isinstance(given, str) else given

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for each in given:
            ip_network(each, strict=False)
        return given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, the environment, files of secrets, the settings file."""
        return (
            init_settings,
            env_settings,
            InitSettingsSource(settings_cls, _from_secret_files(os.environ)),
            InitSettingsSource(settings_cls, _from_settings_file(os.environ)),
        )

    @property
    def secrets(self) -> dict[str, bytes]:
        """The secrets that deliveries may be signed with, by the name of their slot."""
        return _given(current=self.webhook_secret, old=self.webhook_secret_old)

    @property
    def registry_secrets(self) -> dict[str, bytes]:
        """The secrets that the registry's deliveries may be signed with, by the name of their slot; empty where none is taken."""
        return _given(mlflow=self.mlflow_webhook_secret, mlflow_old=self.mlflow_webhook_secret_old)

    @property
    def app(self) -> bool:
        """Whether there is a GitHub App to act as."""
        return self.app_id is not None and bool(self.private_key.get_secret_value().strip())

    @property
    def server(self) -> str:
        """The address of GitHub's pages, without a slash at its end."""
        return address.server_url({"GITHUB_API_URL": self.github_api_url, "GITHUB_SERVER_URL": self.github_server_url})

    @property
    def freshness(self) -> timedelta:
        """The age at which a comment is too old to be executed."""
        return timedelta(hours=self.freshness_hours)

    @property
    def unset_for_pages(self) -> list[str]:
        """What has to be set before there are pages; nothing where all is."""
        needed = {
            "ASSAY_CLIENT_ID": self.client_id,
            "ASSAY_CLIENT_SECRET": self.client_secret.get_secret_value(),
            "ASSAY_PUBLIC_URL": self.public_url,
            "ASSAY_SESSION_KEY": self.session_key.get_secret_value(),
        }
        return [name for name, value in needed.items() if not value.strip()]

    def every_secret(self) -> list[str]:
        """Everything that may never be printed, for the filter of the logs."""
        fields = {name for name, info in type(self).model_fields.items() if info.annotation is SecretStr} - {"database_url"}
        held = [getattr(self, name) for name in sorted(fields)]
        password = urlsplit(self.database_url.get_secret_value()).password or ""
        return [found for each in (*(secret.get_secret_value() for secret in held), password) if (found := each.strip())]


def _given(**secrets: SecretStr) -> dict[str, bytes]:
    return {slot: secret.get_secret_value().encode() for slot, secret in secrets.items() if secret.get_secret_value()}


def load(**given: Any) -> Settings:
    """The settings, those `given` winning over all. Raises UserProblem for what is wrong, webhook secrets included (WH-09)."""
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise UserProblem("; ".join(_fault(each) for each in error.errors()), "settings", "See `assay serve --help`") from None
    address.base_url({"GITHUB_API_URL": settings.github_api_url})
    _refuse_weak(settings)
    if settings.private_key.get_secret_value().strip():
        PrivateKey.parse(settings.private_key.get_secret_value())
    return settings


def missing(settings: Settings) -> list[str]:
    """What is not configured and what that means, a line each; nothing where all is."""
    lines = []
    if not settings.app:
        lacking = [
            name
            for name, there in (("ASSAY_APP_ID", settings.app_id), ("ASSAY_PRIVATE_KEY", settings.private_key.get_secret_value()))
            if not there
        ]
        instead = (
            "GITHUB_TOKEN stands in for it" if settings.github_token.get_secret_value() else "nothing can be read or written"
        )
        lines.append(f"no GitHub App ({' and '.join(lacking)} not set): {instead}; `assay app create` makes one")
    elif not settings.app_slug:
        lines.append("ASSAY_APP_SLUG is not set: comments of our own are told by their App's id alone")
    if settings.client_id and settings.unset_for_pages:
        lines.append(f"no pages ({' and '.join(settings.unset_for_pages)} not set): the service only takes deliveries")
    if settings.database_url.get_secret_value().startswith("sqlite"):
        lines.append("no database server: work is kept in an SQLite file, so one machine only; set ASSAY_DATABASE_URL for more")
    return lines


def _from_secret_files(environ: Mapping[str, str]) -> dict[str, str]:
    """What `ASSAY_..._FILE` and `GITHUB_TOKEN_FILE` name, without the newline at its end."""
    found = {}
    for field, info in Settings.model_fields.items():
        if info.annotation is not SecretStr:
            continue
        name = field.upper() if field in _UNPREFIXED else f"ASSAY_{field.upper()}"
        if path := environ.get(f"{name}_FILE"):
            if environ.get(name):
                raise UserProblem("given twice", name, f"Set {name} or {name}_FILE, not both")
            found[field] = _read(Path(path), f"{name}_FILE").rstrip("\r\n")
    return found


def _from_settings_file(environ: Mapping[str, str]) -> dict[str, Any]:
    given = environ.get("ASSAY_SETTINGS")
    if not given:
        return {}
    path, text = Path(given), _read(Path(given), "ASSAY_SETTINGS")
    try:
        if path.suffix == ".toml":
            found: Any = tomllib.loads(text)
        elif path.suffix in (".yaml", ".yml"):
            found = yaml.safe_load(text) or {}
        else:
            raise UserProblem("not a kind of settings file that is known", given, "Name it .toml, .yaml or .yml")
    except (tomllib.TOMLDecodeError, yaml.YAMLError) as error:
        # The parsers quote the line, which may hold a secret; the place is enough.
        mark = getattr(error, "problem_mark", None)
        place = f"{given}:{mark.line + 1}" if mark else given
        raise UserProblem(f"cannot be read as {path.suffix[1:].upper()}", place, "Mend the file") from None
    if not isinstance(found, dict):
        raise UserProblem("holds no names with values", given, "Write it like `max_queue = 10000`")
    return found


def _read(path: Path, name: str) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise UserProblem(f"cannot read {path} ({reason})", name, "Name a file that the service may read") from None


def _fault(error: Any) -> str:
    """One finding of pydantic's, by the name that the reader wrote; never the value."""
    field = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return f"`{field}` is no setting"
    name = field.upper() if field in _UNPREFIXED else f"ASSAY_{field.upper()}"
    return f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _refuse_weak(settings: Settings) -> None:
    for name, secret, sender in (
        ("ASSAY_WEBHOOK_SECRET", settings.webhook_secret, "GitHub"),
        ("ASSAY_WEBHOOK_SECRET_OLD", settings.webhook_secret_old, "GitHub"),
        ("ASSAY_MLFLOW_WEBHOOK_SECRET", settings.mlflow_webhook_secret, "MLflow"),
        ("ASSAY_MLFLOW_WEBHOOK_SECRET_OLD", settings.mlflow_webhook_secret_old, "MLflow"),
    ):
        text = secret.get_secret_value()
        if not text and name != "ASSAY_WEBHOOK_SECRET":
            continue
        if fault := _weakness(text):
            advice = f"Set it to what `openssl rand -hex 32` prints, here and at {sender}"
            raise UserProblem(f"the webhook secret {fault}", name, advice)
    if settings.registry_secrets and not settings.registry_repository:
        what = "nobody knows which repository the models of the registry are of"
        raise UserProblem(what, "ASSAY_REGISTRY_REPOSITORY", "Set it to owner/name, or leave ASSAY_MLFLOW_WEBHOOK_SECRET out")


def _weakness(secret: str) -> str:
    """Why anybody could sign in GitHub's name with this; empty where nobody can."""
    bare = secret.strip().lower()
    if not bare:
        return "is empty"
    if bare in _WELL_KNOWN or any(bare == word * (len(bare) // len(word)) for word in _WELL_KNOWN):
        return "is well known"
    if len(secret.strip()) < SHORTEST:
        return f"has fewer than {SHORTEST} characters"
    if len(set(bare)) < 6:
        return "repeats a few characters"
    return ""


def key_is_usable(settings: Settings) -> bool:
    """Whether the App's private key can sign."""
    try:
        PrivateKey.parse(settings.private_key.get_secret_value())
    except UserProblem:
        return False
    return True
