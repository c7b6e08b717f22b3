"""A thin client of an MLflow server: versions, tags, aliases, runs and their artifacts.

Every failure is a problem of one line. What a server or a library says is shortened, and no credential is ever in it.
"""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from policy.problems import OutsideProblem, Problem, UserProblem

_BOUNDS = {
    # MLflow's own defaults would let one request to a server that is away last for minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    # It would take over the logs of libraries that others of this process have set up.
    "MLFLOW_CONFIGURE_LOGGING": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
"""How MLflow's client behaves in this process, where the user says nothing else."""
_SECRETS = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_USERNAME", "DATABRICKS_TOKEN")
_PAGE = 200
_MOST_PAGES = 500
_MOST_FILES = 100_000
_FRAMES = ("pandas", "polars")
_NOT_THERE = ("RESOURCE_DOES_NOT_EXIST", "NOT_FOUND")
_NOT_ALLOWED = ("PERMISSION_DENIED", "UNAUTHENTICATED", "CUSTOMER_UNAUTHORIZED")
_NOT_VALID = ("INVALID_PARAMETER_VALUE", "BAD_REQUEST", "INVALID_STATE")
_CREDENTIALS = "Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"


@dataclass(frozen=True)
class Version:
    """One version of a model. `created` is in UTC; `run` is None where none is named, `by` is empty where nobody is."""

    model: str
    number: int
    created: datetime
    tags: Mapping[str, str]
    run: str | None
    source: str
    aliases: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class Run:
    """A run of the tracking server. `artifacts` is the address under which its artifacts lie."""

    id: str
    status: str
    tags: Mapping[str, str]
    artifacts: str


def load(lean: bool = False) -> Any:
    """MLflow's client, which takes more than a second to load. Raises UserProblem where it is not installed.

    `lean` saves a third of that, for a process that asks the registry and does nothing else with MLflow: what data frames take to
    load, which MLflow loads wherever they are installed, and does without where they are not.
    """
    for name, value in _BOUNDS.items():
        os.environ.setdefault(name, value)
    try:
        with _without(*_FRAMES if lean else ()):
            from mlflow import MlflowClient
    except ModuleNotFoundError as error:
        raise UserProblem(f"the registry needs {error.name}", "assay", "Install assay[registry]") from None
    logging.getLogger("mlflow").setLevel(logging.CRITICAL)  # what matters comes out as a problem
    return MlflowClient


@contextmanager
def _without(*packages: str) -> Iterator[None]:
    """Hide packages that are not loaded yet from what is imported meanwhile."""
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


class Registry:
    """The registry and the tracking server beside it, usually one server."""

    def __init__(self, tracking: str, registry: str, environ: Mapping[str, str], lean: bool = False) -> None:
        self.where = shown(registry)
        secrets = [environ.get(name, "") for name in _SECRETS]
        for each in (tracking, registry):
            parts = urlsplit(each)
            secrets += [parts.username or "", parts.password or ""]
        self._secrets = sorted({each for each in secrets if len(each) > 2}, key=len, reverse=True)
        client = load(lean)
        with self._told("opening the registry"):
            self._client: Any = client(tracking_uri=tracking, registry_uri=registry)

    @classmethod
    def connect(cls, environ: Mapping[str, str], uri: str | None = None, lean: bool = False) -> "Registry":
        """The registry that the environment names, else the one of `registry.uri`. Nothing is asked of it yet.

        The environment goes first, and where credentials are at hand it has to name the server they are for: a file, which a
        stranger's branch may have changed, sends them nowhere. `lean` as for `load`.

        Raises:
            UserProblem: none is named, or by a file alone for credentials, the address is not http(s), or mlflow is missing.
        """
        if uri and not environ.get("MLFLOW_TRACKING_URI") and (found := _credentials(environ)):
            what = f"only assay.yml says for which server {found} is meant"
            raise UserProblem(what, shown(uri), "Set MLFLOW_TRACKING_URI")
        tracking = environ.get("MLFLOW_TRACKING_URI") or uri
        registry = environ.get("MLFLOW_REGISTRY_URI") or tracking
        if not tracking or not registry:
            raise UserProblem("no registry is named", "MLFLOW_TRACKING_URI", "Set it, or `registry.uri` in assay.yml")
        for each in (tracking, registry):
            if urlsplit(each).scheme not in ("http", "https") or not urlsplit(each).hostname:
                raise UserProblem("this is not the address of an MLflow server", shown(each), "Write https://mlflow.example.org")
        return cls(tracking, registry, environ, lean)

    # Reading

    def versions(self, model: str) -> list[Version]:
        """Every version of a model with its aliases, in the order of their numbers; none where the model is not known."""
        aliases = self.aliases(model)
        found: list[Any] = []
        token: str | None = None
        with self._told(f"listing the versions of {model}"):
            for _ in range(_MOST_PAGES):
                page = self._client.search_model_versions(f"name='{_quoted(model)}'", max_results=_PAGE, page_token=token)
                found += [each for each in page if each.name == model]
                token = page.token
                if not token:
                    break
            else:
                raise OutsideProblem(f"{model} has more versions than can be read", self.where)
            versions = [_version(each, aliases) for each in found]
        return sorted(versions, key=lambda each: each.number)

    def version(self, model: str, number: int) -> Version | None:
        """One version; None where there is none."""
        with self._told(f"reading {model}@{number}"):
            found = self._unless_missing(self._client.get_model_version, model, str(number))
            return None if found is None else _version(found, dict.fromkeys(found.aliases, number))

    def aliases(self, model: str) -> dict[str, int]:
        """Where each alias of a model points to."""
        with self._told(f"reading {model}"):
            found = self._unless_missing(self._client.get_registered_model, model)
            return {} if found is None else {str(name): int(number) for name, number in found.aliases.items()}

    def run(self, run_id: str) -> Run | None:
        """One run; None where there is none."""
        with self._told(f"reading run {run_id[:40]}"):
            found = self._unless_missing(self._client.get_run, run_id)
            return None if found is None else _run(found)

    def runs(self, experiment: str, tags: Mapping[str, str]) -> list[Run]:
        """The runs of an experiment that carry all of these tags, the oldest first."""
        with self._told(f"looking for runs of {experiment}"):
            there = self._client.get_experiment_by_name(experiment)
            if there is None:
                return []
            wanted = " and ".join(f"tags.`{key}` = '{_quoted(value)}'" for key, value in tags.items())
            order = ["attributes.start_time ASC"]
            return [_run(each) for each in self._client.search_runs([there.experiment_id], wanted, order_by=order)]

    def steps(self, run_id: str, metric: str) -> set[int]:
        """The steps at which a metric of a run was written; none where it never was."""
        with self._told(f"reading {metric}"):
            return {int(each.step) for each in self._client.get_metric_history(run_id, metric)}

    def files(self, run_id: str, path: str) -> dict[str, int]:
        """The files under a path of a run's artifacts, from there on, with their sizes in bytes."""
        found: dict[str, int] = {}
        with self._told("listing the artifact"):
            waiting = [path]
            while waiting:
                for each in self._client.list_artifacts(run_id, waiting.pop()):
                    name = str(each.path)
                    if not name.startswith(f"{path}/") or len(found) > _MOST_FILES:
                        raise OutsideProblem("the registry lists more than the artifact", self.where)
                    if each.is_dir:
                        waiting.append(name)
                    else:
                        found[name.removeprefix(f"{path}/")] = int(each.file_size or 0)
        return found

    def read(self, run_id: str, path: str, limit: int) -> bytes | None:
        """A file of a run's artifacts; None where there is none. Raises OutsideProblem where it is larger than `limit` bytes."""
        folder, _, name = path.rpartition("/")
        size = self.files(run_id, folder).get(name)
        if size is None:
            return None
        with self._told(f"reading {path}"), tempfile.TemporaryDirectory(prefix="assay-artifact-") as scratch:
            if size > limit:
                raise OutsideProblem(f"{path} has {size:,} bytes, more than {limit:,}", self.where, "See who wrote it")
            return Path(self._client.download_artifacts(run_id, path, scratch)).read_bytes()

    def download(self, run_id: str, path: str, folder: Path) -> Path:
        """Bring what lies under a path of a run's artifacts into a folder, and say where it is there."""
        with self._told("downloading the artifact"):
            return Path(self._client.download_artifacts(run_id, path, str(folder)))

    # Writing

    def begin(self, experiment: str, name: str, tags: Mapping[str, str]) -> Run:
        """A new run, in an experiment that is made where it is missing."""
        with self._told("beginning a run"):
            there = self._client.get_experiment_by_name(experiment)
            if there is None:
                try:
                    number = self._client.create_experiment(experiment)
                except Exception as error:
                    if _code(error) != "RESOURCE_ALREADY_EXISTS":
                        raise
                    number = self._client.get_experiment_by_name(experiment).experiment_id
            else:
                number = there.experiment_id
            return _run(self._client.create_run(number, run_name=name, tags=dict(tags)))

    def upload(self, run_id: str, folder: Path, path: str) -> None:
        """Log everything in a folder under a path of a run's artifacts; what is there by the same name is replaced."""
        with self._told("uploading the artifact"):
            self._client.log_artifacts(run_id, str(folder), path)

    def measure(self, run_id: str, numbers: Mapping[str, float], *, step: int, at: datetime) -> None:
        """Write metrics of a run at one step: all of them, or none."""
        from mlflow.entities import Metric  # beside the client, which is loaded

        moment = int(at.timestamp() * 1000)
        with self._told("writing metrics"):
            self._client.log_batch(run_id, metrics=[Metric(name, value, moment, step) for name, value in numbers.items()])

    def finish(self, run_id: str) -> None:
        """Say that a run is complete."""
        with self._told("ending the run"):
            self._client.update_run(run_id, status="FINISHED")

    def create(self, model: str, run: Run, path: str, tags: Mapping[str, str], description: str = "") -> Version:
        """A new version whose source is a path of a run's artifacts; the model itself is made where it is missing."""
        with self._told(f"registering {model}"):
            try:
                self._client.create_registered_model(model)
            except Exception as error:
                if _code(error) != "RESOURCE_ALREADY_EXISTS":
                    raise
            source = f"{run.artifacts.rstrip('/')}/{path}"
            given: dict[str, Any] = {"tags": dict(tags), "description": description or None, "await_creation_for": 60}
            made = self._client.create_model_version(model, source, run_id=run.id, **given)
            return _version(made, {})

    def withdraw(self, version: Version) -> None:
        """Take back a version that was made a moment ago, and that another process had made too."""
        with self._told(f"withdrawing {version.model}@{version.number}"):
            self._client.delete_model_version(version.model, str(version.number))

    def set_tags(self, version: Version, tags: Mapping[str, str]) -> None:
        """Set tags of a version."""
        with self._told(f"tagging {version.model}@{version.number}"):
            for key, value in tags.items():
                self._client.set_model_version_tag(version.model, str(version.number), key, value)

    def point(self, model: str, alias: str, number: int) -> None:
        """Let an alias point to a version."""
        with self._told(f"moving {model}@{alias}"):
            self._client.set_registered_model_alias(model, alias, str(number))

    # Failures

    def _unless_missing(self, ask: Any, *given: Any) -> Any:
        try:
            return ask(*given)
        except Exception as error:
            if _code(error) in _NOT_THERE:
                return None
            raise

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        """Turn what MLflow raises into problems."""
        try:
            yield
        except Problem:
            raise
        except Exception as error:  # MLflow's, the HTTP client's, and those of what cannot be parsed have no common base
            raise self._problem(doing, error) from None

    def _problem(self, doing: str, error: Exception) -> Problem:
        code, said = _code(error), self._said(error)
        if code in _NOT_ALLOWED or re.search(r"\b(401|403)\b.{0,20}(!= 200|[Ee]rror)|error code 40[13]\b", str(error)):
            return UserProblem(f"{doing}: the registry does not allow it", self.where, _CREDENTIALS)
        if code == "ENDPOINT_NOT_FOUND" or "error code 404" in str(error):
            return UserProblem(f"{doing}: there is no MLflow server", self.where, "See that the address is right")
        if code in _NOT_VALID:
            return UserProblem(f"{doing}: the registry refuses it: {said}", self.where)
        if code in _NOT_THERE:
            return UserProblem(f"{doing}: the registry does not know it: {said}", self.where)
        if "timed out" in str(error) or "timeout" in str(error):
            return OutsideProblem(f"{doing}: the registry did not answer in time", self.where, "Try again")
        if found := re.search(r"error code (\d{3})|too many (\d{3}) error responses", str(error)):
            return OutsideProblem(f"{doing}: the registry answers {found[1] or found[2]}", self.where, "Try again")
        if "onnection" in str(error) or "Max retries" in str(error):
            return OutsideProblem(
                f"{doing}: the registry cannot be reached", self.where, "Check address and network, then try again"
            )
        return OutsideProblem(f"{doing}: {said}", self.where, "Try again")

    def _said(self, error: Exception) -> str:
        """What an error says, on one line of at most 200 characters, with every credential taken out."""
        text = " ".join(str(error).split()) or type(error).__name__
        for secret in self._secrets:
            text = text.replace(secret, "***")
        text = re.sub(r"://[^/\s'\"]*@", "://***@", text)
        return text[:200].rstrip(".")


def _credentials(environ: Mapping[str, str]) -> str | None:
    """Where MLflow would find credentials, and send them to whatever server it is pointed to."""
    named = next((name for name in (*_SECRETS, "MLFLOW_TRACKING_AUTH") if environ.get(name)), None)
    kept = Path(environ.get("HOME") or Path.home()) / ".mlflow/credentials"
    return named or ("~/.mlflow/credentials" if kept.is_file() else None)


def shown(address: str) -> str:
    """An address without what must not be shown: name, password, query."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))[:200]


def _code(error: Exception) -> str:
    return str(getattr(error, "error_code", ""))


def _quoted(text: str) -> str:
    """A name for a filter. What is registered has no quotes in its name (`policy.registry.is_model_name`)."""
    if "'" in text or "\\" in text:
        raise UserProblem("no registry has such a name", text[:80], "Leave quotes and backslashes out")
    return text


def _version(found: Any, aliases: Mapping[str, int]) -> Version:
    number = int(found.version)
    return Version(
        model=str(found.name),
        number=number,
        created=datetime.fromtimestamp((found.creation_timestamp or 0) / 1000, UTC),
        tags={str(key): str(value) for key, value in (found.tags or {}).items()},
        run=found.run_id or None,
        source=str(found.source or ""),
        aliases=tuple(sorted(name for name, target in aliases.items() if target == number)),
        by=str(found.user_id or ""),
    )


def _run(found: Any) -> Run:
    return Run(str(found.info.run_id), str(found.info.status), dict(found.data.tags), str(found.info.artifact_uri))
