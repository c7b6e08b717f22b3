"""What a runner says about data sets and the pipeline that makes them."""

from typing import Annotated, Literal

from pydantic import Field

from policy.facts.images import ImageFacts
from policy.facts.texts import TextFacts
from policy.models import Column, Name, Number, Record, Text
from policy.reasons import Reason

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Example(Record):
    """One offending row: its key (column -> value, as text) and the value found, masked where personal."""

    key: dict[str, Text] = {}
    value: Text | None = None


class ContractFailure(Record):
    """One rule of a contract that does not hold, and in how many rows."""

    rule: Text
    column: Column | None = None
    count: Count
    share: Share
    whole: bool = False
    """The rule speaks of the column or the table, not of rows: a missing column, a type, a mean. `count` is then all rows,
    and the one example says what was found."""
    warning: bool = False
    """The contract itself only warns of it (`raise_warning`)."""
    examples: Annotated[list[Example], Field(max_length=10)] = []


class ContractFacts(Record):
    """A contract tried on the head's data."""

    contract: Name
    backend: Literal["polars", "ibis", "pyspark", "pandas"]
    rows: Count
    failures: Annotated[list[ContractFailure], Field(max_length=1_000)] = []
    failures_total: Count = 0
    """How many rules do not hold, where that is more than are listed."""
    line: int | None = None
    """The line of the contract file on which the model begins."""
    changed: bool = False
    """Whether the head changes the contract's file, so that data and rule came in the same change."""


class SchemaChange(Record):
    """A column that was removed, added or retyped. `breaking` is true for removed and retyped."""

    column: Column
    change: Literal["removed", "added", "retyped"]
    before: Name | None = None
    after: Name | None = None


class ColumnChange(Record):
    """How one column differs between base and head, over the rows both have (by key)."""

    column: Column
    changed: Count = 0
    nulls_base: Count = 0
    nulls_head: Count = 0


class DiffFacts(Record):
    """The content difference of one data set by its key; without a key, by row counts and schema alone.

    The n-th row of a key in the base belongs to its n-th row in the head. `duplicates_*` count the rows beyond the first of
    each key. Without a key, or where it cannot be compared, what is counted by key is None and `columns` hold nulls alone.
    """

    key: Annotated[list[Column], Field(max_length=50)] = []
    rows_base: Count
    rows_head: Count
    removed: Count | None = None
    added: Count | None = None
    changed: Count | None = None
    duplicates_base: Count | None = None
    duplicates_head: Count | None = None
    null_keys_head: Count | None = None
    schema_changes: Annotated[list[SchemaChange], Field(max_length=2_000)] = []
    columns: Annotated[list[ColumnChange], Field(max_length=2_000)] = []
    removed_examples: Annotated[list[Example], Field(max_length=10)] = []
    duplicate_examples: Annotated[list[Example], Field(max_length=10)] = []


class ColumnDrift(Record):
    """How far one column moved.

    `value` is what the policy judges, in units of `measure`; the other distances are there for reading.
    `histogram_*` are counts over the same bins (numbers) or the same categories, for the pictures.
    `bound` is the largest error of `value` that the profile can have made; 0 in exact mode.
    """

    column: Column
    kind: Literal["number", "category", "time", "boolean", "other"]
    """`other`: nested or binary, or without any value on both sides; such a column has no distance."""
    measure: Literal["wasserstein", "ks", "jensen_shannon", "psi"]
    value: Number | None
    bound: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    distances: dict[str, Number] = {}
    nulls_base: Share = 0.0
    nulls_head: Share = 0.0
    new_categories: Annotated[list[Column], Field(max_length=20)] = []
    new_categories_total: Count = 0
    gone_categories: Annotated[list[Column], Field(max_length=20)] = []
    gone_categories_total: Count = 0
    labels: Annotated[list[Text], Field(max_length=64)] = []
    histogram_base: Annotated[list[Count], Field(max_length=64)] = []
    histogram_head: Annotated[list[Count], Field(max_length=64)] = []
    skipped: Reason | None = None
    """Why the column is rightly not judged (new, nested, an identifier); `problem` says why it cannot be."""
    problem: Reason | None = None


