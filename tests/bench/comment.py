"""One process of the comment bench: renders a comment of so many metrics."""

import sys

from policy.facts import EvaluationFacts, Facts, PolicyFacts, RevisionFacts, ToolFacts
from policy.facts.evaluation import Confidence, MetricFact
from policy.reasons import Reason
from policy.result import Comparison, Result, Status, Tier
from policy.verdict import Verdict
from reports import comment


def main(count: int) -> None:
    """Facts and verdict by hand, then the comment."""
    sure = Confidence(method="delong", standard_error=0.001)
    metrics = [
        MetricFact(metric=f"m{i}", source="predictions", rows=9_000, base=0.7, head=0.69, confidence=sure) for i in range(count)
    ]
    facts = Facts(
        revision=RevisionFacts(base="a" * 40, base_name="main", head="b" * 40),
        policy=PolicyFacts(digest="sha256:0", read_from="base"),
        tools=ToolFacts(assay="0", python="3"),
        evaluation=EvaluationFacts(metrics=metrics),
    )
    gates = [_gate(f"m{index}") for index in range(count)]
    part = Result(
        name="evaluation",
        status=Status.FAILED,
        reason=Reason.PART_FAILED,
        values={"count": count, "total": count},
        children=gates,
    )
    root = Result(
        name="verdict", status=Status.FAILED, reason=Reason.PART_FAILED, values={"count": 1, "total": 1}, children=[part]
    )
    verdict = Verdict(base="a" * 40, head="b" * 40, policy_digest="sha256:0", result=root)
    if count:
        assert len(comment.render(facts, verdict)) <= 65_536


def _gate(name: str) -> Result:
    values = {"metric": name, "loss": 0.01, "low": -0.012, "high": -0.008, "confidence": "95 %", "margin": "0.005"}
    numbers = Comparison(
        metric=name, better="higher", base=0.7, head=0.69, change=-0.01, low=-0.012, high=-0.008, allowed="≥ −0.005"
    )
    return Result(
        name=name, status=Status.FAILED, reason=Reason.REGRESSED, values=values, tier=Tier.REGRESSED, comparison=numbers
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
