"""Facts, a policy and the truth about a small change, for the tests of publishing."""

from typing import Any

from bot.admission import Truth
from policy import document
from policy.facts import DataFacts, EvaluationFacts, Facts, PolicyFacts, RevisionFacts, ToolFacts
from policy.facts.data import ContractFacts, ContractFailure, DiffFacts
from policy.facts.evaluation import MetricFact

POLICY = """\
version: 1
data:
  - path: data/rows.csv
    contract: contracts/rows.py:Rows
evaluate:
  metrics: [metrics.json]
  gates:
    - metric: accuracy
      floor: 0.5
      may_lose: 0.05
"""
REPOSITORY = "octo/flights"
BASE, HEAD, START = "b" * 40, "a" * 40, "c" * 40


def facts(*, accuracy: float = 0.9, broken: int = 0, **revision: Any) -> Facts:
    """What an honest runner says: `broken` rows break the contract."""
    claim = {
        "repository": REPOSITORY,
        "pull_request": 7,
        "base": BASE,
        "base_name": "origin/main",
        "head": HEAD,
        "merge_base": START,
    }
    failures = [ContractFailure(rule="greater_than(0)", column="distance", count=broken, share=0.1)] if broken else []
    contract = ContractFacts(contract="contracts/rows.py:Rows", backend="polars", rows=10, failures=failures, line=4)
    return Facts(
        revision=RevisionFacts(**{**claim, **revision}),
        policy=PolicyFacts(digest=document.digest(POLICY), read_from="base"),
        tools=ToolFacts(assay="0.1.0", python="3.12"),
        data=[
            DataFacts(
                path="data/rows.csv",
                base_digest="md5:1",
                head_digest="md5:2",
                contract=contract,
                diff=DiffFacts(rows_base=10, rows_head=10),
                file="data/rows.csv.dvc",
                line=2,
            )
        ],
        evaluation=EvaluationFacts(metrics=[MetricFact(metric="accuracy", source="metrics.json", base=0.9, head=accuracy)]),
    )


def truth(**changed: Any) -> Truth:
    """What GitHub says of the same change."""
    known: dict[str, Any] = {
        "repository": REPOSITORY,
        "number": 7,
        "base": BASE,
        "base_name": "main",
        "head": HEAD,
        "merge_base": START,
        "files": ("data/rows.csv.dvc",),
        "whole": True,
        "policy": POLICY,
    }
    return Truth(**{**known, **changed})
