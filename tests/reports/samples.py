"""Facts and verdicts as a real change would give them, built by hand, for every test of `reports`.

The numbers are those of a plausible change of the flights example: June and July come in, the model gets a little
worse. Reasons are spelled through `Reason.ERROR`, whose sentence is whatever `what` says.
"""

import math
from typing import Any

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
from policy.facts.evaluation import (
    BaselineFact,
    Confidence,
    FairnessFact,
    GroupFact,
    HistoryPoint,
    MetricFact,
    PairingFacts,
    Slice,
)
from policy.facts.training import StageRun
from policy.reasons import Reason
from policy.result import Comparison, Result, Status, Tier, combine
from policy.verdict import Verdict

BASE, HEAD, POLICY = "4f2c9e1" + "0" * 33, "9ab41d0" + "1" * 33, "c01d" * 16
HOSTILE = "</style><script>alert(1)</script>\"'`|@team <!-- --> \u202eevil\u202c\n# h1 ${{ x }} {{ 7*7 }}"


def why(name: str, status: Status, what: str, next_step: str = "", **more: Any) -> Result:
    """A leaf whose sentence is `what`."""
    return Result(name=name, status=status, reason=Reason.ERROR, values={"what": what, "next": next_step}, **more)


def gate(metric: str, base: float | None, head: float | None, spread: float, tier: Tier, **more: Any) -> Result:
    """A metric gate; `spread` is half its interval."""
    status = {Tier.REGRESSED: Status.FAILED, Tier.UNUSABLE: Status.FAILED, Tier.INCONCLUSIVE: Status.WARNED}.get(
        tier, Status.PASSED
    )
    change = None if base is None or head is None else head - base
    comparison = Comparison(
        metric=metric,
        base=base,
        head=head,
        change=change,
        low=None if change is None or not spread else change - spread,
        high=None if change is None or not spread else change + spread,
        confidence=0.95 if spread else None,
        **({"better": "higher"} | more),
    )
    name = f"{metric} on {comparison.slice}" if comparison.slice else metric
    return why(name, status, f"{metric} came out {tier.value}", tier=tier, comparison=comparison)


def bell(centre: float, width: float, total: int, bins: int = 20) -> list[int]:
    """Counts of a bell shape over `bins` bins; `centre` and `width` in bins."""
    weights = [math.exp(-(((at - centre) / width) ** 2) / 2) for at in range(bins)]
    return [round(total * weight / sum(weights)) for weight in weights]


def _numeric(column: str, value: float, shift: float, low: float, high: float, **more: Any) -> ColumnDrift:
    labels = [f"{low + (high - low) * at / 20:.4g}" for at in range(21)]
    return ColumnDrift(
        column=column,
        kind="number",
        measure="wasserstein",
        value=value,
        distances={"ks": value * 0.8, "wasserstein": value},
        labels=labels,
        histogram_base=bell(7, 3, 166_158),
        histogram_head=bell(7 + shift, 3 + shift / 3, 225_008),
        **more,
    )


def _category(column: str, value: float, names: list[str], base: list[int], head: list[int], **more: Any) -> ColumnDrift:
    return ColumnDrift(
        column=column,
        kind="category",
        measure="jensen_shannon",
        value=value,
        distances={"psi": value * 1.2},
        labels=names,
        histogram_base=base,
        histogram_head=head,
        **more,
    )


def drift_columns() -> list[ColumnDrift]:
    """Fourteen columns: one far, one a little, the others near."""
    carriers = ["UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E", "WN", "VX"]
    counts = [28_000, 26_900, 26_500, 23_800, 16_200, 13_000, 10_100, 9_000, 6_000, 2_400]
    return [
        _numeric("dep_delay", 0.41, 5.0, -43, 240, nulls_base=0.021, nulls_head=0.034, bound=0.002),
        _numeric("visib", 0.14, 1.6, 0, 10),
        _category(
            "carrier",
            0.12,
            [*carriers, "(new)"],
            [*counts, 0],
            [*(int(count * 1.3) for count in counts), 900],
            new_categories=["OO", "YV"],
            new_categories_total=2,
        ),
        *(
            _numeric(name, 0.01 * at, 0.1 * at, 0, 100.5 * at)
            for at, name in enumerate(("distance", "air_time", "temp", "dewp", "humid", "wind_speed", "pressure", "precip"), 1)
        ),
        _category("origin", 0.01, ["EWR", "JFK", "LGA"], [60_000, 54_000, 52_158], [80_000, 75_000, 70_008]),
        ColumnDrift(
            column="time_hour",
            kind="time",
            measure="ks",
            value=0.26,
            labels=["Jan", "Mar", "May", "Jul"],
            histogram_base=[60, 60, 46, 0],
            histogram_head=[60, 60, 55, 50],
        ),
        ColumnDrift(column="tailnum", kind="category", measure="jensen_shannon", value=None, problem=Reason.ERROR),
    ]


