"""Gathers everything that can be said about one change: the order of the parts, and what stops the next one.

Data is checked before anything is trained on it, and what a failing part makes pointless is not computed.
"""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import ValidationError

from actions import tokens
from actions.progress import Progress
from actions.repository import Repository
from policy import data, document
from policy.facts import DataFacts, ErrorFact, Facts, PipelineFacts, PolicyFacts, RevisionFacts, ToolFacts, TrainingFacts
from policy.facts.evaluation import EvaluationFacts
from policy.facts.model import ModelFacts
from policy.facts.newest import NewestFacts
from policy.facts.override import Override
from policy.facts.request import Request
from policy.problems import OutsideProblem, Problem, UserProblem
from policy.reasons import Reason
from policy.result import Status
from policy.training import Train
from policy.watch import concerns

if TYPE_CHECKING:
    from actions.evaluate.plots import Collected
    from reports.plots import Picture

Part = Literal["data", "drift", "training", "evaluation", "fairness", "governance"]
PARTS: tuple[Part, ...] = ("data", "drift", "training", "evaluation", "fairness", "governance")

_DATA_PARTS = frozenset({"data", "drift"})
_NO_OUTCOME = ("failed", "stopped", "not_reached")

Found = TypeVar("Found")


@dataclass(frozen=True)
class Options:
    """What to gather. Leaving a part out is for the verbs that do one thing; a verdict needs them all."""

    parts: frozenset[Part] = frozenset(PARTS)
    train: bool = True
    """Whether stages may be reproduced; without it, a stale stage is reported and nothing runs."""
    remote: bool = True
    """Whether the remote is asked which objects it has."""
    whole: bool = False
    """Compute every part even where nothing that the policy watches changed."""
    against: str | None = None
    """A revision to compare with exactly as it is, in place of where the change began. The base's policy judges all the same."""
    overrides: tuple[Override, ...] = ()
    """Parameters that are set in the work tree before anything else."""
    stage: str | None = None
    """The stage to bring up to date, in place of the policy's targets."""
    single: bool = False
    """Only that stage, not what it needs."""
    full: bool = False
    """Reproduce also what did not change."""
    retrain: bool = False
    """Whether it is the model of a branch that is trained anew, not a change to it."""
    request: Request | None = None
    """The command that asks for it."""

    @property
    def experiment(self) -> bool:
        """Whether a training run is asked for, also where the policy asks for none."""
        asked = self.request is not None and self.request.command == "train"
        return bool(self.overrides or self.stage or self.full or self.retrain or asked)


@dataclass(frozen=True)
class Checked:
    """A policy and the facts gathered under it: all that a verdict needs."""

    policy: document.Policy
    facts: Facts
    images: "list[Picture]" = field(default_factory=list)
    """The repository's image plots, for a page drawn here. They are no facts: nothing shows an image that a runner sent."""


def check(repository: Repository, base_name: str, progress: Progress, options: Options | None = None) -> Checked:
    """Compare the work tree with a base revision under the base's policy.

    Raises UserProblem where the question itself cannot be asked (no such revision, no policy, a broken policy). What
    goes wrong in one part becomes an error of that part, so that the other parts are still reported.
    """
    started = time.perf_counter()
    options = options or Options()
    progress.step(f"comparing with {(options.against or base_name)[:200]}")
    base = repository.resolve(base_name)
    policy, policy_facts = _policy(repository, base, base_name)
    against = repository.resolve(options.against) if options.against else None
    if options.stage:
        _must_be_a_stage(repository, options.stage)
    overridden = repository.override(options.overrides) if options.overrides else []
    if options.against and against:
        shown = against[:12] if options.against == against else options.against
        revision = _revision(repository, against, shown, exactly=True)
        policy_facts = policy_facts.model_copy(update={"revision": base})
    else:
        revision = _revision(repository, base, base_name)
    if options.request:
        revision = revision.model_copy(update={"pull_request": options.request.pull_request})
    gathering = _Gathering(repository, policy, revision, progress, options, policy_facts.read_from == "head")
    gathering.run()
    facts = Facts(
        revision=revision,
        policy=policy_facts,
        tools=_tools(),
        request=options.request.facts if options.request else None,
        overrides=overridden,
        changed_files=[name[:500] for name in gathering.changed[:5_000]],
        changed_files_total=len(gathering.changed),
        data=list(gathering.data.values()),
        pipeline=gathering.pipeline,
        training=gathering.training,
        tokens=tokens.used(repository, policy.cost, gathering.training, gathering.errors),
        evaluation=gathering.evaluation,
        model=gathering.model,
        newest=gathering.newest,
        plots=gathering.plots.plots if gathering.plots else [],
        plots_total=gathering.plots.total if gathering.plots else 0,
        errors=gathering.errors,
        nothing_to_check=gathering.nothing_to_check,
        halted_by=gathering.halted_by,
        seconds=round(time.perf_counter() - started, 3),
    )
    return Checked(policy, facts, gathering.images)


