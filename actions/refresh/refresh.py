"""Brings imports up to date, judges what came in, and leaves either all of it or nothing in the work tree."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from actions.check import Checked, Options, check
from actions.progress import Progress
from actions.refresh.imports import choose, source, version
from actions.refresh.kept import Kept
from actions.repository import Out, Repository
from actions.train.results import packed
from actions.train.transfer import keep, renew
from policy.facts.commit import CommitFacts, digest
from policy.problems import UserProblem
from policy.refresh import PARTS, ImportFacts, Outcome, Refresh, decide, unchanged

_OPTIONS = Options(parts=PARTS, train=False, remote=False)


@dataclass(frozen=True)
class Refreshed:
    """What came of it, and the check that says why; no check where nothing was new."""

    record: Refresh
    checked: Checked | None


def refresh(
    repository: Repository,
    names: Sequence[str],
    progress: Progress,
    *,
    push: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Refreshed:
    """Update imports (all, or those named by path or `.dvc` file), and compare them with `HEAD` under the policy of `HEAD`.

    New data that keeps what the policy asks stays in the work tree; with `push`, its bytes go to DVC's remote. Where any of it is
    refused, or anything goes wrong, every import is put back as it was. An import with the same bytes as before is put back too.

    Raises:
        OutsideProblem: a source or the remote cannot be reached.
        UserProblem: there is no such import, one has changes that nobody committed, there is no policy, or no remote to push to.
    """
    chosen = choose(repository, names)
    if push:
        _must_have_a_remote(repository, chosen)
    sha = repository.resolve("HEAD")
    with _kept(repository, chosen) as kept:
        renew(repository, [out.file for out in chosen], progress, environment)
        imports = [_compared(repository, out) for out in chosen]
        for out, each in zip(chosen, imports, strict=True):
            if not each.changed:
                kept.put_back(out)
        repository.forget()
        if not any(each.changed for each in imports):
            return Refreshed(unchanged(sha, imports), None)
        checked = check(repository, "HEAD", progress, _OPTIONS)
        record = decide(checked.policy, checked.facts, imports)
        if record.outcome is Outcome.REJECTED:
            for out in chosen:
                kept.put_back(out)
        elif push:
            _push(repository, [each.file for each in imports if each.changed], progress, environment)
    return Refreshed(record, checked)


def pack(repository: Repository, record: Refresh, run: str, facts: bytes) -> CommitFacts:
    """The `.dvc` files of what was taken in, to be committed. Raises UserProblem where one is no plain text.

    `run` is the run of Actions that made it, by which whoever commits it tells it from what others left; `facts` the bytes of the
    facts that speak for it.
    """
    taken = record.outcome is Outcome.ACCEPTED
    files = [each.file for each in record.imports if each.changed] if taken else []
    left = packed(repository, run, record.sha, files)
    return left.model_copy(update={"facts": digest(facts)}) if taken else left


@contextmanager
def _kept(repository: Repository, imports: Sequence[Out]) -> Iterator[Kept]:
    """Keep imports for as long as it lasts, and put all of them back where it ends in an error."""
    kept = Kept(repository, imports)
    try:
        yield kept
    except BaseException:
        for out in imports:
            kept.put_back(out)
        raise
    finally:
        kept.drop()
        repository.forget()


def _compared(repository: Repository, before: Out) -> ImportFacts:
    after = next(out for out in repository.outs() if out.path == before.path)
    then, now = repository.read(before.file, "HEAD") or b"", repository.read(before.file) or b""
    return ImportFacts(
        path=before.path, file=before.file, source=source(now), before=version(then, before), after=version(now, after)
    )


def _push(repository: Repository, files: list[str], progress: Progress, environment: Mapping[str, str] | None) -> None:
    """Push what DVC's remote is to hold; what comes from another repository is kept there."""
    pushed = [out.file for out in repository.outs() if out.pushed and out.file in files]
    if pushed:
        keep(repository, pushed, progress, environment)


def _must_have_a_remote(repository: Repository, imports: Sequence[Out]) -> None:
    """Told before anything is brought here."""
    if repository.store.remote_name() is None and any(out.pushed and not out.remote for out in imports):
        raise UserProblem("DVC has no remote, so what comes in cannot be pushed", "", "`dvc remote add --default NAME URL`")
