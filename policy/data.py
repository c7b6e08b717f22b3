"""Data sets: their section of `assay.yml`, and what must hold of contract, difference and overlap."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from policy import images, personal, texts
from policy.drift import Drift
from policy.facts.data import ContractFacts, ContractFailure, DataFacts, DiffFacts, OverlapFacts
from policy.images import Images
from policy.models import Name, Section
from policy.personal import Personal
from policy.reasons import Reason
from policy.result import Result, Status, Value, combine
from policy.texts import Texts


class Leakage(Section):
    """Columns that tell the label almost alone."""

    label: Name
    """The column that the model is to predict."""
    strongest: Annotated[float, Field(gt=0, le=1)] = 0.95
    """The association with the label (0 to 1) from which a column is suspect."""


class Dataset(Section):
    """One data set: where it lies, and what must hold of it."""

    path: Name
    """A file or folder, tracked by DVC or by git: Parquet, CSV (also .gz, .zip), JSON Lines, Arrow; or see `images`, `text`."""
    contract: Annotated[str, Field(pattern=r"^[^:]+\.py:[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    """A pandera model in the repository, `path.py:Model`; its backend (polars, ibis, pyspark, pandas) picks the engine."""
    key: Annotated[list[Name], Field(min_length=1)] | None = None
    """The columns that make a row the same row: without them the difference knows only counts and columns."""
    owner: Name | None = None
    """Who answers for the data, such as `"@acme/data"`."""
    review_by: date | None = None
    """The day by which somebody is to look over the contract again; the pulse names it from 30 days before."""
    max_removed: Annotated[float, Field(ge=0, le=1)] | None = None
    """The largest share of base rows that may disappear; None: removals only warn."""
    allow_duplicates: bool = False
    """Whether rows may share their key."""
    allow_schema_breaks: bool = False
    """Whether columns may be removed or retyped; they then only warn."""
    drift: Drift | None = None
    """How far columns may move against the base; `{}` takes the defaults."""
    personal: Personal | None = None
    """What to do about values that look personal: `block`, `warn`, or a section."""
    disjoint_from: list[Name] = []
    """Paths of data sets that may not share a key with this one (train against evaluation)."""
    leakage: Leakage | None = None
    """Look for columns that tell the label almost alone."""
    images: Images | None = None
    """The path is a folder of images, each of them a row: contract, difference and drift are of what is measured of them."""
    text: Texts | None = None
    """The path is a folder of texts (`.txt`, `.md`), each of them a row, as with `images`; or a table with a `column` of them."""

    @model_validator(mode="before")
    @classmethod
    def _keyed(cls, given: Any) -> Any:
        """A row of a folder of images or texts is its path, unless the policy names another key."""
        if not isinstance(given, dict) or given.get("key") is not None:
            return given
        text = given.get("text")
        column = text.get("column") if isinstance(text, dict) else getattr(text, "column", None)
        folder = given.get("images") is not None or (text is not None and column is None)
        return {**given, "key": ["path"]} if folder else given

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        asked = {"personal": self.personal, "leakage": self.leakage, "disjoint_from": self.disjoint_from}
        other = next((name for name, value in asked.items() if value), None)
        if self.images is not None and self.text is not None:
            raise ValueError("`images` and `text` are of different data: name one of them")
        if self.images is not None and other:
            raise ValueError(f"`{other}` reads tables, and with `images` this is a folder of images")
        if self.review_by is not None and self.contract is None:
            raise ValueError("`review_by` is about a contract: add `contract`, or leave it out")
        if self.of_files and other:
            raise ValueError(f"`{other}` reads tables, and with `text` this is a folder of texts, unless it names a `column`")
        return self

    @property
    def of_files(self) -> bool:
        """Whether each file is a row: a folder of images or texts."""
        return self.images is not None or (self.text is not None and self.text.column is None)

    @property
    def labels(self) -> str | None:
        """The path of the table that names the classes of its images; None where there is none."""
        return self.images.labels if self.images else None


PROBLEMS = frozenset(
    {
        Reason.DATA_MISSING,
        Reason.DATA_EMPTY,
        Reason.DATA_CORRUPT,
        Reason.DATA_FORMAT,
        Reason.DATA_MIXED,
        Reason.DATA_BOMB,
        Reason.OBJECT_MISSING,
    }
)
"""Why data may be unreadable. Whatever else a runner names is told as unreadable, with its detail."""


def decide(section: Dataset, facts: DataFacts | None) -> Result:
    """Whether a data set keeps its contract, its rows, and the promises about other data sets. Drift is judged apart.

    What the policy asks for and the runner did not answer fails, unless both revisions hold the same bytes: then what
    was asked was answered when they were merged.
    """
    if facts is None:
        return _missing(section.path, section.path)
    where: dict[str, Value] = {"path": section.path}
    if facts.problem is not None:
        reason = facts.problem if facts.problem in PROBLEMS else Reason.DATA_UNREADABLE
        detail = facts.problem_detail or facts.problem.value
        return _said(section.path, Status.FAILED, reason, where | {"detail": detail}, facts)
    if facts.unchanged and facts.contract is None and facts.diff is None:
        return _said(section.path, Status.PASSED, Reason.DATA_UNCHANGED, where, facts)
    children = [*_contract(section, facts), *_difference(section, facts), *_promises(section, facts)]
    whole = combine(section.path, children)
    if whole.reason is not Reason.HOLDS:
        return whole.model_copy(update={"file": facts.file, "line": facts.line})
    return whole


def _said(name: str, status: Status, reason: Reason, values: dict[str, Value], facts: DataFacts) -> Result:
    return Result(name=name, status=status, reason=reason, values=values, file=facts.file, line=facts.line)


def _missing(name: str, part: str) -> Result:
    return Result(name=name, status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": part})


# --- the contract ---


def _contract(section: Dataset, facts: DataFacts) -> list[Result]:
    if section.contract is None:
        return []
    if facts.contract is None:
        return [] if facts.unchanged else [_missing("contract", f"the contract of {section.path}")]
    found = facts.contract
    results = [rules(found)]
    if found.changed:
        values: dict[str, Value] = {"contract": found.contract}
        results.append(_at(found, "contract edited", Status.WARNED, Reason.CONTRACT_CHANGED, values))
    return results


def _at(found: ContractFacts, name: str, status: Status, reason: Reason, values: dict[str, Value]) -> Result:
    """A result that points at the model's line."""
    file = found.contract.rpartition(":")[0] or None
    return Result(name=name, status=status, reason=reason, values=values, file=file, line=found.line)