class DriftFacts(Record):
    """Drift of one data set against its base."""

    mode: Literal["exact", "profile"]
    rows_base: Count
    rows_head: Count
    columns: Annotated[list[ColumnDrift], Field(max_length=2_000)] = []


class PersonalFinding(Record):
    """Values in a column that look personal. Examples are masked; no value is ever whole."""

    column: Column
    kind: Name
    form: Name | None = None
    """What exactly the values look like, such as `PL PESEL`."""
    count: Count
    """Values that look so, of those read."""
    share: Share
    """The same as a share of the values read that are not null."""
    read: Literal["sample", "whole"]
    examples: Annotated[list[Text], Field(max_length=3)] = []


class PersonalFacts(Record):
    """The search for personal data in one data set. `rows_read` is the size of the sample of every column."""

    rows_read: Count
    columns_read: Count
    findings: Annotated[list[PersonalFinding], Field(max_length=2_000)] = []


class OverlapFacts(Record):
    """Rows, by key, that stand both in this data set and in one it must not share rows with.

    `rows` counts different keys without a null, and `share` is of all such keys of this data set.
    """

    other: Name
    key: Annotated[list[Column], Field(max_length=50)]
    rows: Count
    share: Share
    examples: Annotated[list[Example], Field(max_length=10)] = []


class LeakageFinding(Record):
    """A column that tells the label almost alone."""

    column: Column
    label: Column
    strength: Share
    """Association with the label in 0..1: the rescaled AUC 2|AUC-1/2| for a two-valued label, else Cramér's V or |r|."""


class DataFacts(Record):
    """One data set of the policy, at base and head."""

    path: Name
    base_digest: Name | None = None
    head_digest: Name | None = None
    line: int | None = None
    """The line of the `.dvc`, `dvc.yaml` or `dvc.lock` file that names it, in `file`."""
    file: Name | None = None
    bytes_head: Count | None = None
    contract: ContractFacts | None = None
    diff: DiffFacts | None = None
    drift: DriftFacts | None = None
    personal: PersonalFacts | None = None
    overlaps: Annotated[list[OverlapFacts], Field(max_length=100)] = []
    leakage: Annotated[list[LeakageFinding], Field(max_length=2_000)] | None = None
    """None: nobody looked, which is not the same as nothing found."""
    images: ImageFacts | None = None
    """Of a folder of images; None: nobody looked."""
    relabelled: bool = False
    """Whether the table that names the classes of the images is another one at the head."""
    text: TextFacts | None = None
    """Of a folder or a column of texts; None: nobody looked."""
    problem: Reason | None = None
    """Why the data could not be read at all (missing, empty, corrupt, not in the remote)."""
    problem_detail: Text = ""

    @property
    def unchanged(self) -> bool:
        """Whether base and head hold the same bytes, with the same labels."""
        return self.base_digest is not None and self.base_digest == self.head_digest and not self.relabelled


class StageState(Record):
    """One stage as `dvc.lock` and the work tree know it, before anything runs."""

    name: Name
    state: Literal["current", "changed", "never_run", "upstream"]
    """`changed`: own command, dependency, parameter or out differs; `upstream`: only waits for one that does."""
    because: Annotated[list[Text], Field(max_length=100)] = []
    restorable: bool = False
    """Whether the run cache holds the outcome, so that nothing needs to be computed."""
    file: Name | None = None
    line: int | None = None


class PipelineFacts(Record):
    """The state of DVC's pipeline and remote, read without pulling."""

    stages: Annotated[list[StageState], Field(max_length=2_000)] = []
    missing_remote: Annotated[list[Name], Field(max_length=2_000)] = []
    """Outs in the head's lock whose objects the remote does not have."""
    remote: Name | None = None
    remote_checked: bool = False
    problem: Reason | None = None
    problem_detail: Text = ""
