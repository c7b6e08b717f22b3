"""`assay card`: write the model card from what a check found, or say that it is not current."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.options import Folder
from policy.problems import UserProblem

if TYPE_CHECKING:
    from actions.repository import Repository

_FACTS = Path(".assay/facts.json")


def command(
    model: Annotated[str | None, typer.Argument(help="The model; without it, the one that assay.yml names.")] = None,
    facts: Annotated[Path, typer.Option(help="What the check found.")] = _FACTS,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The card; without it, cards/MODEL.md.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where the card would change.")] = False,
    folder: Folder = Path(),
) -> int:
    """Fill Hugging Face's model card with what a check found: metrics with intervals, slices, fairness, data, limits.

    What stands between `<!-- assay:keep NAME -->` and `<!-- /assay:keep -->` is yours: it is kept byte for byte. Everything else
    is written anew. The card holds no commit, no time and no machine, so it stays the same when it is committed.

    Nothing is sent or fetched. `assay register` keeps the card of what it registers, with commit, times and versions.

    Examples: `assay card`, `assay card flight-delay --check`, `assay card --facts downloaded/facts.json -o README.md`.
    """
    from actions.repository import Repository
    from reports.markdown import visible

    with Repository.open(folder) as repository:
        target, text = _drawn(repository, model, facts, output)
        old = _read(target) if target.is_file() else None
        shown = visible(os.path.relpath(target))
        if old == text.encode():
            typer.echo(f"{shown} is current")
            return 0
        if check:
            typer.echo(f"{shown} {'would change' if old is not None else 'is missing'}: run `assay card`")
            return 1
        _write(target, text)
    typer.echo(f"wrote {shown}")
    return 0


def _drawn(repository: "Repository", name: str | None, facts: Path, output: Path | None) -> tuple[Path, str]:
    """Where the card is, and what is to stand in it."""
    from actions.registry import card as kept
    from actions.registry.register import judging, model_of, policy_at
    from policy import card, document
    from policy.facts.reading import read
    from policy.verdict import decide
    from reports.card import render

    given = facts if facts.is_absolute() or facts != _FACTS else repository.root / facts
    found = read(_read(given, "Run `assay check` first, or name them with --facts"), str(given))
    if found.revision.dirty or found.overrides:
        raise UserProblem("the facts are about what was not committed", str(given), "Commit, then run `assay check` again")
    if found.nothing_to_check:
        raise UserProblem(
            "the facts say that nothing changed, so they hold no evaluation", str(given), "Run `assay check --whole`"
        )
    sha = repository.resolve(found.revision.head)
    model = model_of(policy_at(repository, sha))
    if name is not None and name != model.name:
        raise UserProblem("assay.yml names another model", name[:100], f"Say `assay card {model.name}`, or leave the name out")
    place = card.path(model.name)
    if output is None and place is None:
        raise UserProblem("this name makes no plain file", model.name[:100], "Name the file of the card with --output")
    target = output or repository.root / str(place)
    before = kept.decoded(_read(target), str(target)) if target.is_file() else ""
    verdict = decide(document.read(judging(repository, found, sha, str(given)).decode("utf-8", "replace")), found)
    return target, render(model.name, found, verdict, kept.made_of(repository, model, sha), before)


def _read(path: Path, advice: str = "Name another file with --output") -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserProblem(f"it cannot be read ({error.strerror})", str(path), advice) from None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    except OSError as error:
        raise UserProblem(f"cannot write ({error.strerror})", str(path), "Name another file with --output") from None