def slices() -> list[MetricFact]:
    """AUC by carrier; small carriers have wide intervals."""
    rows = {
        "UA": 9_210,
        "B6": 8_940,
        "EV": 8_700,
        "DL": 7_450,
        "AA": 5_310,
        "MQ": 4_100,
        "US": 3_300,
        "9E": 2_950,
        "HA": 214,
        "YV": 38,
    }
    return [
        MetricFact(
            metric="roc_auc",
            source="predictions.parquet",
            slice=Slice(column="carrier", value=carrier),
            rows=count,
            base=0.70 + at * 0.004,
            head=0.70 + at * 0.004 - change,
            confidence=Confidence(method="delong", standard_error=0.4 / math.sqrt(count)),
        )
        for at, ((carrier, count), change) in enumerate(
            zip(rows.items(), (0.004, -0.002, 0.011, 0.001, -0.003, 0.002, 0.013, -0.006, 0.021, 0.09), strict=True)
        )
    ]


def metrics() -> list[MetricFact]:
    """The overall metrics, some with and some without an interval, one unusable."""
    return [
        MetricFact(
            metric="roc_auc",
            source="predictions.parquet",
            rows=50_000,
            base=0.741,
            head=0.729,
            confidence=Confidence(method="delong", standard_error=0.0015),
        ),
        MetricFact(
            metric="log_loss",
            source="predictions.parquet",
            rows=50_000,
            base=0.512,
            head=0.509,
            confidence=Confidence(
                method="bootstrap_bca", resamples=1_000, grid=[(0.025, -0.005), (0.5, -0.003), (0.975, -0.001)]
            ),
        ),
        MetricFact(metric="latency_ms", source="metrics.json", base=3.1, head=3.2),
        MetricFact(metric="train.rows", source="metrics.json", base=166_158, head=225_008),
        MetricFact(metric="recall_at_k", source="metrics.json", base=0.31, problem_head=Reason.ERROR, detail="not a number"),
    ]


def evaluation() -> EvaluationFacts:
    """Metrics, slices, fairness and a history of eight accepted changes."""
    shas, values = ("#31", "#35", "#38", "#40", "#41", "#44", "#47"), (0.718, 0.722, 0.731, 0.730, 0.736, 0.739, 0.741)
    groups = [("EWR", 17_000, 0.24, 0.61, 0.18), ("JFK", 17_500, 0.21, 0.58, 0.15), ("LGA", 15_500, 0.22, 0.64, 0.16)]
    return EvaluationFacts(
        metrics=[*metrics(), *slices()],
        baselines=[BaselineFact(metric="roc_auc", source="predictions.parquet", reference="champion", value=0.744)],
        fairness=[
            FairnessFact(
                column="origin",
                threshold=0.5,
                demographic_parity_base=0.031,
                demographic_parity=0.03,
                equalised_odds_base=0.058,
                equalised_odds=0.06,
                groups=[
                    GroupFact(value=name, rows=rows, selection_rate=rate, true_positive_rate=tpr, false_positive_rate=fpr)
                    for name, rows, rate, tpr, fpr in groups
                ],
            )
        ],
        pairing=PairingFacts(rows_base=50_000, rows_head=50_000, paired=50_000),
        history={"roc_auc": [HistoryPoint(label=sha, value=value) for sha, value in zip(shas, values, strict=True)]},
        seed=0,
    )


def data() -> list[DataFacts]:
    """The flights grow by two months; the weather does not change."""
    return [
        DataFacts(
            path="data/flights.parquet",
            base_digest="b4e817fe" * 4,
            head_digest="418cbd87" * 4,
            bytes_head=8_912_331,
            contract=ContractFacts(contract="contracts/flights.py:Flights", backend="polars", rows=225_008),
            diff=DiffFacts(
                key=["time_hour", "carrier", "flight", "origin"],
                rows_base=166_158,
                rows_head=225_008,
                removed=0,
                added=58_850,
                changed=12,
                duplicates_base=0,
                duplicates_head=0,
                columns=[ColumnChange(column="dep_delay", changed=12, nulls_base=3_489, nulls_head=7_650)],
            ),
            drift=DriftFacts(mode="profile", rows_base=166_158, rows_head=225_008, columns=drift_columns()),
            personal=PersonalFacts(rows_read=20_000, columns_read=14),
        ),
        DataFacts(path="data/weather.csv", base_digest="77aa" * 8, head_digest="77aa" * 8, bytes_head=2_801_114),
    ]


