"""Reads metrics files and predictions at one revision (None: the work tree). Every failure to read is a reason, not an exception.

Only what the outside world did (a remote that does not answer) is raised: a retry may help there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from actions.datafile import Tracked
from actions.evaluate import files
from actions.evaluate.pairing import columns
from actions.evaluate.trouble import Undefined
from actions.frames import Unreadable, reading, scan
from actions.repository import Repository
from policy.evaluation import Predictions
from policy.problems import UserProblem
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

Found = TypeVar("Found")


@dataclass(frozen=True)
class Numbers:
    """What all metrics files say together at one revision.

    `numbers` and `problems` are by metric; `source` says which file a metric stands in; `files` holds why a file as a
    whole could not be read.
    """

    numbers: dict[str, float] = field(default_factory=dict)
    problems: dict[str, Undefined] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    files: dict[str, Undefined] = field(default_factory=dict)


def numbers(repository: Repository, paths: Sequence[str], revision: str | None) -> Numbers:
    """The metrics files at a revision. A metric that stands in two of them has no value."""
    found = Numbers()
    for path in paths:
        try:
            contents = _attempt(lambda path=path: _contents(repository, path, revision))  # type: ignore[misc]
        except Undefined as problem:
            found.files[path] = problem
            continue
        for name in (*contents.numbers, *contents.problems):
            if name in found.source:
                found.numbers.pop(name, None)
                found.problems[name] = Undefined(Reason.DUPLICATE_METRIC, f" ({found.source[name]} and {path})"[:500])
                continue
            found.source[name] = path
            if name in contents.numbers:
                found.numbers[name] = contents.numbers[name]
            else:
                found.problems[name] = contents.problems[name]
    return found


@dataclass(frozen=True)
class Side:
    """Predictions at one revision: the digest of the file, and its rows or why there are none."""

    digest: str | None
    rows: "pl.DataFrame | Undefined"


def predictions(
    repository: Repository, section: Predictions, more: Sequence[str], revision: str | None, known: Side | None
) -> Side:
    """The columns that are needed of a file of predictions; `known` rows are used again where the bytes are the same."""
    try:
        tracked = _attempt(lambda: _tracked(repository, section.path, revision))
        if known is not None and tracked.digest == known.digest:
            return known
        return Side(tracked.digest, _attempt(lambda: _rows(repository, tracked, columns(section, more))))
    except Undefined as problem:
        return Side(None, problem)


def _contents(repository: Repository, path: str, revision: str | None) -> files.Contents:
    tracked = repository.tracked(path, revision)
    if tracked is None or tracked.kind == "git":
        if tracked is not None and (tracked.size or 0) > files.MOST_BYTES:
            raise Undefined(Reason.UNREADABLE_METRIC, f" ({tracked.size:,} bytes are too many for a metrics file)")
        content = repository.read(path, revision)
        if content is None:
            raise _absent(path, revision)
        return files.read(path, content)
    (file, *more) = repository.files(tracked)
    if more or file.path.is_dir():
        raise Undefined(Reason.UNREADABLE_METRIC, " (it is a folder)")
    if file.path.stat().st_size > files.MOST_BYTES:
        raise Undefined(Reason.UNREADABLE_METRIC, f" ({file.path.stat().st_size:,} bytes are too many for a metrics file)")
    return files.read(path, file.path.read_bytes())


def _tracked(repository: Repository, path: str, revision: str | None) -> Tracked:
    tracked = repository.tracked(path, revision)
    if tracked is None:
        raise _absent(path, revision)
    return tracked


def _absent(path: str, revision: str | None) -> Undefined:
    reason = Reason.MISSING_METRIC if revision is None else Reason.MISSING_BASELINE
    return Undefined(reason, f" ({path} does not exist there)"[:600])


def _rows(repository: Repository, tracked: Tracked, wanted: Sequence[str]) -> "pl.DataFrame":
    found = repository.files(tracked)
    lazy = scan(found)
    names = lazy.collect_schema().names()
    with reading(found):
        return lazy.select([name for name in wanted if name in names]).collect()


def _attempt(read: Callable[[], Found]) -> Found:
    """What was read. A problem that the reader can mend (missing, corrupt, of no known format) becomes a reason."""
    try:
        return read()
    except Unreadable as problem:
        raise Undefined(Reason.UNREADABLE_METRIC, f" ({problem.where}: {problem.what})"[:1_000]) from problem
    except UserProblem as problem:
        raise Undefined(Reason.UNREADABLE_METRIC, f" ({problem.what})"[:1_000]) from problem
