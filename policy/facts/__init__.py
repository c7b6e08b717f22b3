"""What a runner may say: the typed record behind every verdict, comment, check and page.

`facts.json` is the only thing that leaves a pull request's job. It holds numbers, names and reason
codes; no Markdown, no path that anyone follows, no image that anyone shows.
"""

from policy.facts.data import DataFacts, PipelineFacts
from policy.facts.evaluation import EvaluationFacts
from policy.facts.record import ErrorFact, Facts, OverrideFact, PolicyFacts, RequestFacts, RevisionFacts, ToolFacts
from policy.facts.tokens import TokenFacts
from policy.facts.training import TrainingFacts

__all__ = [
    "DataFacts",
    "ErrorFact",
    "EvaluationFacts",
    "Facts",
    "OverrideFact",
    "PipelineFacts",
    "PolicyFacts",
    "RequestFacts",
    "RevisionFacts",
    "TokenFacts",
    "ToolFacts",
    "TrainingFacts",
]
