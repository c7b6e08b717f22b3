"""`assay audit`: the ledger of decisions verified, listed and exported, the evidence for one, and a look at the registry."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from assay.options import Folder, Json
from policy.problems import UserProblem

if TYPE_CHECKING:
    from policy.ledger import Checked, Fault

group = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Verify the ledger of decisions, list it, export it, or pack the evidence for one; look whether anything went around "
    "the process.\n\nThe ledger is the branch `assay-ledger`, fetched from `origin`.\n\n"
    "Examples: `assay audit verify`, `assay audit log`, `assay audit pack 12`, `assay audit watch`.",
)
_Offline = Annotated[bool, typer.Option("--offline", help="Read what was fetched last; ask no remote.")]
_Since = Annotated[str, typer.Option("--since", help="Only entries from this day or moment on, in ISO 8601 (UTC).")]
_OFFLINE = "--offline asks nobody"
_Model = Annotated[str, typer.Option("--model", help="Only entries about this model.")]


@group.command()
def verify(
    expect: Annotated[str, typer.Option(help="What you kept elsewhere: HASH of a commit or entry, or HASH:COUNT.")] = "",
    author: Annotated[list[str] | None, typer.Option(help="Only commits by this address are the ledger's own.")] = None,
    offline: _Offline = False,
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Walk the ledger from its first entry, and name the first thing that does not fit.

    Looks at the chain, at each file, at the history of the branch, and derives each approval and promotion again from what it
    rests on. Where `MLFLOW_TRACKING_URI` names a registry, its aliases have to be where the last promotions moved them; where
    `GITHUB_REPOSITORY` and `GITHUB_TOKEN` name a repository, each promotion has its deployment there, and no later one is
    untold. What was not compared is said. That the end was cut off shows only against `--expect`, or against what this clone
    fetched before.

    Examples: `assay audit verify`, `assay audit verify --expect 4f0c...:128`, `assay audit verify --json`.
    """
    found, tip = checked(folder, offline, expect, author or (), derive=True)
    count, fault = len(found.entries), found.fault
    left = {"registry": "the ledger itself does not hold", "deployments": "the ledger itself does not hold"}
    if fault is None:
        first = [_contradicted(found, offline), _undeployed(found, offline)]
        left = {name: why for name, (_, why) in zip(left, first, strict=True) if why}
        fault = min((each for each, _ in first if each), key=lambda each: each.sequence, default=None)
    removed = sum(each.personal is None for each in found.entries)
    if as_json:
        told: dict[str, Any] = {"entries": count, "head": found.head, "commit": tip, "removed": removed}
        told["fault"] = {"sequence": fault.sequence, "what": fault.what} if fault else None
        told["not_compared"] = left
        typer.echo(json.dumps(told))
    elif fault:
        typer.echo(f"the ledger does not hold at {_safe(str(fault))}")
    else:
        typer.echo(f"{count} entries hold ({removed} without personal data); keep {tip}:{count} elsewhere")
        for name, why in left.items():
            typer.echo(f"not compared with the {name}: {why}")
    return 1 if fault else 0


@group.command()
def log(since: _Since = "", model: _Model = "", offline: _Offline = False, as_json: Json = False, folder: Folder = Path()) -> int:
    """List decisions, the oldest first. An entry that does not fit ends the list, with exit code 1.

    Examples: `assay audit log`, `assay audit log --since 2026-01-01 --model delays`.
    """
    from reports import ledger

    found, _ = checked(folder, offline)
    entries = [each for each in found.entries if _wanted(each, moment(since), model)]
    typer.echo(ledger.jsonl(entries) if as_json else "".join(f"{ledger.line(each)}\n" for each in entries), nl=False)
    return _end(found)


@group.command()
def export(
    since: _Since = "",
    model: _Model = "",
    form: Annotated[Literal["jsonl", "csv", "html"], typer.Option("--format", help="JSON Lines, CSV, or a page.")] = "jsonl",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; without it, standard output.")] = None,
    offline: _Offline = False,
    folder: Folder = Path(),
) -> int:
    """Write decisions for others to keep. CSV is safe to open in a spreadsheet; the page says whether the ledger holds.

    Examples: `assay audit export --since 2026-01-01 -o ledger.jsonl`, `assay audit export --format html -o ledger.html`.
    """
    from reports import ledger

    found, tip = checked(folder, offline)
    entries = [each for each in found.entries if _wanted(each, moment(since), model)]
    if form == "html":
        from reports import ledger_page

        asked = " ".join(filter(None, (model and f"about {model}", since and f"since {since}")))
        text = ledger_page.render(entries, found, tip, asked)
    else:
        text = ledger.jsonl(entries) if form == "jsonl" else ledger.table(entries)
    if output is None:
        typer.echo(text, nl=False)
        return _end(found)
    try:
        output.write_bytes(text.encode())
    except OSError as error:
        raise UserProblem(f"cannot write ({error.strerror})", str(output), "Name another file with --output") from None
    return _end(found)


