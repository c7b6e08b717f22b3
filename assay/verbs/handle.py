"""`assay handle`: the bot without a server, one event of a job."""

import typer


def command() -> int:
    """Handle the event that started this job of GitHub Actions: the bot of `assay serve`, with no server.

    For `assay-commands.yml`, which `assay init` writes. The event comes from the runner (`GITHUB_EVENT_NAME` and
    `GITHUB_EVENT_PATH`), the token from `GITHUB_TOKEN`; `ASSAY_PREFIX=true` leaves `/train` to other bots and answers
    `/assay train`. With `MLFLOW_TRACKING_URI`, `/lineage MODEL@VERSION` also says what the registry knows. A scheduled or
    dispatched run looks for what was missed, and for what happened in the registry around the process. Handling an event twice
    does it once.

    Example: `assay handle`.
    """
    import os
    import secrets
    from pathlib import Path

    try:
        from bot.homes import job
    except ModuleNotFoundError as error:
        from policy.problems import UserProblem

        raise UserProblem(f"the bot needs {error.name}", "assay handle", "Install assay[github]") from None
    from actions.runner import output
    from assay.registered import Registered

    said = job.handle(os.environ, Registered.of(os.environ))
    typer.echo(said)
    if path := os.environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(output("handled", said, f"assay-{secrets.token_hex(16)}"))
    return 0
