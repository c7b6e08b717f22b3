"""`assay report`: draw the report again from facts."""

from pathlib import Path
from typing import Annotated

import typer

from actions.repository import Repository
from assay import output, terminal
from assay.judge import templates
from assay.options import Folder, Json, Out
from policy import document
from policy.facts.reading import read
from policy.problems import UserProblem
from policy.verdict import decide


def command(
    facts: Annotated[Path, typer.Argument(help="The facts of an earlier check.")] = Path(".assay/facts.json"),
    out: Out = Path(".assay"),
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Judge facts again under the policy of their base, and draw comment, summary and page.

    Nothing is computed anew and nothing in the facts is believed beyond what their schema allows: this is what the
    trusted side does with facts that a runner handed over.

    Examples: `assay report`, `assay report downloaded/facts.json --out site`.
    """
    try:
        raw = facts.read_bytes()
    except OSError as error:
        raise UserProblem(f"cannot read the facts ({error.strerror})", str(facts), "Run `assay check` first") from None
    found = read(raw, str(facts))
    repository = Repository.open(folder)
    revision = repository.resolve(found.revision.base)
    policy = repository.read(document.FILE_NAME, None if found.policy.read_from == "head" else revision)
    if policy is None or document.digest(text := policy.decode("utf-8", "replace")) != found.policy.digest:
        raise UserProblem("the facts were gathered under another policy", str(facts), "Run `assay check` again")
    verdict = decide(document.read(text), found)
    written = output.write_all(out, found, verdict, templates(repository, revision))
    if as_json:
        typer.echo(verdict.model_dump_json(indent=1))
    else:
        terminal.show(verdict)
        typer.echo(f"\nreport: {written.page}")
    return 0 if verdict.passed else 1