def rules(found: ContractFacts) -> Result:
    """The contract over its rules: the widest failure speaks, and the runner's count says how many there are."""
    values: dict[str, Value] = {"contract": found.contract, "rows": found.rows}
    if found.rows == 0:
        return _at(found, "contract", Status.FAILED, Reason.CONTRACT_NO_ROWS, values)
    failing = [failure for failure in found.failures if not failure.warning]
    hidden = max(0, found.failures_total - len(found.failures))
    status = Status.FAILED if failing or hidden else Status.WARNED
    spoken = failing or found.failures
    if not spoken and not hidden:
        return _at(found, "contract", Status.PASSED, Reason.CONTRACT_HOLDS, values)
    if not spoken:
        return _at(
            found, "contract", status, Reason.CONTRACT_FAILURES, values | {"count": hidden, "rule": "the rest was not listed"}
        )
    worst = max(spoken, key=lambda failure: failure.count)
    values |= {"rule": _rule(worst), "detail": _extent(worst), "count": len(spoken) + hidden}
    one = len(spoken) + hidden == 1
    return _at(found, "contract", status, Reason.CONTRACT_FAILURE if one else Reason.CONTRACT_FAILURES, values)


def _rule(failure: ContractFailure) -> str:
    return failure.rule if failure.column is None else f"{failure.column}: {failure.rule}"


def _extent(failure: ContractFailure) -> str:
    if failure.whole:
        said = failure.examples[0].value if failure.examples else None
        return said or "it does not hold for the whole"
    return f"{failure.count:,} {'row' if failure.count == 1 else 'rows'}, {_percent(failure.share)}"


def _percent(share: float) -> str:
    """A share as people say it; what is not nothing never looks like nothing."""
    return f"{100 * share:.3g} %" if share == 0 or share >= 0.0001 else "less than 0.01 %"


# --- the content against the base ---


def _difference(section: Dataset, facts: DataFacts) -> list[Result]:
    """Removals first: what is gone is what nobody sees in the data that is there."""
    diff = facts.diff
    if diff is None:
        return [] if facts.unchanged else [_missing("difference", f"the difference of {section.path}")]
    if diff.rows_head == 0:
        return [_said("rows", Status.FAILED, Reason.DATA_EMPTY, {"path": section.path}, facts)]
    results = [_removed(section, diff), *_columns(section, diff)]
    if section.key:
        results += _keys(section, diff)
    return [result if result.file else result.model_copy(update={"file": facts.file, "line": facts.line}) for result in results]


