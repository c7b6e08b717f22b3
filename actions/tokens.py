"""What the run at hand used of language models: read where the stage that tells it was executed in this run, and nowhere else."""

from collections.abc import Sequence

from actions.repository import Repository
from policy import usage
from policy.cost import Cost
from policy.facts import ErrorFact, TrainingFacts
from policy.facts.tokens import ModelTokens, TokenFacts
from policy.problems import Problem, UserProblem

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
        writer = next((each for each in repository.stages() if any(out.path == nothing.file for out in each.outs)), None)
    except Problem as problem:
        return _unknown(nothing, problem.what)
    if writer is None:
        return _unknown(nothing, "no stage of dvc.yaml has it among its outs or metrics")
    return _told(repository, nothing.model_copy(update={"stage": writer.name}), began.get(writer.name))


def _told(repository: Repository, of_stage: TokenFacts, outcome: str | None) -> TokenFacts:
    """What the stage left, whose outcome is None where it did not begin."""
    if outcome is None:
        return of_stage
    if outcome != "executed":
        return _unknown(of_stage, f"stage {of_stage.stage} did not come to its end")
    try:
        with (repository.root / of_stage.file).open("rb") as file:
            raw = file.read(usage.MOST_BYTES + 1)
        found = usage.read(raw, of_stage.file)
    except OSError as error:
        return _unknown(of_stage, error.strerror or "it cannot be read")
    except UserProblem as problem:
        return _unknown(of_stage, problem.what)
    models = [ModelTokens(model=each.model, input=each.input, output=each.output, cached=each.cached) for each in found]
    return of_stage.model_copy(update={"models": models})


def _unknown(facts: TokenFacts, why: str) -> TokenFacts:
    return facts.model_copy(update={"problem": why[:2_000]})
