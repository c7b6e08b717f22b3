"""Parameters of the pipeline, as a command sets them. What one may be is said once, for both sides of a workflow."""

from bot.grammar.kinds import Kind, Refused
from policy.facts.override import Override
from policy.problems import UserProblem

__all__ = ["Override", "override"]


def _read(text: str) -> Override:
    try:
        return Override.parse(text)
    except UserProblem as problem:
        advice = f"{problem.next[:1].lower()}{problem.next[1:]}"
        raise Refused(f"it {problem.what}; {advice}") from None


override = Kind("PARAM=VALUE", "a parameter with its value", "train.lr=0.1", Override, _read)
"""A parameter and what it shall be in one run, as `dvc exp run -S` takes it."""
