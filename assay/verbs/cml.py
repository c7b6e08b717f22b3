"""`assay cml`: CML's verbs with CML's flags. Each reads the flags, and hands over to `bot.cml`."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cml import arguments
from policy.problems import OutsideProblem, UserProblem

if TYPE_CHECKING:
    from bot.cml.job import Job
    from bot.cml.target import Target
    from bot.cml.watermark import Watermark


class _Cml(TyperGroup):
    """Takes a command line as CML does, with global options anywhere and the names of earlier versions."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, arguments.ours(args))


class _Command(TyperCommand):
    """Takes switches as `--watch=false` too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        switches = frozenset(name for each in self.params if getattr(each, "is_flag", False) for name in each.opts)
        return super().parse_args(ctx, arguments.flags(args, switches))


_SETTINGS: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "rich_markup_mode": "markdown"}
group = typer.Typer(
    cls=_Cml,
    help="What CML's verbs do, with their flags: write `assay cml` where a workflow says `cml`.\n\n"
    "Examples: `assay cml comment update report.md`, `assay cml check create report.md --conclusion=success`, "
    "`assay cml pr create dvc.lock`, `assay cml asset publish plot.png --md`.",
    **_SETTINGS,
)
_comment = typer.Typer(help="A comment with a report of yours.", **_SETTINGS)
_check = typer.Typer(help="A check run with a report of yours.", **_SETTINGS)
_pr = typer.Typer(help="A pull request with files that a job made.", **_SETTINGS)
_asset = typer.Typer(help="A file that a report may show.", **_SETTINGS)
for _name, _part in {"comment": _comment, "check": _check, "pr": _pr, "asset": _asset}.items():
    group.add_typer(_part, name=_name)

_Repo = Annotated[str | None, typer.Option("--repo", envvar="CML_REPO", help="The repository: its address, or owner/name.")]
_Token = Annotated[
    str | None,
    typer.Option(
        "--token",
        "--driver-token",
        envvar=["CML_TOKEN", "CML_DRIVER_TOKEN"],
        help="The token; REPO_TOKEN and GITHUB_TOKEN are read as CML does.",
    ),
]
_Driver = Annotated[str | None, typer.Option("--driver", envvar="CML_DRIVER", help="Only `github`.")]
_Log = Annotated[str, typer.Option("--log", envvar="CML_LOG", help="`error` leaves out notices.")]
_Report = Annotated[Path, typer.Argument(metavar="FILE", help="The report, in Markdown.")]
_TargetOption = Annotated[
    str,
    typer.Option(
        envvar="CML_COMMENT_TARGET",
        help="`auto`, `pr`, `commit`, `pr/42`, `issue/1337` or `commit/SHA`. `auto` is the pull request, or else the commit.",
    ),
]
_Pr = Annotated[bool, typer.Option("--pr/--no-pr", hidden=True)]
_CommitSha = Annotated[str | None, typer.Option("--commit-sha", "--head-sha", hidden=True, envvar="CML_COMMENT_COMMIT_SHA")]
_Publish = Annotated[
    bool,
    typer.Option("--publish/--no-publish", envvar="CML_COMMENT_PUBLISH", help="Whether to store the local files it names."),
]
_PublishUrl = Annotated[str | None, typer.Option(envvar="CML_COMMENT_PUBLISH_URL", help="Read and not used: files stay here.")]
_Native = Annotated[bool, typer.Option("--publish-native/--no-publish-native", "--native/--no-native", hidden=True)]
_Watch = Annotated[bool, typer.Option("--watch/--no-watch", help="Publish again whenever the file changes, until it is stopped.")]
_Trigger = Annotated[Path | None, typer.Option("--trigger-file", hidden=True)]
_Bare = Annotated[bool, typer.Option("--rm-watermark/--no-rm-watermark", hidden=True)]
_Update = Annotated[bool, typer.Option("--update/--no-update", hidden=True)]
_Title = Annotated[
    str,
    typer.Option(
        "--watermark-title",
        envvar="CML_COMMENT_WATERMARK_TITLE",
        help="Tells several comments apart; `{workflow}` and `{run}` are replaced.",
    ),
]


@_comment.command("create", cls=_Command)
def create_comment(
    file: _Report,
    target: _TargetOption = "auto",
    pr: _Pr = False,
    commit_sha: _CommitSha = None,
    publish: _Publish = True,
    publish_url: _PublishUrl = None,
    native: _Native = False,
    watch: _Watch = False,
    trigger_file: _Trigger = None,
    rm_watermark: _Bare = False,
    watermark_title: _Title = "",
    update: _Update = False,
    repo: _Repo = None,
    token: _Token = None,
    driver: _Driver = None,
    log: _Log = "info",
) -> None:
    """Write a comment with a report of yours.

    Example: `assay cml comment create report.md --target=pr`.
    """
    job = _job(repo, token, driver)
    from bot.cml import target as targets
    from bot.cml import watching
    from bot.cml.watermark import watermark

    if publish_url or native:
        _say("files are stored in this repository; --publish-url and --publish-native are not used", log)
    if rm_watermark and update:
        raise UserProblem("without its mark a comment cannot be found again", "--rm-watermark", "Leave the flag out")
    wish = f"commit/{commit_sha}" if commit_sha else "pr" if pr else target
    place = targets.find(job.gateway, wish, job.about)
    sha = commit_sha or job.head_sha(place)
    mark = None if rm_watermark else watermark(watermark_title, sha, job.workflow, job.run)
    if not watch:
        typer.echo(_write(job, file, place, mark, publish, update))
        return
    ended = _until_terminated()
    for _ in watching.changes(file, trigger_file, lambda: bool(ended)):
        try:
            typer.echo(_write(job, file, place, mark, publish, update))
            update = mark is not None
        except (OutsideProblem, UserProblem) as problem:
            _say(str(problem), log)


@_comment.command("update", cls=_Command)
def update_comment(
    file: _Report,
    target: _TargetOption = "auto",
    pr: _Pr = False,
    commit_sha: _CommitSha = None,
    publish: _Publish = True,
    publish_url: _PublishUrl = None,
    native: _Native = False,
    watch: _Watch = False,
    trigger_file: _Trigger = None,
    rm_watermark: _Bare = False,
    watermark_title: _Title = "",
    repo: _Repo = None,
    token: _Token = None,
    driver: _Driver = None,
    log: _Log = "info",
) -> None:
    """Rewrite our newest comment with the same title, CML's too if the same account wrote it; or write one.

    Example: `assay cml comment update report.md --watermark-title=training`.
    """
    create_comment(
        *(file, target, pr, commit_sha, publish, publish_url, native, watch, trigger_file, rm_watermark, watermark_title),
        *(True, repo, token, driver, log),
    )


@_check.command("create", cls=_Command)
def create_check(
    file: _Report,
    title: Annotated[str, typer.Option(envvar="CML_CHECK_TITLE", help="The name of the check.")] = "CML Report",
    status: Annotated[str, typer.Option(envvar="CML_CHECK_STATUS", help="`queued`, `in_progress` or `completed`.")] = "completed",
    conclusion: Annotated[
        str | None,
        typer.Option(
            envvar="CML_CHECK_CONCLUSION",
            help="`success`, `failure`, `neutral`, `cancelled`, `skipped` or `timed_out`; `neutral` unless it is given.",
        ),
    ] = None,
    commit_sha: Annotated[
        str | None,
        typer.Option("--commit-sha", "--head-sha", envvar="CML_CHECK_COMMIT_SHA", help="The commit; the pull request's head."),
    ] = None,
    repo: _Repo = None,
    token: _Token = None,
    driver: _Driver = None,
    log: _Log = "info",
) -> None:
    """Publish a report of yours as a check run. The same title on the same commit is rewritten.

    Example: `assay cml check create report.md --title=Training --conclusion=failure`.
    """
    job = _job(repo, token, driver)
    from bot.cml import check

    report = job.read(file)
    sha = commit_sha or job.head_sha()
    if conclusion is None and status == "completed":
        _say("the check concludes `neutral`; CML said `success`. Say --conclusion=success if that is meant", log)
    check.publish(job.gateway, check.wanted(report, sha, check.Wish(title, status, conclusion)))


@_pr.command("create", cls=_Command)
def create_pr(
    globs: Annotated[list[str] | None, typer.Argument(metavar="GLOB...", help="The changed files to commit.")] = None,
    md: Annotated[bool, typer.Option("--md/--no-md", envvar="CML_PR_MD", help="Print a link in Markdown.")] = False,
    skip_ci: Annotated[bool, typer.Option("--skip-ci/--no-skip-ci", help="Add `[skip ci]` to the commit's message.")] = False,
    merge: Annotated[bool, typer.Option("--merge/--no-merge", "--auto-merge", help="Merge when its checks passed.")] = False,
    rebase: Annotated[bool, typer.Option("--rebase/--no-rebase", help="The same, rebased.")] = False,
    squash: Annotated[bool, typer.Option("--squash/--no-squash", help="The same, squashed.")] = False,
    branch: Annotated[str | None, typer.Option(envvar="CML_PR_BRANCH", help="The name of the new branch.")] = None,
    target_branch: Annotated[str | None, typer.Option(envvar="CML_PR_TARGET_BRANCH", help="The branch to merge into.")] = None,
    title: Annotated[str | None, typer.Option(envvar="CML_PR_TITLE", help="The pull request's title.")] = None,
    body: Annotated[str | None, typer.Option(envvar="CML_PR_BODY", help="Its description.")] = None,
    message: Annotated[str | None, typer.Option(envvar="CML_PR_MESSAGE", help="The commit's message.")] = None,
    remote: Annotated[str, typer.Option(hidden=True)] = "origin",
    user_name: Annotated[str | None, typer.Option(envvar="CML_PR_USER_NAME", help="The commit's author.")] = None,
    user_email: Annotated[str | None, typer.Option(envvar="CML_PR_USER_EMAIL", help="The author's address.")] = None,
    repo: _Repo = None,
    token: _Token = None,
    driver: _Driver = None,
    log: _Log = "info",
) -> None:
    """Commit changed files to a new branch and open a pull request. Nothing is merged before its checks passed.

    Example: `assay cml pr create dvc.lock metrics.json --title="Train again"`.
    """
    job = _job(repo, token, driver)
    from assay.changes import changed
    from bot.cml import proposal
    from bot.gateway.wider import Author, Method

    methods: dict[Method, bool] = {"merge": merge, "rebase": rebase, "squash": squash}
    chosen = [method for method, wished in methods.items() if wished]
    if len(chosen) > 1:
        raise UserProblem("only one way of merging can be chosen", " and ".join(f"--{each}" for each in chosen), "Give one")
    if bool(user_name) != bool(user_email):
        raise UserProblem("an author has a name and an address", "--user-name, --user-email", "Give both, or neither")
    found = changed(Path(), globs or [])
    if globs and not found.files:
        _say("no changed file matches; nothing to do", log)
        return
    for path in found.gone:
        _say(f"{path} is deleted here; that is not carried over", log)
    author = Author(user_name, user_email) if user_name and user_email else None
    wish = proposal.Wish(branch, target_branch, title, body, message, skip_ci, author)
    opened = proposal.create(job.gateway, wish, job.about.sha or found.head, job.branch or found.branch, found.files)
    typer.echo(f"[Pull request #{opened.number}]({opened.url})" if md else opened.url)
    for method in chosen:
        proposal.merge_when_ready(job.gateway, opened, method)


@_asset.command("publish", cls=_Command)
def publish_asset(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to store in this repository.")],
    md: Annotated[
        bool, typer.Option("--md/--no-md", envvar="CML_ASSET_MD", help="Print Markdown instead of an address.")
    ] = False,
    title: Annotated[str, typer.Option("--title", "-t", envvar="CML_ASSET_TITLE", help="The title in that Markdown.")] = "",
    native: Annotated[bool, typer.Option("--native/--no-native", "--gitlab-uploads", help="Read and not used.")] = False,
    url: Annotated[str | None, typer.Option("--url", hidden=True)] = None,
    mime_type: Annotated[str | None, typer.Option(help="`image/...` shows the file; its content decides otherwise.")] = None,
    rm_watermark: _Bare = False,
    out: Annotated[Path | None, typer.Option("--file", "-f", hidden=True)] = None,
    repo: _Repo = None,
    token: _Token = None,
    driver: _Driver = None,
    log: _Log = "info",
) -> None:
    """Store a file in this repository, where whoever may read that may read it, and print its address.

    Example: `assay cml asset publish plot.png --md --title="Loss" >> report.md`.
    """
    job = _job(repo, token, driver)
    from bot import images
    from bot.cml import assets

    if native or url or rm_watermark:
        _say("files are stored in this repository; --native, --url and --rm-watermark are not used", log)
    stored = images.linkable(assets.read(file, job.tops(file)), file.name)
    address = f"{job.place.server}{job.publish([stored])[stored.name]}"
    told = assets.markdown(address, title or file.name, picture=assets.is_shown(stored, mime_type)) if md else address
    if out is None:
        typer.echo(told)
    else:
        out.write_text(told, encoding="utf-8")


def _job(repo: str | None, token: str | None, driver: str | None) -> "Job":
    """Where the verb runs. Called before anything else of `bot` is imported: all of it needs PyGithub."""
    try:
        from bot.cml.job import Job
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("github"):
            raise
        raise UserProblem("`assay cml` needs PyGithub", "", "Install assay[github]") from None
    return Job.of(os.environ, repo, token, driver)


def _write(job: "Job", file: Path, place: "Target", mark: "Watermark | None", publish: bool, update: bool) -> str:
    """Publish the report as it is now; returns the comment's address."""
    from bot.cml import assets, comments

    shown = assets.Shown(job.read(file))
    if publish:
        shown = assets.show(shown.markdown, file.parent, job.tops(file), job.publish)
    if shown.forbidden is not None:
        _say(str(shown.forbidden))
    text, cut = comments.body(shown.markdown + shown.footnote(), mark, job.summary_link())
    if cut:
        job.keep_whole(shown.markdown)
    written = comments.write(job.gateway, place, text, mark, update=update)
    return job.place.page(written.path)


def _say(text: str, log: str = "info") -> None:
    """A notice on the error stream, where a verb's output does not get mixed with it."""
    if log != "error":
        for line in text.splitlines():
            typer.echo(f"assay: {line}", err=True)


def _until_terminated() -> list[int]:
    """A list that is empty until the process is asked to end."""
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    signal.signal(signal.SIGINT, lambda number, _: ended.append(number))
    return ended
