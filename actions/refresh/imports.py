"""The imports of a repository: which are asked for, whether they stand still, and what their `.dvc` files say of versions."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import yaml

from actions.repository import Out, Repository
from policy.problems import UserProblem
from policy.refresh import MOST, ImportVersion

_ETAGS = ("etag", "checksum", "version_id")


def choose(repository: Repository, names: Sequence[str]) -> list[Out]:
    """The imports with these paths or `.dvc` files, or all of them, each as it was committed.

    Raises:
        UserProblem: there is none, one is not known, or its `.dvc` file or data was altered and would be lost.
    """
    imports = sorted((out for out in repository.outs() if out.kind == "import"), key=lambda out: out.path)
    if not imports:
        raise UserProblem("no data was imported here", "", "Import some with `dvc import` or `dvc import-url`")
    unknown = [name for name in names if not any(name in (out.path, out.file) for out in imports)]
    if unknown:
        known = ", ".join(out.path for out in imports[:20])
        raise UserProblem(f"no import is called {unknown[0]!r}", "", f"Name one from the top of the repository: {known}")
    chosen = [out for out in imports if not names or {out.path, out.file}.intersection(names)]
    if len(chosen) > MOST:
        raise UserProblem(f"{len(chosen)} imports are more than {MOST:,}", "", "Name those that are to be refreshed")
    for out in chosen:
        _must_stand_still(repository, out)
    return chosen


def _must_stand_still(repository: Repository, out: Out) -> None:
    """An update would put other bytes in the place of what nobody has committed."""
    if not out.cached:
        raise UserProblem("git keeps this import, and only one in DVC's cache can be put back", out.file, "Remove `cache: false`")
    if repository.read(out.file) != repository.read(out.file, "HEAD"):
        raise UserProblem("the import is not as it was committed", out.file, f"Commit it, or `git checkout -- {out.file}`")
    here = repository.tracked(out.path)
    if here is not None and out.digest is not None and here.digest != out.digest:
        cure = f"`dvc checkout {out.path}` puts it back, `dvc unprotect` and another path keeps yours"
        raise UserProblem("the data is not what its import recorded", out.path, cure)


def version(raw: bytes, out: Out) -> ImportVersion:
    """What a `.dvc` file says of the version of its out."""
    dependency = _dependency(raw)
    repo = dependency.get("repo")
    revision = repo.get("rev_lock") if isinstance(repo, dict) else None
    etag = next((dependency[name] for name in _ETAGS if dependency.get(name)), None)
    return ImportVersion(digest=out.digest, size=out.size, revision=_named(revision), etag=_named(etag))


def source(raw: bytes) -> str:
    """Where a `.dvc` file says that its data comes from, without a password in the address."""
    dependency = _dependency(raw)
    path, repo = str(dependency.get("path") or ""), dependency.get("repo")
    if isinstance(repo, dict) and repo.get("url"):
        rev = f" at {repo['rev']}" if repo.get("rev") else ""
        return f"{without_password(str(repo['url']))}: {path}{rev}"[:2_000]
    return without_password(path)[:2_000]


def without_password(address: str) -> str:
    """An address without who one is there; what is no address stays."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not parts.scheme or "@" not in parts.netloc:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _dependency(raw: bytes) -> Mapping[str, Any]:
    """The one dependency of an import. DVC has read the file before us."""
    read = yaml.safe_load(raw)
    deps = read.get("deps") if isinstance(read, dict) else None
    return deps[0] if isinstance(deps, list) and deps and isinstance(deps[0], dict) else {}


def _named(value: object) -> str | None:
    return str(value)[:500] if value else None
