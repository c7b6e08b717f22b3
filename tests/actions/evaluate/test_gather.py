"""Metrics gathered from real git + DVC repositories, and judged."""

import json
from pathlib import Path

import polars as pl
import pytest

from actions.evaluate.gather import gather
from actions.progress import Silent
from actions.repository import Repository
from policy import fairness
from policy.facts.evaluation import EvaluationFacts
from policy.gates import Evaluate, decide
from policy.reasons import Reason
from policy.result import Result, Status, Tier
from tests.actions.evaluate.predictions import frame, parquet, section
from tests.repositories import Repo

FUNCTION = "def early(rows):\n    return float((rows['p'] * rows['late']).mean())\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with metrics in git, predictions in DVC's cache, a tag `champion`, and a branch to work on."""
    made = Repo(tmp_path).write("metrics.json", json.dumps({"latency_ms": 3.0, "train": {"loss": 0.5}}))
    made.write("predictions.parquet", parquet(frame())).dvc_add("predictions.parquet").write("own.py", FUNCTION)
    return made.commit("a champion (#7)").tag("champion").branch("change")


def gathered(repo: Repo, asked: Evaluate, base: str = "main") -> EvaluationFacts:
    with Repository.open(repo.root) as repository:
        return gather(repository, asked, repository.resolve(base), Silent())


def judged(repo: Repo, asked: Evaluate, base: str = "main") -> dict[str, Result]:
    result = decide(asked, gathered(repo, asked, base))
    return {"": result} | {child.name: child for child in result.children}


def predict(repo: Repo, table: pl.DataFrame) -> Repo:
    return repo.write("predictions.parquet", parquet(table)).dvc_add("predictions.parquet").commit("other predictions")


def test_predictions_that_did_not_change_pass_with_an_interval_of_no_width(repo: Repo) -> None:
    results = judged(repo, section({"metric": "roc_auc", "may_lose": 0.0}, {"metric": "log_loss", "may_gain": 0.0}))
    for name in ("roc_auc", "log_loss"):
        assert results[name].tier is Tier.PASS
        assert results[name].reason is Reason.UNCHANGED_METRIC
        assert results[name].comparison.change == results[name].comparison.low == results[name].comparison.high == 0


def test_a_model_that_is_much_worse_is_regressed_and_red(repo: Repo) -> None:
    results = judged(predict(repo, frame(noise=20.0)), section({"metric": "roc_auc", "may_lose": 0.01}))
    assert results["roc_auc"].tier is Tier.REGRESSED
    assert results[""].status is Status.FAILED
    assert "more than the 0.01 you allow" in results[""].why


def test_a_model_that_is_much_better_is_improved(repo: Repo) -> None:
    results = judged(predict(repo, frame(noise=0.0)), section({"metric": "log_loss", "may_gain": 0.0}))
    assert results["log_loss"].tier is Tier.IMPROVED


def test_metrics_files_are_compared_number_by_number(repo: Repo) -> None:
    repo.write("metrics.json", json.dumps({"latency_ms": 3.2, "train": {"loss": 0.7}})).commit()
    asked = Evaluate.model_validate(
        {
            "metrics": ["metrics.json"],
            "gates": [
                {"metric": "latency_ms", "better": "lower", "ceiling": 5},
                {"metric": "train.loss", "better": "lower", "may_gain": "10%"},
            ],
        }
    )
    results = judged(repo, asked)
    assert results["latency_ms"].tier is Tier.PASS
    assert results["train.loss"].tier is Tier.REGRESSED
    assert results["train.loss"].reason is Reason.WORSE_NUMBER


