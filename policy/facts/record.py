"""The whole record, its version and its limits."""

from typing import Annotated, Literal

from pydantic import Field

from policy.facts.data import DataFacts, PipelineFacts
from policy.facts.evaluation import EvaluationFacts
from policy.facts.model import ModelFacts
from policy.facts.newest import NewestFacts
from policy.facts.plots import PlotFact
from policy.facts.tokens import TokenFacts
from policy.facts.training import TrainingFacts
from policy.models import Name, Number, Record, Text
from policy.reasons import Reason

SCHEMA_VERSION = "1.2"
MAX_BYTES = 5 * 1024 * 1024
Command = Literal["check", "train", "evaluate", "compare", "drift"]
"""The commands that start a run."""


class RevisionFacts(Record):
    """What was compared with what. SHAs are 40 (or 64) hex digits."""

    repository: Name | None = None
    pull_request: int | None = None
    base: Name
    base_name: Name
    head: Name
    head_name: Name | None = None
    merge_base: Name | None = None
    dirty: bool = False
    shallow: bool = False


class PolicyFacts(Record):
    """Which policy was read, and whether the change edits it."""

    path: Name = "assay.yml"
    digest: Name
    revision: Name | None = None
    """The commit of the base branch that it was read for, where the comparison is with another commit than that."""
    read_from: Literal["base", "head"]
    changed_by_head: bool = False


class ToolFacts(Record):
    """Versions of what computed the facts."""

    assay: Name
    python: Name
    dvc: Name | None = None
    polars: Name | None = None
    platform: Name | None = None


class RequestFacts(Record):
    """Which command the facts were gathered for; `id` names the asking. `reference` is what the command named to compare with."""

    id: Name
    command: Command
    stage: Name | None = None
    single: bool = False
    full: bool = False
    reference: Name | None = None


class OverrideFact(Record):
    """A parameter that was set in the work tree for this run, its values before and after as text."""

    file: Name
    key: Name
    before: Text
    after: Text


class ErrorFact(Record):
    """A part that could not be computed. It turns that part red; it never disappears."""

    part: Literal["data", "drift", "training", "evaluation", "fairness", "governance"]
    reason: Reason
    what: Text
    where: Text = ""
    next: Text = ""


class Facts(Record):
    """Everything a runner says about one change."""

    schema_version: Annotated[str, Field(pattern=r"^1\.\d{1,4}$")] = SCHEMA_VERSION
    revision: RevisionFacts
    policy: PolicyFacts
    tools: ToolFacts
    request: RequestFacts | None = None
    """The command that asked for it; none for the check of a pull request."""
    overrides: Annotated[list[OverrideFact], Field(max_length=50)] = []
    """Parameters that were set for this run: with any, the facts are about an experiment and not about what was committed."""
    changed_files: Annotated[list[Name], Field(max_length=5_000)] = []
    changed_files_total: Annotated[int, Field(ge=0)] = 0
    data: Annotated[list[DataFacts], Field(max_length=200)] = []
    pipeline: PipelineFacts | None = None
    training: TrainingFacts | None = None
    tokens: TokenFacts | None = None
    """What the run used of language models; none where the policy does not ask for it."""
    evaluation: EvaluationFacts | None = None
    model: ModelFacts | None = None
    newest: NewestFacts | None = None
    plots: Annotated[list[PlotFact], Field(max_length=50)] = []
    plots_total: Annotated[int, Field(ge=0)] = 0
    errors: Annotated[list[ErrorFact], Field(max_length=200)] = []
    nothing_to_check: bool = False
    """No file that the policy watches differs from the base, and every stage is current."""
    halted_by: Literal["data", "training"] | None = None
    """The part that fails so plainly that the parts after it were not computed."""
    seconds: Number = 0.0
