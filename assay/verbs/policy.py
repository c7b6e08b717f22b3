"""`assay policy`: validate `assay.yml`, print its JSON Schema, test its rules of approval, or say what they make of a case."""

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from assay.options import Json
from policy import document
from policy.document import Policy
from policy.problems import UserProblem

if TYPE_CHECKING:
    from policy.approvals import Decision
    from policy.fixtures import Fixture
    from policy.simulation import Difference

_DEFAULT = "check"
_OF_THE_GROUP = frozenset({"--help"})


class _Policy(TyperGroup):
    """Takes `assay policy [FILE]` for `assay policy check [FILE]`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        plain = not args or (args[0] not in self.commands and args[0] not in _OF_THE_GROUP)
        return super().parse_args(ctx, [_DEFAULT, *args] if plain else args)


group = typer.Typer(
    cls=_Policy,
    help="Validate `assay.yml`, print its JSON Schema, test who may approve what, or say what it makes of a case.\n\n"
    "`assay policy` and `assay policy FILE` do what `assay policy check` does.\n\n"
    "Examples: `assay policy`, `assay policy --schema > assay.schema.json`, `assay policy test`, "
    "`assay policy explain tests/approvals/one-is-missing.yml --as alice:/approve`.",
    add_completion=False,
    rich_markup_mode="markdown",
)
_File = Annotated[Path, typer.Option("--policy", "-p", help="The policy that is tested.")]


@group.command(_DEFAULT)
def check(
    file: Annotated[Path, typer.Argument(help="The policy to validate.")] = Path(document.FILE_NAME),
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of assay.yml instead.")] = False,
) -> None:
    """Validate assay.yml, or print its JSON Schema.

    Examples: `assay policy`, `assay policy drafts/assay.yml`, `assay policy --schema > assay.schema.json`.
    """
    if schema:
        typer.echo(document.schema(), nl=False)
        return
    policy = _policy(file)
    typer.echo(f"{file}: {len(policy.data)} data sets, {len(policy.evaluate.gates) if policy.evaluate else 0} gates, no error")


@group.command("test")
def test(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The fixtures: a folder, or one of them.")] = Path(
        "tests/approvals"
    ),
    file: _File = Path(document.FILE_NAME),
    as_json: Json = False,
) -> int:
    """Test who may approve what: each fixture is a case and what should come of it; docs/approvals.md says how to write one.

    Exit 1 where something comes out in another way.

    Examples: `assay policy test`, `assay policy test tests/approvals --policy drafts/assay.yml`, `assay policy test --json`.
    """
    from policy.simulation import differences, simulate
    from reports.approval import lines

    policy = _policy(file)
    found: list[tuple[Path, Decision, list[Difference]]] = []
    for path in _fixtures(folder):
        fixture = _fixture(path)
        decision = simulate(fixture, policy)
        found.append((path, decision, differences(fixture.expect, decision)))
    failed = sum(bool(different) for _, _, different in found)
    if as_json:
        typer.echo(json.dumps([_told(path, decision, different) for path, decision, different in found], indent=1))
        return 1 if failed else 0
    for path, decision, different in found:
        typer.echo(f"{'✗' if different else '✓'} {path}")
        for each in different:
            typer.echo(f"    {each.what}: expected {each.wanted}, came out {each.found}")
        for line in lines(decision) if different else ():
            typer.echo(f"    | {line}")
    typer.echo(f"{len(found) - failed} of {len(found)} come out as expected")
    return 1 if failed else 0


@group.command("explain")
def explain(
    case: Annotated[
        str,
        typer.Argument(metavar="ISSUE|FIXTURE", help="The number of a request, or a fixture of `assay policy test`."),
    ],
    also: Annotated[
        list[str] | None, typer.Option("--as", metavar="LOGIN:/COMMAND", help="What would come of it if somebody said this, too.")
    ] = None,
    file: _File = Path(document.FILE_NAME),
    as_json: Json = False,
) -> None:
    """Say for every rule of a case how it stands: approved, pending and by whom it could be given, skipped or error, and why.

    A request is decided anew from what GitHub and the registry say, by the policy of the default branch, and nothing is written.
    That needs `GITHUB_TOKEN`, `GITHUB_REPOSITORY` and `MLFLOW_TRACKING_URI`; outside of a job also `ASSAY_APP_SLUG`, the App that
    opens requests (`github-actions` without one of your own).

    Examples: `assay policy explain 12`, `assay policy explain 12 --as alice:/approve --json`,
    `assay policy explain tests/approvals/one-is-missing.yml`,
    `assay policy explain tests/approvals/one-is-missing.yml --as alice:/approve --as "bob:/reject because it is slow"`.
    """
    from reports.approval import lines, machine

    decide = _of_request(case, file) if _ISSUE.fullmatch(case) and not Path(case).exists() else _of_fixture(Path(case), file)
    before = decide(())
    decision = decide(also) if also else before
    if as_json:
        typer.echo(json.dumps(machine(decision), indent=1))
        return
    for said in also or ():
        typer.echo(f"what if {said.replace(':', ' said ', 1)}")
    for line in lines(decision):
        typer.echo(line)
    if also:
        change = (
            f"{before.state.value} → {decision.state.value}"
            if before.state is not decision.state
            else f"still {before.state.value}"
        )
        typer.echo(f"that makes it: {change}")


_ISSUE = re.compile(r"#?[1-9][0-9]{0,17}")
_Decide = Callable[[Sequence[str]], "Decision"]


def _of_fixture(case: Path, file: Path) -> _Decide:
    from policy.simulation import simulate

    policy, fixture = _policy(file), _fixture(case)
    return lambda also: simulate(fixture, policy, also)


def _of_request(case: str, file: Path) -> _Decide:
    """A request at GitHub. The policy is that of the default branch, so that no other can be named."""
    try:
        from bot.homes import desk
    except ModuleNotFoundError as error:
        raise UserProblem(f"the bot needs {error.name}", "assay policy explain", "Install assay[github]") from None
    from assay.registered import Registered

    if file != Path(document.FILE_NAME):
        raise UserProblem("a request is decided by the default branch's policy", "--policy", "Leave it out, or name a fixture")
    registry = Registered.of(os.environ)
    return lambda also: desk.explain(os.environ, int(case.removeprefix("#")), registry, also)


def _policy(file: Path) -> Policy:
    return document.read(_text(file, "the policy"), str(file))


def _fixture(file: Path) -> "Fixture":
    """A case. It is a file; nothing of it is asked of GitHub."""
    from policy import fixtures

    return fixtures.read(_text(file, "the fixture"), str(file))


def _text(file: Path, what: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserProblem(f"cannot read {what} ({error})", str(file), "Name an existing file, or write one") from None


def _fixtures(folder: Path) -> list[Path]:
    """The fixtures of a folder, by their names. None at all is an error: testing nothing proves nothing."""
    if folder.is_file():
        return [folder]
    found = sorted(path for path in folder.rglob("*") if path.suffix in (".yml", ".yaml") and path.is_file())
    if not found:
        raise UserProblem("no fixtures", str(folder), "Write one, such as docs/approvals.md shows, or name another folder")
    return found


def _told(path: Path, decision: "Decision", different: "list[Difference]") -> dict[str, Any]:
    from reports.approval import machine

    return {
        "fixture": str(path),
        "passed": not different,
        "differences": [{"what": each.what, "expected": each.wanted, "found": each.found} for each in different],
        "decision": machine(decision),
    }