def broken_data() -> DataFacts:
    """What the corrupt branch leaves: contract failures, a schema break, duplicates, personal data, overlap, leakage."""
    key = {"time_hour": "2013-03-01T05:00", "carrier": "ZZ", "flight": "1545", "origin": "EWR"}
    examples = [Example(key=key | {"flight": str(1_545 + at)}, value=f"-{at + 1}") for at in range(10)]
    return DataFacts(
        path="data/flights.parquet",
        base_digest="b4e817fe" * 4,
        head_digest="deadbeef" * 4,
        contract=ContractFacts(
            contract="contracts/flights.py:Flights",
            backend="polars",
            rows=166_158,
            line=9,
            failures=[
                ContractFailure(rule="greater_than(0)", column="distance", count=1_204, share=0.0072, examples=examples),
                ContractFailure(rule="isin(carriers)", column="carrier", count=3, share=0.00002, examples=examples[:3]),
                ContractFailure(rule="column_in_dataframe", column="visib", count=1, share=1.0),
            ],
        ),
        diff=DiffFacts(
            key=list(key),
            rows_base=166_158,
            rows_head=166_500,
            removed=41,
            added=383,
            changed=1_204,
            duplicates_base=0,
            duplicates_head=342,
            schema_changes=[
                SchemaChange(column="visib", change="removed", before="Float64"),
                SchemaChange(column="distance", change="retyped", before="Int64", after="Float64"),
                SchemaChange(column="note", change="added", after="String"),
            ],
            columns=[ColumnChange(column="distance", changed=1_204)],
            removed_examples=[Example(key=key)],
            duplicate_examples=[Example(key=key, value="3")],
        ),
        personal=PersonalFacts(
            rows_read=166_500,
            columns_read=14,
            findings=[
                PersonalFinding(column="note", kind="email", count=12, share=0.0001, read="whole", examples=["a•••@e•••.org"])
            ],
        ),
        overlaps=[OverlapFacts(other="data/eval.parquet", key=list(key), rows=17, share=0.0003, examples=[Example(key=key)])],
        leakage=[LeakageFinding(column="arr_delay", label="late", strength=0.991)],
    )


def training() -> TrainingFacts:
    """Two stages ran, one came from the run cache."""
    return TrainingFacts(
        targets=["evaluate"],
        stages=[
            StageRun(
                name="prepare",
                outcome="restored",
                wall_seconds=1.2,
                cpu_seconds=0.9,
                peak_bytes=210_000_000,
                command="python prepare.py",
            ),
            StageRun(
                name="train",
                outcome="executed",
                wall_seconds=58.4,
                cpu_seconds=101.0,
                peak_bytes=1_450_000_000,
                command="python train.py",
            ),
            StageRun(
                name="evaluate",
                outcome="executed",
                wall_seconds=12.4,
                cpu_seconds=12.0,
                peak_bytes=900_000_000,
                command="python evaluate.py",
            ),
        ],
        wall_seconds=72.0,
        budget_seconds=3_600,
    )


def broken_training() -> TrainingFacts:
    """The middle stage fails."""
    tail = [
        *(f"[{at:>2}] iteration {at}, loss {1 / at:.4f}" for at in range(1, 28)),
        "Traceback (most recent call last):",
        '  File "train.py", line 31, in <module>',
        "ValueError: Input contains NaN.",
    ]
    stages = [
        StageRun(name="prepare", outcome="executed", wall_seconds=4.2, cpu_seconds=3.9, peak_bytes=410_000_000),
        StageRun(name="train", outcome="failed", wall_seconds=9.8, command="python train.py --depth 9", exit_code=1, tail=tail),
        StageRun(name="evaluate", outcome="not_reached"),
    ]
    return TrainingFacts(targets=["evaluate"], stages=stages, wall_seconds=14.0, budget_seconds=3_600)


def pipeline(missing: list[str] | None = None) -> PipelineFacts:
    """The state of the pipeline before anything ran."""
    return PipelineFacts(
        stages=[
            StageState(name="prepare", state="changed", because=["dependency data/flights.parquet changed"], restorable=True),
            StageState(name="train", state="upstream", because=["waits for prepare"]),
            StageState(name="evaluate", state="upstream", because=["waits for train"]),
        ],
        missing_remote=missing or [],
        remote="origin-store",
        remote_checked=True,
    )


