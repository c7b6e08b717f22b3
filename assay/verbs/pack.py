"""`assay audit pack`: everything that speaks for one promotion in one file, and whether such a file is sound."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assay import __version__
from policy.problems import UserProblem

if TYPE_CHECKING:
    from actions.evidence.gather import Gathered, Sources
    from actions.registry.client import Registry
    from policy.ledger import Checked
    from policy.lineage import Lineage
    from policy.pack import About

Walk = Callable[[Path, bool], "tuple[Checked, str]"]
"""Reads the ledger of a folder, perhaps offline: how far it holds, and the commit at its tip."""


def run(
    walk: Walk, name: str | None, out: Path, check: Path | None, key: Path | None, sign: bool, facts: Path | None, offline: bool,
    as_json: bool, folder: Path,
) -> int:  # fmt: skip
    """Make a pack, or look at one."""
    if (name is None) == (check is None):
        raise UserProblem(
            "name what the pack is about, or a pack to look at", "assay audit pack", "See `assay audit pack --help`"
        )
    return verify(check, key, as_json) if check else make(walk, name or "", out, key, sign, facts, offline, as_json, folder)


def verify(path: Path, key: Path | None, as_json: bool) -> int:
    """Hold a pack against its own statement, and its signature against a key."""
    from actions.evidence import archive, signing
    from policy import pack
    from reports.markdown import visible

    files = archive.read(path)
    fault = signing.fault(files, key) or pack.fault(files)
    by = signing.signers(files)
    missing = [] if fault else [each.part.value for each in pack.read(files[pack.STATEMENT]).predicate.parts if each.missing]
    if as_json:
        told = {"fault": fault, "files": len(files), "signed_by": by, "checked_with_key": key is not None, "missing": missing}
        typer.echo(json.dumps(told))
    elif fault:
        typer.echo(f"{visible(path.name)} does not hold at {visible(fault)}")
    else:
        typer.echo(f"{visible(path.name)} holds: {len(files)} files; {_signed(by, key)}{_gaps(missing)}")
    return 1 if fault else 0


def make(
    walk: Walk, name: str, out: Path, key: Path | None, sign: bool, facts: Path | None, offline: bool, as_json: bool, folder: Path
) -> int:  # fmt: skip
    """Gather the parts, write the pack, and say what is missing."""
    from actions.evidence import archive, gather, signing
    from actions.repository import Repository
    from policy import pack
    from reports import pack_page
    from reports.markdown import visible

    signing.envelope(b"", key)  # a key that does not sign is told before anything is asked of others
    found, tip, no_ledger = _ledger(walk, folder, offline)
    try:
        about = pack.about(name, found.entries if found else ())
    except ValueError as error:
        raise UserProblem(str(error), name[:100], no_ledger or "Write 12, entry:7, a hash or MODEL@VERSION") from None
    registry, lineage, no_registry = _registry(about, folder)
    about = _numbered(about, lineage)
    raw = _bytes(facts) if facts else None
    with Repository.open(folder) as repository:
        sources = gather.Sources(found, no_ledger, lineage, registry, no_registry, repository, raw, str(facts or ""))
        gathered = gather.gather(about, sources)
    if not gathered.dvc:
        raise UserProblem(
            "nobody knows the digest of the model, so nothing can be said of it", about.name, no_registry or no_ledger
        )
    page = pack_page.render(about, gathered.pieces, gathered.facts, gathered.verdict, gathered.dvc).encode()
    statement = pack.write(_statement(about, gathered, sources, tip, page))
    files = {path: raw for each in gathered.pieces for path, raw in each.files.items()}
    files |= {pack.INDEX: page, pack.STATEMENT: statement, pack.ENVELOPE: signing.envelope(statement, key)}
    if sign:
        files[pack.BUNDLE] = signing.with_identity(statement)
    _write(out, archive.write(files))
    missing = [each.part.value for each in gathered.pieces if not each.there]
    broken = found.fault if found else None
    by = signing.signers(files)
    if as_json:
        told = {
            "out": str(out),
            "about": about.name,
            "signed_by": by,
            "missing": missing,
            "digest": gathered.sha256 or gathered.dvc,
        }
        typer.echo(json.dumps(told))
    else:
        typer.echo(f"{out}: {len(files)} files about {about.name}; {_signed(by, key)}{_gaps(missing)}")
    if broken:
        typer.echo(f"assay: the ledger does not hold at {visible(str(broken))}", err=True)
    return 1 if broken else 0


def _statement(about: "About", gathered: "Gathered", sources: "Sources", tip: str, page: bytes) -> Any:
    from policy import pack

    origin = sources.origin
    return pack.Statement(
        subject=(pack.subject(about.name, gathered.dvc, gathered.sha256),),
        predicate=pack.Predicate(
            assay=__version__,
            model=pack.Model(name=about.model, version=str(about.version or ""), dvc=gathered.dvc),
            issue=about.issue,
            code=origin.code_sha if origin else "",
            facts=origin.facts_digest if origin else "",
            policy=origin.policy_digest if origin else "",
            ledger=sources.found.head if sources.found else "",
            commit=tip,
            parts=tuple(pack.listed(each) for each in gathered.pieces),
            index=pack.file(pack.INDEX, page),
        ),
    )


def _ledger(walk: Walk, folder: Path, offline: bool) -> "tuple[Checked | None, str, str]":
    """The ledger, or why there is none; what the world keeps from us is no gap and ends the work."""
    try:
        found, tip = walk(folder, offline)
    except UserProblem as problem:
        return None, "", problem.what
    return found, tip, ""


def _registry(about: "About", folder: Path) -> "tuple[Registry | None, Lineage | None, str]":
    from actions.registry.client import Registry
    from actions.registry.history import lineage_of
    from assay.verbs.lineage import uri

    where = uri(folder)
    if not where and not os.environ.get("MLFLOW_TRACKING_URI"):
        return None, None, "no registry is named: set MLFLOW_TRACKING_URI, or `registry.uri` in assay.yml"
    registry = Registry.connect(os.environ, where)
    return registry, lineage_of(registry, about.name), ""


def _numbered(about: "About", lineage: "Lineage | None") -> "About":
    from policy.pack import About

    if about.version is None and lineage is None:
        raise UserProblem(
            "only a registry knows where an alias points to", about.name, "Set MLFLOW_TRACKING_URI, or name a version"
        )
    return about if lineage is None else About(about.model, lineage.step.version, about.alias, about.issue)


def _signed(by: list[str], key: Path | None) -> str:
    if not by:
        return "unsigned, so anybody could have made it"
    from reports.markdown import visible

    return f"signed by {visible(', '.join(by))}{'' if key else ' (not checked: no --key)'}"


def _gaps(missing: list[str]) -> str:
    return f"; not evidenced: {', '.join(missing)}" if missing else ""


def _bytes(path: Path) -> bytes:
    from policy.facts.record import MAX_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserProblem(f"it cannot be read ({error.strerror})", str(path), "Name a facts.json with --facts") from None


def _write(out: Path, raw: bytes) -> None:
    try:
        out.write_bytes(raw)
    except OSError as error:
        raise UserProblem(f"cannot write ({error.strerror})", str(out), "Name another file with --out") from None