@dataclass
class _Gathering:
    """The work in hand: each step adds what it found."""

    repository: Repository
    policy: document.Policy
    revision: RevisionFacts
    progress: Progress
    options: Options
    first_policy: bool
    changed: list[str] = field(default_factory=list)
    data: dict[str, DataFacts] = field(default_factory=dict)
    pipeline: PipelineFacts | None = None
    training: TrainingFacts | None = None
    evaluation: EvaluationFacts | None = None
    model: ModelFacts | None = None
    newest: NewestFacts | None = None
    plots: "Collected | None" = None
    images: "list[Picture]" = field(default_factory=list)
    errors: list[ErrorFact] = field(default_factory=list)
    nothing_to_check: bool = False
    halted_by: Literal["data", "training"] | None = None

    @property
    def base(self) -> str:
        """What data and metrics are compared with: the merge base, so that nobody answers for what others merged.

        Where somebody names what to compare with, it is that.
        """
        return self.revision.merge_base or self.revision.base

    @property
    def whole(self) -> bool:
        """A policy that judges itself for the first time is tried on everything: nothing has ever held under it."""
        return self.options.whole or self.first_policy

    def run(self) -> None:
        """Every part that is asked for, in order."""
        self.changed = self.repository.changed_files(self.base)
        self._pipeline()
        if not self.whole and not self.options.full and self._nothing_watched_changed():
            self.nothing_to_check = True
            return
        produced = self._produced()
        self._data([section.path for section in self.policy.data if section.path not in produced])
        if self._data_fails():
            self.halted_by = "data"
            return
        self._training()
        self._data([section.path for section in self.policy.data if section.path in produced])
        if self._training_fails():
            self.halted_by = "training"
        else:
            self._evaluation()
            self._newest()
            self._plots()
            self._model()

    def _pipeline(self) -> None:
        from actions.data.state import inspect

        self.progress.step("state of the pipeline")
        self.pipeline = self._guard("training", lambda: inspect(self.repository, check_remote=self.options.remote))

    def _nothing_watched_changed(self) -> bool:
        stages = self.pipeline.stages if self.pipeline else []
        if self.pipeline is None or self.pipeline.missing_remote or any(stage.state != "current" for stage in stages):
            return False
        if self.pipeline.problem is Reason.PIPELINE_UNREADABLE:
            return False  # what its stages read may have changed, and nobody can tell
        if concerns(self.policy, self.changed):
            return False
        # What git does not see: data changed on disk without `dvc add`.
        paths = [path for section in self.policy.data for path in (section.path, section.labels) if path]
        return all(self._same_bytes(path) for path in paths)

    def _same_bytes(self, path: str) -> bool:
        try:
            head, base = self.repository.tracked(path), self.repository.tracked(path, self.base)
        except Problem:
            return False  # the part `data` meets the same, and tells it
        return head is not None and base is not None and head.digest == base.digest

    def _produced(self) -> set[str]:
        """Data sets that a stage makes, or that are compared with such a one: they are checked after training."""
        if self.pipeline is None or self.pipeline.problem is not None:
            return set()
        outs = {link.path for stage in self.repository.stages() for link in stage.outs}
        needed = {each.path: {each.path, each.labels, *each.disjoint_from} for each in self.policy.data}
        return {path for path, needs in needed.items() if outs & needs}

    def _data(self, paths: list[str]) -> None:
        if not self.options.parts & _DATA_PARTS:
            return
        from actions.data.gather import gather

        ask = partial(gather, self.repository, base=self.base, progress=self.progress, parts=self.options.parts)
        for section in self.policy.data:
            if section.path in paths:
                facts = self._guard("data", partial(ask, section=section, whole=self.whole))
                if facts is not None:
                    self.data[section.path] = facts

    def _training(self) -> None:
        options, section = self.options, self._section()
        if "training" not in options.parts or section is None or not options.train:
            return
        current = self.pipeline is not None and all(stage.state == "current" for stage in self.pipeline.stages)
        if current and not options.full:
            return
        from actions.train.run import run

        ask = partial(run, self.repository, section, self.pipeline, self.progress, single=options.single, full=options.full)
        self.progress.step("training")
        self.training = self._guard("training", ask)
        self.repository.forget()

    def _section(self) -> Train | None:
        """What to reproduce: what the policy says, or the stage that was asked for within the policy's budget."""
        section = self.policy.train or (Train() if self.options.experiment else None)
        stage = self.options.stage
        return section.model_copy(update={"targets": [stage]}) if section is not None and stage else section

    def _evaluation(self) -> None:
        section = self.policy.evaluate
        if section is None or not self.options.parts & {"evaluation", "fairness"}:
            return
        from actions.evaluate.gather import gather

        self.progress.step("metrics and their uncertainty")
        self.evaluation = self._guard("evaluation", lambda: gather(self.repository, section, self.base, self.progress))

    def _newest(self) -> None:
        """What no part judges of a model that was trained anew: how it does on what production has labels of."""
        if self.options.retrain and self.policy.retrain and self.policy.retrain.newest:
            from actions.retrain.newest import gather

            self.newest = gather(self.repository, self.policy, self.base, self.progress, os.environ, datetime.now(UTC))

    def _plots(self) -> None:
        """What belongs to the metrics without being judged."""
        if "evaluation" not in self.options.parts:
            return
        from actions.evaluate.plot_images import images
        from actions.evaluate.plots import collect

        self.plots = collect(self.repository, self.base, self.progress)
        self.images = images(self.repository, self.base, self.revision.base_name)

    def _model(self) -> None:
        """What the model card says the model was made of; only a whole check of what is committed shows a card."""
        model = self.policy.model
        if model is None or self.options.experiment or not self.options.parts.issuperset(PARTS):
            return
        from actions.registry.card import facts

        base, head = self.base, self.revision.head
        self.model = facts(self.repository, model, base, head, self.changed)

    def _data_fails(self) -> bool:
        """Whether the data is refused: nothing is trained on it then."""
        if "data" not in self.options.parts:
            return False
        sections = {section.path: section for section in self.policy.data}
        judged = (data.decide(sections[path], facts) for path, facts in self.data.items())
        return any(error.part == "data" for error in self.errors) or any(one.status is Status.FAILED for one in judged)

    def _training_fails(self) -> bool:
        """Whether the run left no outcome to evaluate."""
        if self.training is None:
            return any(error.part == "training" for error in self.errors)
        return self.training.problem is not None or any(stage.outcome in _NO_OUTCOME for stage in self.training.stages)

    def _guard(self, part: Part, gather: Callable[[], Found]) -> Found | None:
        """What a part found, or None after noting why it could not be found."""
        try:
            return gather()
        except Problem as problem:
            reason = Reason.OUTSIDE if isinstance(problem, OutsideProblem) else Reason.ERROR
            note = ErrorFact(
                part=part, reason=reason, what=problem.what[:2_000], where=problem.where[:2_000], next=problem.next[:2_000]
            )
            self.errors.append(note)
            return None
        except ValidationError as error:
            # What was found is of a kind or size that facts may not have, such as a name without end: red, not a crash.
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))[:200]
            what = f"what was found does not fit into the facts: {error.title}.{place}: {first['msg']}"
            self.errors.append(ErrorFact(part=part, reason=Reason.ERROR, what=what[:2_000], next="Shorten or rename it"))
            return None


