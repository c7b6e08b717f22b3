"""`assay tune`: better parameters, within a budget, and whether they would win again."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay import output
from assay.options import Folder, Json
from policy.problems import UserProblem

if TYPE_CHECKING:
    from actions.progress import Progress
    from actions.repository import Repository
    from actions.runner import Runner
    from actions.tune.search import Searched
    from actions.tune.share import Share
    from policy.document import Policy
    from policy.tuned import Tuned
    from policy.tuning import Point

_DEFAULT_OUT = Path(".assay")


def command(
    trials: Annotated[
        int | None, typer.Option(min=0, help="How many trials to make, none to conclude only. Unset: `tune.trials` of assay.yml.")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="After so many minutes no further trial begins. Unset: `tune.budget`.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of the strategies, for a search that can be made again.")] = None,
    storage: Annotated[
        str | None,
        typer.Option(
            envvar="ASSAY_TUNE_STORAGE",
            help="Where trials are kept: `postgresql://...`, which several machines can share, or a file. Unset: in .dvc/tmp.",
        ),
    ] = None,
    worker: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Make the I-th of N equal shares of the trials, in a shared storage, and conclude nothing: `--trials 0` does.",
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the winner to the files of parameters, where it is better.")
    ] = False,
    propose: Annotated[
        bool,
        typer.Option(
            "--propose", help="Train and judge the winner, push what holds, and leave `commit.json` for `assay propose`."
        ),
    ] = False,
    as_json: Json = False,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The folder for tuning.json, tuning.md and params.patch.")
    ] = _DEFAULT_OUT,
    folder: Folder = Path(),
) -> int:
    """Try other parameters under `tune` of assay.yml: each trial is a `dvc repro` of HEAD in a work tree of its own.

    Runs of the same storage carry on with each other's trials. Exit 1 where nothing is better, or only by luck; with
    `--propose` that is no failure, and there is nothing to propose.

    Examples: `assay tune`, `assay tune --trials 50 --minutes 120`, `assay tune --apply`,
    `assay tune --propose`, `ASSAY_TUNE_STORAGE=postgresql://tuner@db/trials assay tune --worker 2/3`.
    """
    from actions import runner
    from actions.repository import Repository
    from actions.tune.search import Limits
    from actions.tune.tune import Asked, tune, work
    from assay import judge
    from policy import allowance, tuning
    from policy.result import Status

    if propose and (apply or as_json):
        raise UserProblem("it goes with neither --apply nor --json", "--propose", "The record is in tuning.json")
    share = _share(worker, storage, alone=not (apply or propose or as_json))
    here = runner.present(os.environ, sys.stderr if as_json else sys.stdout)
    with judge.shown_on(here, as_json) as shown, Repository.open(folder) as repository:
        if propose:
            out = judge.inside(repository, out)
            _prepare(repository, out, shown)
        policy = _policy(repository.read("assay.yml"))
        section, evaluate = policy.tune, policy.evaluate
        if section is None or evaluate is None:
            raise UserProblem("there is no section `tune`", "assay.yml", "Add it as docs/tune.md shows")
        until = allowance.seconds(section, policy.cost, minutes, share.of if share else 1)
        limits = Limits(section.trials if trials is None else trials, until)
        project = policy.model.name if policy.model else "assay"
        if repository.head().dirty:
            shown.step("what is not committed is left out: trials begin from HEAD")
        asked = Asked(limits, storage, seed, project, share)
        if share:
            return _worked(work(repository, section, evaluate, policy.train, asked, shown))
        tuned = tune(repository, section, evaluate, policy.train, asked, shown)
        better = tuned.result.status is Status.PASSED
        if apply and better and tuned.winner:
            repository.override(tuning.overrides(tuned.winner.values))
        _write(out, tuned)
    _tell(here, tuned, as_json=as_json, applied=apply and better)
    if propose and better and tuned.winner:
        return _propose(folder, out, tuned.commit, tuned.winner.values)
    return 0 if better or (propose and tuned.result.status is not Status.FAILED) else 1


def _share(worker: str | None, storage: str | None, *, alone: bool) -> "Share | None":
    """The share of a worker, whose trials must be kept where others find them."""
    from actions.tune.share import Share

    if worker is None:
        return None
    if not alone:
        raise UserProblem("a worker concludes nothing: no --apply, --propose or --json", "--worker", "Conclude with --trials 0")
    if not storage:
        what = "several workers need a storage that all of them reach"
        raise UserProblem(what, "--worker", "Set ASSAY_TUNE_STORAGE to postgresql://user@host/name")
    return Share.parse(worker)


def _worked(searched: "Searched") -> int:
    """What a worker did, which is no verdict."""
    from assay import terminal

    made = f"{searched.here} made, {searched.failed} failed, {searched.pruned} pruned, {searched.restored} from the run cache"
    terminal.show_rows([("trials", made, False)])
    return 0


def _tell(here: "Runner | None", tuned: "Tuned", *, as_json: bool, applied: bool) -> None:
    """Print it, and on a runner say it to the steps and people that follow."""
    from assay import job
    from policy.result import Status
    from reports import tuning as drawn

    job.output(os.environ, "better", str(tuned.result.status is Status.PASSED).lower())
    job.summary(os.environ, drawn.report(tuned).source)
    with here.deaf() if here else nullcontext():
        if as_json:
            typer.echo(tuned.model_dump_json(indent=1))
        else:
            _show(tuned, applied=applied)


def _prepare(repository: "Repository", out: Path, shown: "Progress") -> None:
    """Refuse before the search what would be refused after it; a record of an earlier run does not stay."""
    from actions.retrain.anew import Anew
    from assay.judge import COMMIT

    Anew(None, update=False).begin(repository, shown)
    (out / COMMIT).unlink(missing_ok=True)


def _propose(folder: Path, out: Path, sha: str, winner: "Point") -> int:
    """Train the commit with the winner in place, judge it against the commit as it is, push what holds and leave the record."""
    from actions.check import PARTS, Options
    from actions.retrain.anew import Anew, Asking
    from assay.judge import judge
    from policy import tuning
    from policy.proposing import JUDGED

    parts = frozenset(part for part in PARTS if part in JUDGED["tune"])
    options = Options(parts=parts, against=sha, overrides=tuple(tuning.overrides(winner)))
    asking = Asking(os.environ.get("GITHUB_RUN_ID") or "local", sha)
    return judge(folder, sha, out, False, options, Anew(asking, False, output.write))


def _policy(raw: bytes | None) -> "Policy":
    """The policy of the work tree: a search judges no change."""
    from policy import document

    if raw is None:
        raise UserProblem("there is no policy", document.FILE_NAME, "Run `assay init`, or write one")
    return document.read(raw.decode("utf-8", "replace"))


def _write(out: Path, tuned: "Tuned") -> None:
    """Leave record, report and patch; a patch of an earlier run does not stay."""
    from reports import tuning as drawn

    try:
        output.make(out)
        output.write(out / "tuning.json", (tuned.model_dump_json(indent=1) + "\n").encode())
        output.write(out / "tuning.md", drawn.report(tuned).source.encode())
        if tuned.patch:
            output.write(out / "params.patch", tuned.patch.encode())
        else:
            (out / "params.patch").unlink(missing_ok=True)
    except OSError as error:
        raise UserProblem(f"cannot write ({error.strerror})", str(out), "Name another folder with --out") from None


def _show(tuned: "Tuned", *, applied: bool) -> None:
    from assay import terminal
    from policy.facts.override import written
    from policy.training import span

    terminal.show_result(tuned.result)
    winner = tuned.winner.values if tuned.winner else {}
    rows = []
    for name, before in tuned.present.values.items():
        changed = name in winner and winner[name] != before
        rows.append((name, f"{written(before)} → {written(winner[name])}" if changed else written(before), False))
    rows += [(each.key, f"matters {each.share:.0%}", False) for each in tuned.weights]
    arms = ", ".join(f"{arm.strategy} {arm.trials} ({arm.good} good)" for arm in tuned.arms)
    rows.append(("trials", f"{tuned.trials} in all, {tuned.here} now in {span(tuned.seconds)}: {arms}", False))
    if len(tuned.objectives) > 1:
        rows.append(("compromises", f"{len(tuned.front)}, in tuning.md", False))
    if applied:
        rows.append(("applied", "the winner stands in the files of parameters; look with `git diff`", False))
    terminal.show_rows(rows)
