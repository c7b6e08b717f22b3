"""Facts and verdicts of any size with any text in them."""

from hypothesis import strategies as st

from policy.facts import DataFacts, ErrorFact, EvaluationFacts, Facts, PipelineFacts, TrainingFacts
from policy.facts.data import (
    ColumnDrift,
    ContractFacts,
    ContractFailure,
    DiffFacts,
    DriftFacts,
    Example,
    LeakageFinding,
    OverlapFacts,
    PersonalFacts,
    PersonalFinding,
    SchemaChange,
    StageState,
)
from policy.facts.evaluation import BaselineFact, FairnessFact, GroupFact, HistoryPoint, MetricFact, Slice
from policy.facts.training import StageRun
from policy.reasons import Reason
from policy.result import Result, Status, Tier, combine
from policy.verdict import Verdict
from tests.reports.examples import bare_facts, gate, verdict_of
from tests.reports.test_markdown import HOSTILE

names = st.sampled_from([name[:500] for name in HOSTILE if name]) | st.text(min_size=1, max_size=30)
longest = st.sampled_from(["x" * 500, "\u202e" * 500, "`" * 500, "| " * 250, "@a " * 166, "𝔘" * 500, "ש" * 500, "-->" * 166])
name = names | longest
long_text = name | st.sampled_from(["\u202e" * 2_000, "word @team " * 180, "𝔘" * 2_000])
counts = st.integers(min_value=0, max_value=10**12)
shares = st.floats(0, 1)
values = st.none() | st.floats(allow_nan=False, allow_infinity=False)
sizes = st.sampled_from([0, 1, 3, 40, 300])


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """A few drawn texts, repeated in lists of drawn lengths: size matters here, not variety in every row."""
    one, two, prose = draw(name), draw(name), draw(long_text)
    many = lambda each, most=300: [each] * min(draw(sizes), most)  # noqa: E731
    example = Example(key={one: prose, two: prose}, value=prose)
    data = DataFacts(
        path=one,
        base_digest=two,
        problem=draw(st.sampled_from([None, Reason.ERROR])),
        problem_detail=prose,
        contract=ContractFacts(
            contract=one,
            backend="polars",
            rows=draw(counts),
            failures=many(
                ContractFailure(rule=prose, column=two, count=draw(counts), share=draw(shares), examples=[example] * 10)
            ),
        ),
        diff=DiffFacts(
            rows_base=draw(counts),
            rows_head=1,
            removed=draw(counts),
            schema_changes=many(SchemaChange(column=two, change="retyped", before=one, after=two)),
            removed_examples=many(example, 10),
        ),
        drift=DriftFacts(
            mode="profile",
            rows_base=1,
            rows_head=1,
            columns=many(
                ColumnDrift(
                    column=two,
                    kind="category",
                    measure="psi",
                    value=draw(values),
                    new_categories=[two] * 20,
                    histogram_base=[1] * 64,
                    histogram_head=[2] * 64,
                )
            ),
        ),
        personal=PersonalFacts(
            rows_read=1,
            columns_read=1,
            findings=many(PersonalFinding(column=one, kind=two, count=3, share=0.1, read="sample", examples=[prose] * 3)),
        ),
        overlaps=many(OverlapFacts(other=two, key=[one], rows=draw(counts), share=0.5, examples=[example] * 3), 40),
        leakage=many(LeakageFinding(column=one, label=two, strength=0.99)),
    )
    metric = MetricFact(metric=one, source=two, base=draw(values), head=draw(values), problem_head=Reason.ERROR, detail=prose)
    evaluation = EvaluationFacts(
        metrics=[*many(metric), *many(metric.model_copy(update={"slice": Slice(column=one, value=prose)}))],
        baselines=many(BaselineFact(metric=one, source=two, reference=two, value=draw(values))),
        fairness=many(FairnessFact(column=one, threshold=0.5, groups=[GroupFact(value=prose, rows=3)] * 30, detail=prose), 20),
        history={f"{one}{number}": [HistoryPoint(label=two, value=1.0 * number)] * 50 for number in range(draw(sizes) % 50)},
    )
    stage = StageRun(name=one, outcome="failed", command=prose, tail=[prose] * 30, exit_code=1)
    return bare_facts(
        data=[data] * draw(st.integers(0, 3)),
        evaluation=evaluation,
        training=TrainingFacts(stages=many(stage)),
        pipeline=PipelineFacts(stages=many(StageState(name=one, state="changed", because=[prose] * 5)), missing_remote=many(two)),
        errors=many(ErrorFact(part="data", reason=Reason.ERROR, what=prose, where=prose, next=prose), 200),
        seconds=draw(st.floats(0, 1e6)),
    )


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    one, prose = draw(name), draw(long_text)
    status = st.sampled_from(list(Status))

    def leaves(count: int) -> list[Result]:
        values = {"what": prose, "next": prose, "count": 3, "total": 4}
        reasons = st.sampled_from([Reason.ERROR, Reason.HOLDS, Reason.PART_FAILED, Reason.REGRESSED])
        return [Result(name=prose or "x", status=draw(status), reason=draw(reasons), values=values, file=one, line=3)] * count

    tiers = st.sampled_from(list(Tier))
    gates = [gate(one, draw(values), draw(values), tier=draw(tiers), where=prose[:1_400], allowed=prose)] * draw(sizes)
    parts = [
        combine(part, [combine(one, leaves(draw(sizes))), *(gates if part == "evaluation" else [])])
        for part in ("data", "drift", "training", "evaluation", "fairness", "governance")
    ]
    return verdict_of(*parts)
