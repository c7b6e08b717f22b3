"""Finding one's way in the tree of results, and words that several sections share."""

from collections.abc import Iterable, Iterator

from policy.facts.data import Example
from policy.facts.evaluation import Slice
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, join, put, text

LOUD = (Status.FAILED, Status.WARNED)


def part(verdict: Verdict, name: str) -> Result | None:
    """The part of that name; None where the verdict has none."""
    return next((child for child in verdict.result.children if child.name == name), None)


def child(parent: Result | None, name: str) -> Result | None:
    """A direct child of that name."""
    return next((each for each in parent.children if each.name == name), None) if parent else None


def checks(result: Result) -> Iterator[Result]:
    """The judged checks of a part: its leaves. A part without checks of its own is one itself."""
    return (leaf for leaf in result.leaves() if leaf.status is not Status.SKIPPED)


def status_of(result: Result | None, default: Status = Status.PASSED) -> Status:
    """The status of a result that may be missing."""
    return default if result is None else result.status


def on_slice(metric: str, where: Slice | None) -> Markdown:
    """`roc_auc` on `carrier=HA`."""
    return code(metric) if where is None else put("{} on {}", code(metric), code(f"{where.column}={where.value}"))


def before_after(before: str, after: str) -> Markdown:
    """Two formatted numbers, or one where they are the same."""
    return Markdown(before if before == after else f"{before} → {after}")


def examples(found: Iterable[Example], total: int, limit: int) -> Markdown:
    """Offending rows: `id=7` has `-5`. Says how many of `total` more there are."""
    known = list(found)
    shown = [_example(each) for each in known[:limit]]
    if not shown:
        return EMPTY
    rest = total - len(shown)
    return join([*shown, Markdown(f"and {numbers.count(rest)} more")] if rest > 0 else shown, "; ")


def _example(example: Example) -> Markdown:
    key = ", ".join(f"{column}={value}" for column, value in example.key.items())
    if not key:
        return EMPTY if example.value is None else code(example.value)
    return code(key) if example.value is None else put("{}: {}", code(key), code(example.value))


def prose(problem: Reason, detail: str) -> Markdown:
    """A reason's sentence is filled in by the verdict; here stand the words of its code, and the detail that came with it."""
    words = Markdown(problem.value.replace("-", " "))
    return put("{}: {}", words, text(detail)) if detail else words


def plural(amount: int, word: str) -> str:
    """1 row, 2 rows, 225,008 rows."""
    return f"{numbers.count(amount)} {word}{'' if amount == 1 else 's'}"