def facts(**changes: Any) -> Facts:
    """The facts of the growing change; any field can be replaced."""
    whole: dict[str, Any] = {
        "revision": RevisionFacts(
            repository="acme/flights",
            pull_request=48,
            base=BASE,
            base_name="main",
            head=HEAD,
            head_name="data/june-july",
            merge_base=BASE,
        ),
        "policy": PolicyFacts(digest=POLICY, read_from="base"),
        "tools": ToolFacts(assay="0.1.0", python="3.11.9", dvc="3.67.0", polars="2.1.0", platform="linux-x86_64"),
        "changed_files": ["data/flights.parquet.dvc", "dvc.lock", "metrics.json"],
        "changed_files_total": 3,
        "data": data(),
        "pipeline": pipeline(),
        "training": training(),
        "evaluation": evaluation(),
        "seconds": 91.4,
    }
    return Facts(**(whole | changes))


def drift_part(columns: list[ColumnDrift] | None = None) -> Result:
    """The drift part of the tree: one data set, a leaf a column."""

    def leaf(column: ColumnDrift) -> Result:
        far = column.value
        values = {"column": column.column, "value": far, "warn": 0.1, "fail": 0.3}
        status = Status.FAILED if far is None or far >= 0.3 else Status.WARNED if far >= 0.1 else Status.PASSED
        text = "could not be compared" if far is None else f"{column.column} moved by {far:.2f}"
        return Result(
            name=column.column,
            status=status,
            reason=Reason.ERROR,
            values=values | {"what": text, "next": "look at its histogram"},
        )

    leaves = [leaf(column) for column in (drift_columns() if columns is None else columns)]
    return combine("drift", [combine("data/flights.parquet", leaves)])


def gates() -> list[Result]:
    """Five gates, one of every tier."""
    return [
        gate("roc_auc", 0.741, 0.729, 0.003, Tier.REGRESSED, allowed="≥ −0.005", least=0.736, rows=50_000, p_regressed=0.002),
        gate("log_loss", 0.512, 0.509, 0.002, Tier.IMPROVED, better="lower", allowed="≤ +0.010", most=0.522, rows=50_000),
        gate("roc_auc", 0.68, 0.66, 0.07, Tier.INCONCLUSIVE, allowed="≥ −0.020", least=0.66, rows=214, slice="carrier=HA"),
        gate("latency_ms", 3.1, 3.2, 0.0, Tier.PASS, better="lower", allowed="≤ 5.0", most=5.0),
        gate("recall_at_k", 0.31, None, 0.0, Tier.UNUSABLE, allowed="≥ 0.30"),
    ]


def verdict(*parts: Result) -> Verdict:
    """A verdict over the given parts, or over those of the growing change."""
    children = list(parts) or [
        combine(
            "data",
            [
                combine(
                    "data/flights.parquet",
                    [
                        why("contract", Status.PASSED, "0 of 225,008 rows refused"),
                        why("rows", Status.PASSED, "58,850 rows added, none removed"),
                    ],
                )
            ],
        ),
        drift_part(),
        combine("training", [why("train", Status.PASSED, "2 of 3 stages ran, 1 restored")]),
        combine("evaluation", gates()),
        combine("fairness", [why("origin", Status.PASSED, "largest gap 0.06 of 0.10")]),
        why("governance", Status.PASSED, "this change does not alter the policy"),
    ]
    return Verdict(base=BASE, head=HEAD, policy_digest=POLICY, result=combine("verdict", children))


def passing() -> tuple[Facts, Verdict]:
    """A change whose gates all hold."""
    held = [
        gate("roc_auc", 0.741, 0.752, 0.003, Tier.IMPROVED, allowed="≥ −0.005", rows=50_000),
        gate("latency_ms", 3.1, 3.1, 0.0, Tier.PASS, better="lower", allowed="≤ 5.0", most=5.0),
    ]
    parts = [combine("data", [why("data/flights.parquet", Status.SKIPPED, "not changed")]), combine("evaluation", held)]
    return facts(data=[]), verdict(*parts)


