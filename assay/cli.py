"""The table of verbs, and the way from a problem to an exit code.

0 verdict passed · 1 verdict failed · 2 usage or configuration error · 3 something outside failed and a retry may help.
A verb's module is imported only when the verb is run: `assay --help` must not cost a second.
"""

import sys
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from assay import __version__
from policy.problems import Problem

_STOPPED = 130
"""What typer returns after Ctrl-C, as shells do: 128 and the number of the signal."""


class Verb(NamedTuple):
    """Where a verb lives, and its one-line help."""

    module: str
    help: str


VERBS = {
    "init": Verb("assay.verbs.init", "Propose a policy, contracts and workflows for a repository."),
    "doctor": Verb("assay.verbs.doctor", "Look at git, DVC, policy and workflows, and name the cure of what ails."),
    "check": Verb("assay.verbs.check", "Judge a change: data, drift, training, metrics. One verdict."),
    "data": Verb("assay.verbs.data", "Check contracts, differences and personal data of the data sets."),
    "drift": Verb("assay.verbs.drift", "Compare two data sets, or head and base, column by column."),
    "monitor": Verb("assay.verbs.monitor", "Look at the model's data in production: drift, missing, late, too little."),
    "refresh": Verb("assay.verbs.refresh", "Bring imported data up to date where it keeps its contract, else change nothing."),
    "train": Verb("assay.verbs.train", "Reproduce the stages that changed, within the budget."),
    "retrain": Verb("assay.verbs.retrain", "Train the model anew, and hold it against the one that is there."),
    "evaluate": Verb("assay.verbs.evaluate", "Compare metrics with the base and judge the gates."),
    "tune": Verb("assay.verbs.tune", "Look for better parameters within a budget, and whether they would win again."),
    "report": Verb("assay.verbs.report", "Draw comment, summary and page again from facts.json."),
    "policy": Verb("assay.verbs.policy", "Validate assay.yml, or test who may approve what."),
    "cml": Verb("assay.verbs.cml", "CML's verbs with CML's flags: comment, check, pr, asset."),
    "handle": Verb("assay.verbs.handle", "Handle one event in a job: answer commands, publish what runs found."),
    "publish": Verb("assay.verbs.publish", "Bring a verdict to its pull request: one comment, and its checks."),
    "commit": Verb("assay.verbs.commit", "Commit what `/train --commit` made to the branch of its pull request."),
    "propose": Verb("assay.verbs.propose", "Open a pull request of what a run made anew, where it helps."),
    "register": Verb("assay.verbs.register", "Register the model of a merged commit, with what it was made of."),
    "card": Verb("assay.verbs.card", "Write the model card from what a check found, and keep what people wrote."),
    "lineage": Verb("assay.verbs.lineage", "Say what a registered version was made of, and what it replaced."),
    "request": Verb("assay.verbs.request", "Ask for a promotion, as `/promote` does: after a merge, or by hand."),
    "authorize": Verb("assay.verbs.authorize", "Give leave to move an alias, where a request is approved now."),
    "promote": Verb("assay.verbs.promote", "Let the alias of an environment point to what was approved."),
    "record": Verb("assay.verbs.record", "Record what came of a promotion: deployment, comment, the request closed."),
    "sight": Verb("assay.verbs.sight", "Keep what a monitor saw in production, and its one issue."),
    "serve": Verb("assay.verbs.serve", "Receive GitHub's webhooks and act on them: the bot as a service."),
    "app": Verb("assay.verbs.app", "Make the GitHub App of the service, or say what it may do and why."),
    "audit": Verb("assay.verbs.audit", "Verify the ledger of decisions, list, export it, or pack evidence."),
    "pulse": Verb("assay.verbs.pulse", "Say how the project does: objectives, risks, and how models flow to where they run."),
    "demo": Verb("assay.verbs.demo", "Build the flights example and check each of its branches."),
}


class _Verbs(TyperGroup):
    """Lists verbs without importing them; imports the one that is run."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: Any, name: str) -> Any:
        return TyperCommand(name, help=VERBS[name].help) if name in VERBS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, (load(name) if name in VERBS else command), rest


app = typer.Typer(
    cls=_Verbs,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 passed, 1 failed, 2 usage or configuration, 3 something outside failed.",
)


@app.callback(invoke_without_command=True)
def _assay(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback where something goes wrong.")] = False,
) -> None:
    """Assay tests every change to a model, its data or its prompts, and gives one verdict."""
    if version:
        typer.echo(f"assay {__version__}")


def load(name: str) -> Any:
    """The command of a verb, its module imported."""
    module = import_module(VERBS[name].module)
    if group := getattr(module, "group", None):  # a verb of several words
        found: Any = typer.main.get_command(group)
        found.name = name
        return found
    single = typer.Typer(add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False)
    single.command(name)(module.command)
    command: Any = typer.main.get_command(single)
    command.name = name
    return command


def run(arguments: list[str]) -> None:
    """Run a command line; always ends the process with one of the four exit codes."""
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="assay", standalone_mode=False)
        if code == _STOPPED:
            _say("stopped; nothing was half-written")
    except Problem as problem:
        if debug:
            raise
        _say(str(problem))
        code = problem.exit_code
    except Exception as error:
        code = _unexpected(error, debug)
    sys.exit(code if isinstance(code, int) else 0)


def _unexpected(error: Exception, debug: bool) -> int:
    """Usage errors of the command line, and bugs of ours: one line, and the traceback only where it is asked for."""
    if hasattr(error, "format_message"):
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "assay"
        if message := error.format_message().rstrip("."):
            _say(f"{message}. {_meant(message)}See `{path} --help`")
        return 2
    if type(error).__name__ in ("Abort", "Exit"):
        return int(getattr(error, "exit_code", _STOPPED))
    if debug:
        raise error
    what = " ".join(f"{type(error).__name__}: {error}".split())[:500]
    _say(f"{what}. This is a bug of Assay's; run again with --debug and report it")
    return 3


def _meant(message: str) -> str:
    """The verb that a mistyped one resembles."""
    import difflib  # costs more than the rest of this module, and only a mistyped verb needs it

    word = message.rpartition("No such command ")[2].strip("'") if message.startswith("No such command") else ""
    close = difflib.get_close_matches(word, VERBS, n=1)
    return f"Did you mean `{close[0]}`? " if close else ""


def _say(text: str) -> None:
    for line in text.splitlines() or [""]:
        print(f"assay: {line}", file=sys.stderr)  # noqa: T201