def _revision(repository: Repository, base: str, base_name: str, *, exactly: bool = False) -> RevisionFacts:
    """What is compared with what; with `exactly`, the base itself and not where the head left it."""
    head = repository.head()
    return RevisionFacts(
        base=base,
        base_name=base_name if base_name != base else base[:12],  # a whole SHA names nothing that its beginning does not
        head=head.sha,
        head_name=head.branch,
        merge_base=base if exactly else repository.merge_base(base, head.sha),
        dirty=head.dirty,
        shallow=head.shallow,
    )


def _must_be_a_stage(repository: Repository, name: str) -> None:
    stages = [stage.name for stage in repository.stages()]
    if not any(each == name or each.startswith(f"{name}@") for each in stages):
        raise UserProblem(f"no stage is called {name!r}", "", f"Stages: {', '.join(stages[:20]) or 'there are none'}")


def _policy(repository: Repository, revision: str, name: str) -> tuple[document.Policy, PolicyFacts]:
    """The policy of the base; the head's own only where the base has none yet."""
    base = repository.read(document.FILE_NAME, revision)
    try:
        head = repository.read(document.FILE_NAME)
    except UserProblem:  # such as a symbolic link that leads out
        if base is None:
            raise
        head = None  # the base judges, and sees that the file was altered
    raw = base if base is not None else head
    if raw is None:
        raise UserProblem(
            f"there is no {document.FILE_NAME}, neither on {name} nor here",
            str(repository.root),
            "Write one (docs/policy.md shows how), then run this again",
        )
    where = f"{name}:{document.FILE_NAME}" if base is not None else document.FILE_NAME
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserProblem(f"not UTF-8 (byte {error.start})", where, "Save the file as UTF-8") from None
    facts = PolicyFacts(
        digest=document.digest(text),
        read_from="base" if base is not None else "head",
        changed_by_head=base is not None and base != head,
    )
    return document.read(text, where), facts


def _tools() -> ToolFacts:
    return ToolFacts(
        assay=_version("assay"),
        python=platform.python_version(),
        dvc=_version("dvc"),
        polars=_version("polars"),
        platform=f"{platform.system()} {platform.machine()}",
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        # A checkout is not installed, so it has no metadata.
        return "checkout"