@group.command()
def pack(
    name: Annotated[
        str | None, typer.Argument(metavar="ISSUE|ENTRY|MODEL@VERSION", help="Such as 12, entry:7, or a hash.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")] = Path("pack.zip"),
    check: Annotated[Path | None, typer.Option("--verify", help="Look at this pack instead of making one.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="Ed25519 or ECDSA in PEM: the private key to sign with; with --verify the public one.")
    ] = None,
    sign: Annotated[bool, typer.Option("--sign", help="Sign with the job's identity on GitHub, by sigstore.")] = False,
    facts: Annotated[Path | None, typer.Option(help="The facts.json that was registered, where the registry keeps none.")] = None,
    offline: _Offline = False,
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Put everything that speaks for a promotion into one zip, or look whether such a zip is sound.

    Facts, verdict, report, approvals, lineage, model card and policy, each with its SHA-256 in an in-toto statement about the
    model. What is missing is named with the reason. The same inputs make the same bytes, save for an ECDSA signature.

    Exit 1 where the ledger, or the pack that is looked at, does not hold.

    Examples: `assay audit pack 12`, `assay audit pack flight-delay@3 --key private.pem -o flight-delay-3.zip`,
    `assay audit pack --verify pack.zip --key public.pem`.
    """
    from assay.verbs import pack as verb

    return verb.run(checked, name, out, check, key, sign, facts, offline, as_json, folder)


@group.command()
def watch(as_json: Json = False) -> int:
    """Look once whether anything happened in the registry around the process, and tell of it in issues. For a schedule.

    Reads aliases and versions from the registry of `MLFLOW_TRACKING_URI`, and policy, promotions and locks from the repository of
    `GITHUB_REPOSITORY` by `GITHUB_TOKEN`, which must be of the account that records the promotions. Where
    `on_outside_move: revert` says so, an alias is set back. Looking twice is as good as once.

    Exit code 1 where an alias of an environment still points to what was not promoted.

    Examples: `assay audit watch`, `assay audit watch --json`.
    """
    import os

    try:
        from bot.homes import job
    except ModuleNotFoundError as error:
        raise UserProblem(f"the bot needs {error.name}", "assay audit watch", "Install assay[github]") from None
    from assay.registered import Registered

    seen = job.watch(os.environ, Registered.of(os.environ))
    if seen.model is None:
        raise UserProblem(seen.said, "assay.yml", "Add `model` with its name to it")
    typer.echo(json.dumps(seen.plain) if as_json else _safe(seen.said))
    return 1 if seen.wrong else 0


def checked(folder: Path, offline: bool, expect: str = "", authors: Any = (), derive: bool = False) -> "tuple[Checked, str]":
    """The entries up to the first fault of files or history, and the commit at the tip."""
    from actions.repository import ledger as branch
    from policy import grounds, ledger, ledger_history

    try:
        anchor = ledger.Anchor.of(expect) if expect else None
    except ValueError as error:
        raise UserProblem(str(error), "--expect", "`assay audit verify` prints one") from None
    history = branch.read(folder, offline=offline)
    walked = ledger_history.walk(history.steps, history.contents, authors)
    files = (history.contents.get(each, b"") for each in walked.blobs)
    found = ledger.check(files, grounds.table() if derive else None, anchor)
    faults = [found.fault, walked.fault]
    if anchor and not walked.fault:
        faults.append(ledger_history.anchored(walked, anchor))
    if history.rewritten_from:
        what = f"the branch does not hold {history.rewritten_from[:12]} any more, which it held when it was fetched last"
        faults.append(ledger.Fault(len(found.entries) + 1, f"{what}: its history was rewritten"))
    first = min((each for each in faults if each), key=lambda each: each.sequence, default=None)
    return ledger.Checked(found.entries, first), history.tip


def _undeployed(found: "Checked", offline: bool) -> "tuple[Fault | None, str]":
    """The first entry that GitHub's deployments contradict, and why they were not asked. Raises OutsideProblem."""
    if offline:
        return None, _OFFLINE
    unset = [each for each in ("GITHUB_REPOSITORY", "GITHUB_TOKEN") if not os.environ.get(each)]
    if unset:
        return None, f"{' and '.join(unset)} not set"
    try:
        from bot.homes import desk
    except ModuleNotFoundError as error:
        return None, f"that needs {error.name}, which assay[github] brings"
    from policy import ledger_deployments

    return ledger_deployments.compare((each.entry for each in found.entries), desk.deployed(os.environ)), ""


def _contradicted(found: "Checked", offline: bool) -> "tuple[Fault | None, str]":
    """The first entry that the registry contradicts, and why it was not asked. Raises OutsideProblem."""
    from assay.registered import Registered
    from policy import ledger_registry

    if offline:
        return None, _OFFLINE
    registry = Registered.of(os.environ)
    if registry is None:
        return None, "MLFLOW_TRACKING_URI not set"

    def points(model: str, version: str, environment: str) -> int | None:
        try:
            return registry.lineage(f"{model}@{version}").at(environment)
        except UserProblem:  # the version, or the model, is not there any more
            return None

    return ledger_registry.compare((each.entry for each in found.entries), points), ""


def _end(found: "Checked") -> int:
    if found.fault:
        typer.echo(f"assay: the ledger does not hold at {_safe(str(found.fault))}", err=True)
    return 1 if found.fault else 0


def _safe(text: str) -> str:
    from reports.markdown import visible

    return visible(text)


def moment(since: str) -> datetime | None:
    """The moment that a text in ISO 8601 names, in UTC where it names no zone; None for no text. Raises UserProblem."""
    if not since:
        return None
    try:
        found = datetime.fromisoformat(since)
    except ValueError:
        raise UserProblem(f"{since!r} is no day or moment", "--since", "Write it like 2026-01-31") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _wanted(kept: Any, since: datetime | None, model: str) -> bool:
    late = since is None or datetime.fromisoformat(kept.entry.time) >= since
    return late and (not model or kept.entry.subject.model == model)
