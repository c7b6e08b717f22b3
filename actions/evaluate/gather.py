"""Gathers everything about metrics: what files and predictions say at base, head and baselines, measured by pure functions."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from actions import workers
from actions.evaluate import fairness, sources
from actions.evaluate.functions import Answer
from actions.evaluate.history import history
from actions.evaluate.measure import Measured, measure
from actions.evaluate.plan import plan, plan_since
from actions.evaluate.sources import Numbers, Side
from actions.evaluate.trouble import Undefined
from actions.progress import Progress
from actions.repository import Repository
from policy.evaluation import Evaluate
from policy.facts.evaluation import BaselineFact, EvaluationFacts, FairnessFact, MetricFact, MetricsFileFact
from policy.problems import UserProblem
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

_SECONDS = 600.0
"""How long a metric function of the user may take for all of its frames."""
_MOST_METRICS = 5_000


def gather(repository: Repository, section: Evaluate, base: str, progress: Progress) -> EvaluationFacts:
    """The facts about metrics of the work tree against a base commit.

    Raises:
        OutsideProblem: a remote that should have the predictions cannot be reached.
        UserProblem: fairness is asked for and fairlearn is not installed.
    """
    base_numbers = sources.numbers(repository, section.metrics, base)
    head_numbers = sources.numbers(repository, section.metrics, None)
    from_files = list(_from_files(base_numbers, head_numbers))
    if len(from_files) > _MOST_METRICS:
        detail = f" (the metrics files hold {len(from_files):,} metrics, more than {_MOST_METRICS:,})"
        return EvaluationFacts(problem=Reason.UNREADABLE_METRIC, problem_detail=detail)
    head, before = _sides(repository, section, base, progress)
    measured = _measured(repository, section, head, before, progress)
    return EvaluationFacts(
        metrics=[*from_files, *measured.metrics],
        baselines=[*_baselines(repository, section, head_numbers, head, before, measured, progress)],
        fairness=_fairness(section, measured, progress),
        pairing=measured.pairing,
        slices=measured.slices,
        files=[*_broken(base_numbers, "base"), *_broken(head_numbers, "head")],
        functions_changed=_functions_changed(repository, section, base),
        history=history(repository, section.metrics, [gate.metric for gate in section.gates], base),
        seed=section.seed,
    )


def _from_files(base: Numbers, head: Numbers) -> Iterator[MetricFact]:
    """Every metric that stands in a file at either side."""
    for name in dict.fromkeys([*head.source, *base.source]):
        problem = None if name in head.numbers else head.problems.get(name, Undefined(Reason.MISSING_METRIC))
        problem_base = None if name in base.numbers else base.problems.get(name, Undefined(Reason.MISSING_BASELINE))
        source = head.source.get(name) or base.source[name]
        yield MetricFact(
            metric=name,
            source=source,
            base=base.numbers.get(name),
            head=head.numbers.get(name),
            problem_base=problem_base.reason if problem_base else None,
            problem_head=problem.reason if problem else None,
            detail=problem.detail if problem else problem_base.detail if problem_base else "",
        )


def _broken(numbers: Numbers, side: str) -> Iterator[MetricsFileFact]:
    for path, problem in numbers.files.items():
        # A file that the base does not have yet is no news: a gate that needs it says so itself.
        if side == "head":
            yield MetricsFileFact(path=path, side="head", problem=problem.reason, detail=problem.detail)
        elif problem.reason is not Reason.MISSING_BASELINE:
            yield MetricsFileFact(path=path, side="base", problem=problem.reason, detail=problem.detail)


def _sides(repository: Repository, section: Evaluate, base: str, progress: Progress) -> tuple[Side | None, Side | None]:
    if section.predictions is None:
        return None, None
    progress.step(f"reading {section.predictions.path}")
    more = _more(section)
    head = sources.predictions(repository, section.predictions, more, None, None)
    return head, sources.predictions(repository, section.predictions, more, base, head)


def _more(section: Evaluate) -> list[str]:
    return [*section.slice_columns, *([section.fairness.by] if section.fairness else [])]


def _measured(repository: Repository, section: Evaluate, head: Side | None, base: Side | None, progress: Progress) -> Measured:
    if head is None or base is None:
        return Measured()
    progress.step("metrics with their uncertainty")
    return measure(base.rows, head.rows, section, plan(section), _Worker(repository.root))


def _fairness(section: Evaluate, measured: Measured, progress: Progress) -> list[FairnessFact]:
    if section.fairness is None or section.predictions is None:
        return []
    progress.step(f"fairness by {section.fairness.by}")
    return [fairness.measure(measured.base, measured.head, section.predictions, section.fairness)]


def _functions_changed(repository: Repository, section: Evaluate, base: str) -> list[str]:
    paths = dict.fromkeys(gate.function.partition(":")[0] for gate in section.gates if gate.function)
    return [path for path in paths if repository.read(path, base) != repository.read(path)]


def _baselines(
    repository: Repository,
    section: Evaluate,
    head_numbers: Numbers,
    head: Side | None,
    base: Side | None,
    measured: Measured,
    progress: Progress,
) -> Iterator[BaselineFact]:
    """Every metric that is asked for, at every accepted baseline that is asked for."""
    for reference in section.references:
        progress.step(f"the change since {reference}")
        asked = plan_since(section, reference)
        whole = reference == section.baseline
        written = [gate.metric for gate in section.gates if not section.computes(gate) and (whole or gate.since == reference)]
        try:
            revision = repository.resolve(reference)
        except UserProblem as problem:
            unknown = Undefined(Reason.MISSING_BASELINE, f" ({problem.what})"[:500])
            yield from _unknown(section, reference, [*asked.names, *written], unknown)
            continue
        yield from _written(section, reference, list(dict.fromkeys(written)), repository, revision, head_numbers)
        if head is None or section.predictions is None:
            continue
        side = sources.predictions(repository, section.predictions, _more(section), revision, base)
        if side is base and not asked.gates:
            facts = [fact for fact in measured.metrics if fact.slice is None]
        else:
            facts = measure(side.rows, head.rows, section, asked, _Worker(repository.root)).metrics
        yield from (_since(reference, fact) for fact in facts)


def _unknown(section: Evaluate, reference: str, names: Sequence[str], problem: Undefined) -> Iterator[BaselineFact]:
    path = section.predictions.path if section.predictions else "predictions"
    for name in dict.fromkeys(names or ["every metric"]):
        gate = next((gate for gate in section.gates if gate.metric == name), None)
        computed = gate is None or section.computes(gate)
        source = path if computed else (section.metrics or [path])[0]
        yield BaselineFact(metric=name, source=source, reference=reference, problem=problem.reason, detail=problem.detail)


def _written(
    section: Evaluate, reference: str, names: list[str], repository: Repository, revision: str, head: Numbers
) -> Iterator[BaselineFact]:
    """Numbers of metrics files: without an interval."""
    then = sources.numbers(repository, section.metrics, revision) if names else Numbers()
    for name in names:
        problem = head.problems.get(name) or then.problems.get(name)
        if problem is None and name not in then.numbers:
            problem = Undefined(Reason.MISSING_BASELINE)
        if problem is None and name not in head.numbers:
            problem = Undefined(Reason.MISSING_METRIC)
        source = head.source.get(name) or then.source.get(name) or (section.metrics or ["metrics"])[0]
        yield BaselineFact(
            metric=name,
            source=source,
            reference=reference,
            value=then.numbers.get(name),
            head=head.numbers.get(name),
            problem=problem.reason if problem else None,
            detail=problem.detail if problem else "",
        )


def _since(reference: str, fact: MetricFact) -> BaselineFact:
    return BaselineFact(
        metric=fact.metric,
        source=fact.source,
        reference=reference,
        slice=fact.slice,
        rows=fact.rows,
        value=fact.base,
        head=fact.head,
        confidence=fact.confidence,
        problem=fact.problem_head or fact.problem_base,
        detail=fact.detail,
    )


class _Worker:
    """Applies the user's metric functions in a process of their own, on frames handed over as files."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __call__(self, function: str, frames: "Sequence[pl.DataFrame]") -> list[Answer]:
        with tempfile.TemporaryDirectory(prefix="assay-metric-", ignore_cleanup_errors=True) as folder:
            paths = [Path(folder, f"{number}.parquet") for number in range(len(frames))]
            for path, frame in zip(paths, frames, strict=True):
                frame.write_parquet(path, compression="lz4", statistics=False)
            try:
                payload = {"function": function, "frames": [str(path) for path in paths]}
                told = workers.call("metric", payload, root=self._root, timeout=_SECONDS)
                return [
                    Answer(*_checked(value, problem)) for value, problem in zip(told["values"], told["problems"], strict=True)
                ]
            except UserProblem as problem:
                return [Answer(None, f" ({problem})"[:1_000])] * len(frames)
            except (KeyError, TypeError, ValueError):
                return [Answer(None, " (the worker's answer cannot be read)")] * len(frames)


def _checked(value: object, problem: object) -> tuple[float | None, str]:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return float(value), ""
    told = problem if isinstance(problem, dict) else {}
    where = f" at {told['where']}" if told.get("where") else ""
    return None, f" ({told.get('what', 'it returned no number')}{where})"[:1_000]
