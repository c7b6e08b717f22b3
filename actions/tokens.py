"""What the run at hand used of language models: read where the stage that tells it was executed in this run, and nowhere else."""

from collections.abc import Mapping, Sequence

from actions.repository import Repository
from policy import usage
from policy.cost import Cost
from policy.facts import ErrorFact, TrainingFacts
from policy.facts.tokens import ModelTokens, TokenFacts
from policy.problems import Problem

_SPENT = ("executed", "failed", "stopped")
"""Outcomes of stages that began. What came from the run cache, or is as it was, used nothing."""


def used(
    repository: Repository, cost: Cost | None, training: TrainingFacts | None, errors: Sequence[ErrorFact] = ()
) -> TokenFacts | None:
    """What the policy's `cost.tokens.file` says; None where the policy names none.

    It never raises: what is not known is said in `problem`. `errors` are those of the check.
    """
    if cost is None or cost.tokens is None:
        return None
    nothing = TokenFacts(file=cost.tokens.file)
    if training is None:
        lost = any(each.part == "training" for each in errors)
        return _unknown(nothing, "the run of the pipeline broke off") if lost else nothing
    began = {stage.name: stage.outcome for stage in training.stages if stage.outcome in _SPENT}
    if not began:
        return nothing
    try:
        return _told(repository, nothing, began)
    except (Problem, OSError) as error:
        return _unknown(nothing, error.what if isinstance(error, Problem) else error.strerror or "it cannot be read")


def _told(repository: Repository, nothing: TokenFacts, began: Mapping[str, str]) -> TokenFacts:
    writer = next((each for each in repository.stages() if any(out.path == nothing.file for out in each.outs)), None)
    if writer is None:
        return _unknown(nothing, "no stage of dvc.yaml has it among its outs or metrics")
    of_stage = nothing.model_copy(update={"stage": writer.name})
    outcome = began.get(writer.name)
    if outcome is None:
        return of_stage
    if outcome != "executed":
        return _unknown(of_stage, f"stage {writer.name} did not come to its end")
    with (repository.root / nothing.file).open("rb") as file:
        raw = file.read(usage.MOST_BYTES + 1)
    models = [
        ModelTokens(model=each.model, input=each.input, output=each.output, cached=each.cached)
        for each in usage.read(raw, nothing.file)
    ]
    return of_stage.model_copy(update={"models": models})


def _unknown(facts: TokenFacts, why: str) -> TokenFacts:
    return facts.model_copy(update={"problem": why[:2_000]})
