"""A change like those of real projects, made by hand: facts as a runner would say them, and the verdict over them."""

from policy.facts import DataFacts, EvaluationFacts, Facts, PipelineFacts, PolicyFacts, RevisionFacts, ToolFacts, TrainingFacts
from policy.facts.data import (
    ColumnChange,
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
from policy.facts.evaluation import BaselineFact, FairnessFact, GroupFact, HistoryPoint, MetricFact, PairingFacts, Slice
from policy.facts.training import StageRun
from policy.reasons import Reason
from policy.result import Comparison, Result, Status, Tier, combine
from policy.verdict import Verdict

BASE = "4f2c9e1" + "0" * 33
HEAD = "9ab41d0" + "f" * 33
PATH = "data/flights.parquet"


def revision(**values: object) -> RevisionFacts:
    return RevisionFacts.model_validate({"base": BASE, "base_name": "main", "head": HEAD, "merge_base": BASE} | values)


def bare_facts(**values: object) -> Facts:
    """Facts with nothing in them but where they come from."""
    return Facts.model_validate(
        {
            "revision": revision(),
            "policy": PolicyFacts(digest="c01d" * 16, read_from="base"),
            "tools": ToolFacts(assay="0.1.0", python="3.11.9", dvc="3.67.1", polars="2.1.0"),
            "seconds": 91.4,
        }
        | values
    )


def verdict_of(*parts: Result, quiet: Reason = Reason.HOLDS) -> Verdict:
    return Verdict(base=BASE, head=HEAD, policy_digest="c01d" * 16, result=combine("verdict", list(parts), quiet=quiet))


def gate(
    metric: str,
    base: float | None = None,
    head: float | None = None,
    *,
    tier: Tier = Tier.PASS,
    where: str | None = None,
    low: float | None = None,
    high: float | None = None,
    allowed: str = "≥ −0.005",
    rows: int | None = None,
    reason: Reason | None = None,
    **values: str | float,
) -> Result:
    status = {Tier.REGRESSED: Status.FAILED, Tier.UNUSABLE: Status.FAILED, Tier.INCONCLUSIVE: Status.WARNED}.get(
        tier, Status.PASSED
    )
    name = metric if where is None else f"{metric} on {where}"
    change = None if base is None or head is None else head - base
    return Result(
        name=name,
        status=status,
        tier=tier,
        reason=reason or Reason.WITHIN_LIMITS,
        values={"metric": name, "head": head, "allowed": allowed} | values,
        comparison=Comparison(
            metric=metric,
            slice=where,
            better="lower" if metric in ("log_loss", "latency_ms") else "higher",
            base=base,
            head=head,
            change=change,
            low=low,
            high=high,
            confidence=None if low is None else 0.95,
            allowed=allowed,
            rows=rows,
        ),
    )


REGRESSION = gate(
    "roc_auc",
    0.7412,
    0.7291,
    tier=Tier.REGRESSED,
    low=-0.0153,
    high=-0.0089,
    reason=Reason.REGRESSED,
    loss=0.0121,
    margin="0.005",
    confidence="95 %",
)


def gates() -> list[Result]:
    sliced = gate(
        "roc_auc",
        0.6812,
        0.6601,
        where="carrier=HA",
        tier=Tier.INCONCLUSIVE,
        low=-0.09,
        high=0.05,
        allowed="≥ −0.02",
        rows=214,
        reason=Reason.INCONCLUSIVE,
        worst=0.09,
        margin="0.02",
        confidence="95 %",
    )
    return [
        REGRESSION,
        gate("log_loss", 0.5121, 0.5089, tier=Tier.IMPROVED, low=-0.0051, high=-0.0012, allowed="≤ +0.01"),
        sliced,
        gate("latency_ms", 3.1, 3.2, allowed="≤ 5"),
    ]


def drifting() -> DriftFacts:
    def column(name: str, value: float, base: list[int], head: list[int], **more: object) -> ColumnDrift:
        known = {"column": name, "kind": "number", "measure": "wasserstein", "value": value, "bound": 0.002}
        return ColumnDrift.model_validate(known | {"histogram_base": base, "histogram_head": head} | more)

    columns = [
        column("dep_delay", 0.21, [2, 40, 22, 9, 3, 1], [2, 25, 40, 22, 10, 4]),
        column("visib", 0.14, [1, 1, 2, 5, 40], [1, 1, 4, 22, 40], nulls_base=0.01, nulls_head=0.043),
        column(
            "carrier", 0.04, [30, 28, 20, 9], [30, 29, 19, 9, 1], kind="category", measure="jensen_shannon", new_categories=["HA"]
        ),
        *[column(f"sensor_{number}", 0.01 * number, [1, 5, 9, 5, 1], [1, 5, 9, 5, 1]) for number in range(1, 5)],
    ]
    return DriftFacts(mode="profile", rows_base=166_158, rows_head=225_008, columns=columns)


def full_facts(**values: object) -> Facts:
    """A change to data and parameters in which a bit of everything happens."""
    data = DataFacts(
        path=PATH,
        base_digest="b4e817fe" * 4,
        head_digest="418cbd87" * 4,
        bytes_head=18_400_000,
        contract=ContractFacts(
            contract="contracts/flights.py:Flights",
            backend="polars",
            rows=225_008,
            failures=[
                ContractFailure(
                    rule="greater_than_or_equal_to(0)",
                    column="distance",
                    count=24,
                    share=24 / 225_008,
                    examples=[Example(key={"flight": str(number), "origin": "JFK"}, value="-5") for number in range(10)],
                )
            ],
        ),
        diff=DiffFacts(
            key=["time_hour", "carrier", "flight", "origin"],
            rows_base=166_158,
            rows_head=225_008,
            removed=12,
            added=58_862,
            changed=3,
            duplicates_base=0,
            duplicates_head=7,
            schema_changes=[SchemaChange(column="tailnum", change="removed", before="String")],
            columns=[ColumnChange(column="dep_delay", changed=3, nulls_base=4_883, nulls_head=6_022)],
            removed_examples=[Example(key={"flight": "1545", "origin": "EWR"})],
        ),
        drift=drifting(),
        personal=PersonalFacts(
            rows_read=225_008,
            columns_read=19,
            findings=[PersonalFinding(column="note", kind="email", count=3, share=0.00001, read="whole", examples=["a…@e….org"])],
        ),
        overlaps=[OverlapFacts(other="data/evaluation.parquet", key=["id"], rows=4, share=0.0002)],
        leakage=[LeakageFinding(column="arr_delay", label="late", strength=0.991)],
    )
    known = {
        "data": [data],
        "changed_files": ["data/flights.parquet.dvc", "params.yaml"],
        "changed_files_total": 2,
        "pipeline": PipelineFacts(
            stages=[
                StageState(name="prepare", state="changed", because=["data/flights.parquet"]),
                StageState(name="train", state="upstream"),
                StageState(name="evaluate", state="upstream"),
            ],
            missing_remote=["models/old.txt"],
            remote="storage",
            remote_checked=True,
        ),
        "training": TrainingFacts(
            targets=["evaluate"],
            stages=[
                StageRun(name="prepare", outcome="restored", wall_seconds=0.4),
                StageRun(name="train", outcome="executed", wall_seconds=64.1, cpu_seconds=118.0, peak_bytes=1_310_000_000),
                StageRun(name="evaluate", outcome="executed", wall_seconds=7.4, cpu_seconds=7.0, peak_bytes=610_000_000),
            ],
            wall_seconds=72.0,
            budget_seconds=3_600.0,
        ),
        "evaluation": evaluation(),
    }
    return bare_facts(**(known | values))


def evaluation() -> EvaluationFacts:
    metrics = [
        MetricFact(metric="roc_auc", source="predictions.parquet", base=0.7412, head=0.7291, rows=60_000),
        MetricFact(metric="pr_auc", source="predictions.parquet", base=0.5121, head=0.5094, rows=60_000),
        MetricFact(metric="train.seconds", source="metrics.json", base=41.0, head=64.1),
    ]
    for carrier, head, rows in (("HA", 0.6601, 214), ("AA", 0.731, 9_000), ("UA", 0.745, 11_000)):
        where = Slice(column="carrier", value=carrier)
        metrics.append(MetricFact(metric="roc_auc", source="predictions.parquet", slice=where, base=0.69, head=head, rows=rows))
    groups = [
        GroupFact(value=value, rows=rows, selection_rate=rate, true_positive_rate=0.7, false_positive_rate=0.2)
        for value, rows, rate in (("EWR", 20_000, 0.32), ("JFK", 19_000, 0.3), ("LGA", 18_000, 0.29))
    ]
    fair = FairnessFact(
        column="origin", threshold=0.5, demographic_parity_base=0.02, demographic_parity=0.03, equalised_odds=0.028, groups=groups
    )
    points = [("#31", 0.718), ("#35", 0.722), ("#38", 0.731), ("#40", 0.730), ("#41", 0.736), ("#44", 0.739), ("#47", 0.741)]
    return EvaluationFacts(
        metrics=metrics,
        baselines=[BaselineFact(metric="roc_auc", source="predictions.parquet", reference="champion", value=0.744, head=0.7291)],
        fairness=[fair],
        pairing=PairingFacts(rows_base=60_000, rows_head=60_000, paired=60_000),
        history={"roc_auc": [HistoryPoint(label=label, value=value) for label, value in points]},
        seed=0,
    )


def check(name: str, status: Status, reason: Reason, **values: str | int | float) -> Result:
    return Result(name=name, status=status, reason=reason, values=values)


def full_verdict() -> Verdict:
    """What the policy would say of `full_facts`."""
    moved = [
        check("dep_delay", Status.WARNED, Reason.PART_WARNED, count=1, total=1, warn=0.1, fail=0.3),
        check("visib", Status.WARNED, Reason.PART_WARNED, count=1, total=1, warn=0.1, fail=0.3),
        *[
            check(name, Status.PASSED, Reason.HOLDS, warn=0.1, fail=0.3)
            for name in ("carrier", "sensor_1", "sensor_2", "sensor_3", "sensor_4")
        ],
    ]
    data = [
        check("duplicates", Status.FAILED, Reason.DATA_CORRUPT, path=PATH, detail="7 keys repeat"),
        check("contract", Status.FAILED, Reason.DATA_MIXED, path=PATH, detail="distance is negative in 24 rows"),
    ]
    return verdict_of(
        combine("data", [combine(PATH, data)]),
        combine("drift", [combine(PATH, moved)]),
        check("training", Status.PASSED, Reason.TRAINED, executed=2, total=3, restored=1, wall="1 min 12 s", budget=" of 60 min"),
        combine("evaluation", gates()),
        combine(
            "fairness",
            [
                check(
                    "parity",
                    Status.PASSED,
                    Reason.FAIR,
                    criterion="demographic parity",
                    column="origin",
                    gap=0.03,
                    limit=0.1,
                    before=0.02,
                )
            ],
        ),
        check("governance", Status.PASSED, Reason.POLICY_UNCHANGED, path="assay.yml", base="main"),
    )