def _removed(section: Dataset, diff: DiffFacts) -> Result:
    """Rows that are gone: by key where there is one, else at least as many as the data set shrank by."""
    if section.key and diff.removed is None:
        keys = ", ".join(section.key)
        return Result(name="rows", status=Status.FAILED, reason=Reason.KEY_UNUSABLE, values={"path": section.path, "key": keys})
    removed = diff.removed if diff.removed is not None else max(0, diff.rows_base - diff.rows_head)
    share = removed / max(1, diff.rows_base)
    allowed = None if section.max_removed is None else _percent(section.max_removed)
    values: dict[str, Value] = {"path": section.path, "count": removed, "share": _percent(share), "most": allowed}
    values |= {
        "added": diff.added if diff.added is not None else max(0, diff.rows_head - diff.rows_base),
        "changed": diff.changed,
    }
    if removed == 0:
        return Result(name="rows", status=Status.PASSED, reason=Reason.NO_ROWS_REMOVED, values=values)
    if section.max_removed is None:
        return Result(name="rows", status=Status.WARNED, reason=Reason.ROWS_REMOVED, values=values)
    if share > section.max_removed:
        return Result(name="rows", status=Status.FAILED, reason=Reason.ROWS_REMOVED_TOO_MANY, values=values)
    return Result(name="rows", status=Status.PASSED, reason=Reason.ROWS_REMOVED_WITHIN, values=values)


def _keys(section: Dataset, diff: DiffFacts) -> list[Result]:
    """Keys that do not name one row: duplicated, or null."""
    key = ", ".join(section.key or ())
    results = []
    if diff.duplicates_head and not section.allow_duplicates:
        values: dict[str, Value] = {"path": section.path, "key": key, "count": diff.duplicates_head}
        results.append(Result(name="duplicates", status=Status.FAILED, reason=Reason.ROWS_SHARE_KEY, values=values))
    if diff.null_keys_head:
        values = {"path": section.path, "key": key, "count": diff.null_keys_head}
        results.append(Result(name="null keys", status=Status.FAILED, reason=Reason.ROWS_WITHOUT_KEY, values=values))
    return results


def _columns(section: Dataset, diff: DiffFacts) -> list[Result]:
    """Columns that readers of the data set will miss, or find to be of another type."""
    breaks = [change for change in diff.schema_changes if change.change != "added"]
    if not breaks:
        return []
    shown = ", ".join(
        f"{change.column} is gone" if change.change == "removed" else f"{change.column} was {change.before} and is {change.after}"
        for change in breaks[:5]
    )
    rest = f", and {len(breaks) - 5} more" if len(breaks) > 5 else ""
    status = Status.WARNED if section.allow_schema_breaks else Status.FAILED
    values: dict[str, Value] = {"path": section.path, "detail": (shown + rest)[:1_900]}
    return [Result(name="schema", status=status, reason=Reason.SCHEMA_BREAK, values=values)]


# --- what the data set promises besides ---


def _promises(section: Dataset, facts: DataFacts) -> list[Result]:
    overlaps = {overlap.other: overlap for overlap in facts.overlaps}
    results = [_overlap(section, other, overlaps.get(other), facts) for other in section.disjoint_from]
    if section.leakage is not None:
        results += _leakage(section.leakage, facts)
    if section.images is not None and not (facts.unchanged and facts.images is None):
        results += images.decide(section.images, facts.images, section.path)
    if section.text is not None and not (facts.unchanged and facts.text is None):
        results += texts.decide(section.text, facts.text, section.path, new=facts.base_digest is None)
    if section.personal is not None and not (facts.unchanged and facts.personal is None):
        results.append(personal.decide(section.personal, facts.personal))
    return results


def _overlap(section: Dataset, other: str, found: OverlapFacts | None, facts: DataFacts) -> Result:
    name = f"apart from {other}"
    if found is None:
        return _missing(name, f"the overlap of {section.path} with {other}")
    values: dict[str, Value] = {"path": section.path, "other": other, "count": found.rows, "share": _percent(found.share)}
    if found.rows:
        return _said(name, Status.FAILED, Reason.OVERLAP, values, facts)
    return _said(name, Status.PASSED, Reason.DISJOINT, values, facts)


def _leakage(section: Leakage, facts: DataFacts) -> list[Result]:
    """One result a column that tells the label; columns below the threshold are no news."""
    if facts.leakage is None:
        return [] if facts.unchanged else [_missing("leakage", f"the leakage of {section.label}")]
    return [
        _said(
            f"leakage of {finding.column}",
            Status.FAILED,
            Reason.LEAKAGE,
            {"column": finding.column, "label": finding.label, "strength": finding.strength},
            facts,
        )
        for finding in facts.leakage
        if finding.strength >= section.strongest
    ]