def broken() -> tuple[Facts, Verdict]:
    """Corrupt data and a stage that fails."""
    failing = [
        why(
            "distance",
            Status.FAILED,
            "1,204 rows break greater_than(0)",
            "mend the rows or the contract",
            file="contracts/flights.py",
            line=12,
        ),
        why("visib", Status.FAILED, "the column is gone"),
        why("note", Status.FAILED, "12 values look like e-mail addresses"),
    ]
    stage = why("train", Status.FAILED, "`train` exited with 1", "read its last lines below")
    missing = pipeline(["model/model.txt", "data/prepared"])
    parts = [combine("data", [combine("data/flights.parquet", failing)]), combine("training", [stage])]
    return facts(data=[broken_data()], training=broken_training(), pipeline=missing, evaluation=None), verdict(*parts)


def many(count: int = 2_000) -> tuple[Facts, Verdict]:
    """As many metrics and gates as asked for; every tenth gate fails."""
    found = [MetricFact(metric=f"m{at:04}", source="metrics.json", base=1.0, head=1.0 + at / 1e4) for at in range(count)]
    results = [
        gate(f"m{at:04}", 1.0, 1.0 - at / 1e4, 0.01, Tier.REGRESSED if at % 10 == 0 else Tier.PASS, allowed="≥ −0.005")
        for at in range(count)
    ]
    return facts(evaluation=EvaluationFacts(metrics=found)), verdict(combine("evaluation", results))


def hostile(text: str = HOSTILE) -> tuple[Facts, Verdict]:
    """Every place that a pull request can fill holds `text`."""
    column = ColumnDrift(
        column=text,
        kind="category",
        measure="psi",
        value=0.5,
        new_categories=[text],
        new_categories_total=1,
        labels=[text, "b"],
        histogram_base=[3, 1],
        histogram_head=[1, 3],
    )
    example = Example(key={text: text}, value=text)
    whole = facts(
        revision=RevisionFacts(repository=text, base=text, base_name=text, head=text, head_name=text, merge_base=text),
        policy=PolicyFacts(path=text, digest=text, read_from="base", changed_by_head=True),
        tools=ToolFacts(assay=text, python=text),
        changed_files=[text],
        data=[
            DataFacts(
                path=text,
                contract=ContractFacts(
                    contract=text,
                    backend="polars",
                    rows=3,
                    failures=[ContractFailure(rule=text, column=text, count=1, share=0.3, examples=[example])],
                ),
                diff=DiffFacts(
                    key=[text],
                    rows_base=1,
                    rows_head=2,
                    removed=1,
                    added=1,
                    changed=1,
                    removed_examples=[example],
                    schema_changes=[SchemaChange(column=text, change="retyped", before=text, after=text)],
                    columns=[ColumnChange(column=text, changed=1)],
                ),
                drift=DriftFacts(mode="exact", rows_base=1, rows_head=1, columns=[column]),
                personal=PersonalFacts(
                    rows_read=1,
                    columns_read=1,
                    findings=[PersonalFinding(column=text, kind=text, count=1, share=1.0, read="whole", examples=[text])],
                ),
                overlaps=[OverlapFacts(other=text, key=[text], rows=1, share=0.5, examples=[example])],
                leakage=[LeakageFinding(column=text, label=text, strength=1.0)],
                problem=Reason.ERROR,
                problem_detail=text,
            )
        ],
        pipeline=PipelineFacts(
            stages=[StageState(name=text, state="changed", because=[text])], missing_remote=[text], remote=text
        ),
        training=TrainingFacts(
            targets=[text],
            stages=[StageRun(name=text, outcome="failed", wall_seconds=1, command=text, exit_code=1, tail=[text])],
            problem=Reason.ERROR,
            problem_detail=text,
        ),
        evaluation=EvaluationFacts(
            metrics=[
                MetricFact(metric=text, source=text, base=1.0, head=0.5, rows=9, slice=Slice(column=text, value=text)),
                MetricFact(metric=text, source=text, base=1.0, head=0.5, detail=text),
            ],
            fairness=[
                FairnessFact(
                    column=text, threshold=0.5, demographic_parity=0.2, groups=[GroupFact(value=text, rows=1, selection_rate=0.5)]
                )
            ],
            history={text: [HistoryPoint(label=text, value=1.0), HistoryPoint(label=text, value=2.0)]},
        ),
    )
    bad = Comparison(metric=text, slice=text, better="higher", base=1.0, head=0.5, change=-0.5, low=-0.6, high=-0.4, allowed=text)
    leaf = why(text, Status.FAILED, text, text, tier=Tier.REGRESSED, comparison=bad, file=text, line=1)
    parts = [combine(name, [combine(text, [leaf])]) for name in ("data", "drift", "training", "evaluation", "fairness")]
    return whole, verdict(*parts)