def test_a_metrics_file_that_dvc_keeps_is_read_at_both_sides(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("m.yaml", "loss: 1e-3\n").dvc_add("m.yaml").commit().branch("change")
    repo.write("m.yaml", "loss: 0.5\n").dvc_add("m.yaml").commit()
    facts = gathered(repo, Evaluate(metrics=["m.yaml"]))
    assert (facts.metrics[0].base, facts.metrics[0].head) == (0.001, 0.5)


def test_ga_05_a_nan_in_a_metrics_file_never_passes_a_gate(repo: Repo) -> None:
    repo.write("metrics.json", '{"latency_ms": NaN}').commit()
    asked = Evaluate.model_validate(
        {"metrics": ["metrics.json"], "gates": [{"metric": "latency_ms", "better": "lower", "ceiling": 5}]}
    )
    results = judged(repo, asked)
    assert results["latency_ms"].tier is Tier.UNUSABLE
    assert results[""].status is Status.FAILED
    assert "NaN" in results["latency_ms"].why


def test_a_metrics_file_that_is_gone_is_red_without_any_gate(repo: Repo) -> None:
    repo.remove("metrics.json").commit()
    results = judged(repo, Evaluate(metrics=["metrics.json"]))
    assert results[""].status is Status.FAILED
    assert results["metrics.json"].reason is Reason.MISSING_METRIC


def test_a_metric_in_two_files_is_unusable(repo: Repo) -> None:
    repo.write("more.json", '{"latency_ms": 1}').commit()
    asked = Evaluate.model_validate(
        {"metrics": ["metrics.json", "more.json"], "gates": [{"metric": "latency_ms", "better": "lower", "ceiling": 5}]}
    )
    result = judged(repo, asked)["latency_ms"]
    assert (result.tier, result.reason) == (Tier.UNUSABLE, Reason.DUPLICATE_METRIC)
    assert "metrics.json and more.json" in result.why


def test_a_metric_that_disappears_is_a_warning_even_without_a_gate(repo: Repo) -> None:
    repo.write("metrics.json", '{"latency_ms": 3}').commit()
    results = judged(repo, Evaluate(metrics=["metrics.json"]))
    assert (results["train.loss"].status, results["train.loss"].reason) == (Status.WARNED, Reason.MISSING_METRIC)


def test_predictions_that_are_missing_at_base_leave_floors_but_make_margins_unusable(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("readme", "x").commit().branch("change")
    predict(repo, frame())
    results = judged(repo, section({"metric": "roc_auc", "floor": 0.6}, {"metric": "log_loss", "may_gain": 0.1}))
    assert results["roc_auc"].status is Status.PASSED
    assert (results["log_loss"].tier, results["log_loss"].reason) == (Tier.UNUSABLE, Reason.MISSING_BASELINE)


def test_predictions_that_are_missing_at_head_are_red_with_and_without_gates(repo: Repo) -> None:
    repo.remove("predictions.parquet").remove("predictions.parquet.dvc").commit()
    for asked in (
        section(),
        section({"metric": "roc_auc", "floor": 0.5}),
        section({"metric": "f1", "floor": 0.5, "every": "carrier"}),
    ):
        result = judged(repo, asked)[""]
        assert result.status is Status.FAILED
        assert result.reason is Reason.MISSING_METRIC
        assert "predictions.parquet does not exist" in result.why


def test_corrupt_predictions_are_a_reason_and_no_traceback(repo: Repo) -> None:
    repo.write("predictions.parquet", b"PAR1 this is not Parquet PAR1").dvc_add("predictions.parquet").commit()
    result = judged(repo, section({"metric": "roc_auc", "floor": 0.5}))["roc_auc"]
    assert (result.tier, result.reason) == (Tier.UNUSABLE, Reason.UNREADABLE_METRIC)


def test_an_object_that_was_never_pushed_is_a_reason(repo: Repo, tmp_path: Path) -> None:
    repo.git("push", "--quiet", str(repo.root), "HEAD:refs/heads/copy")
    clone = repo.clone(tmp_path / "clone")
    with Repository.open(clone.root) as repository:
        facts = gather(repository, section({"metric": "roc_auc", "floor": 0.5}), repository.resolve("HEAD"), Silent())
    assert facts.metrics[0].problem_head is Reason.UNREADABLE_METRIC


def test_rows_that_were_dropped_make_the_comparison_unusable(repo: Repo) -> None:
    easy = frame().filter(pl.col("carrier") != "HA")
    result = judged(predict(repo, easy), section({"metric": "roc_auc", "floor": 0.5}))["roc_auc"]
    assert (result.tier, result.reason) == (Tier.UNUSABLE, Reason.MISMATCHED_KEYS)
    assert "rows are gone" in result.why


def test_a_function_of_the_user_is_measured_with_a_jackknife(repo: Repo) -> None:
    asked = section({"metric": "early", "function": "own.py:early", "better": "higher", "may_lose": 0.001})
    facts = gathered(predict(repo, frame(noise=1.0)), asked)
    (fact,) = facts.metrics
    assert fact.source == "own.py:early"
    assert fact.confidence.method == "jackknife"
    assert fact.confidence.standard_error > 0
    assert facts.functions_changed == []


def test_a_function_that_fails_is_unusable_and_its_edit_is_told(repo: Repo) -> None:
    repo.write("own.py", "def early(rows):\n    return 1 / 0\n").commit()
    asked = section({"metric": "early", "function": "own.py:early", "better": "higher", "floor": 0.001})
    results = judged(repo, asked)
    assert (results["early"].tier, results["early"].reason) == (Tier.UNUSABLE, Reason.FUNCTION_FAILED)
    assert "own.py:2" in results["early"].why
    assert results["own.py"].status is Status.WARNED


def test_the_baseline_cannot_slide(repo: Repo) -> None:
    """Two changes lose 0.04 each, which each alone may; since the champion that is too much."""
    repo.write("metrics.json", '{"score": 0.86}').commit("first")
    repo.git("branch", "--force", "champion-score", "HEAD")
    repo.write("metrics.json", '{"score": 0.82}').commit("second step")
    repo.git("branch", "--force", "before", "HEAD")
    repo.write("metrics.json", '{"score": 0.78}').commit("third step")
    step = {"metric": "score", "better": "higher", "may_lose": 0.05}
    asked = Evaluate.model_validate(
        {"metrics": ["metrics.json"], "gates": [step, step | {"since": "champion-score"}], "baseline": "champion-score"}
    )
    results = judged(repo, asked, base="before")
    assert results["score"].tier is Tier.PASS
    assert results["score since champion-score"].status is Status.FAILED


def test_the_change_since_the_champion_is_paired_with_its_predictions(repo: Repo) -> None:
    asked = section({"metric": "roc_auc", "may_lose": 0.2, "since": "champion"}, baseline="champion")
    predict(repo, frame(noise=1.0))
    facts = gathered(repo, asked)
    (fact,) = [fact for fact in facts.baselines if fact.slice is None]
    assert fact.confidence.method == "delong"
    assert fact.rows == 400
    assert decide(asked, facts).children[0].comparison.low is not None


def test_a_baseline_that_does_not_exist_is_told_and_unusable_where_a_gate_asks(repo: Repo) -> None:
    gate = {"metric": "roc_auc", "may_lose": 0.2}
    told = judged(repo, section(gate, baseline="v9"))
    assert told["roc_auc"].status is Status.PASSED
    assert told["roc_auc: change since v9"].status is Status.WARNED
    held = judged(repo, section(gate | {"since": "v9"}))
    assert (held["roc_auc since v9"].tier, held["roc_auc since v9"].reason) == (Tier.UNUSABLE, Reason.MISSING_BASELINE)


def test_history_names_the_accepted_changes(repo: Repo) -> None:
    asked = Evaluate.model_validate(
        {"metrics": ["metrics.json"], "gates": [{"metric": "latency_ms", "better": "lower", "ceiling": 9}]}
    )
    facts = gathered(repo, asked)
    assert [(point.label, point.value) for point in facts.history["latency_ms"]] == [("#7", 3.0)]


def test_fairness_is_measured_at_both_sides(repo: Repo) -> None:
    asked = section(fairness={"by": "carrier", "equalised_odds": 1.0, "min_rows": 10})
    facts = gathered(predict(repo, frame(noise=1.0)), asked)
    (fact,) = facts.fairness
    assert {group.value for group in fact.groups} == {"AA", "HA", "UA"}
    assert fact.equalised_odds_base is not None
    assert fairness.decide(asked.fairness, facts).status is Status.PASSED


def test_the_facts_survive_their_json(repo: Repo) -> None:
    asked = section({"metric": "brier", "may_gain": 0.01, "every": "carrier"}, baseline="champion")
    facts = gathered(predict(repo, frame(noise=1.0)), asked)
    assert EvaluationFacts.model_validate_json(facts.model_dump_json()) == facts
