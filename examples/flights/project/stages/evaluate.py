"""Score the days that were set aside: metrics, one prediction a flight, two plots, and a run in MLflow."""

import json
import os
from pathlib import Path

import lightgbm
import numpy as np
import polars as pl
import yaml
from features import to_matrix
from matplotlib.figure import Figure
from sklearn.metrics import log_loss, roc_auc_score, roc_curve


def main() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())
    model = lightgbm.Booster(model_file="model/model.txt")
    levels = json.loads(Path("model/levels.json").read_text())
    rows = pl.read_parquet("prepared/evaluate.parquet")
    late = rows["late"].to_numpy()
    score = model.predict(to_matrix(rows, params["features"], levels), num_threads=1)

    keys = rows.select("time_hour", "carrier", "flight", "origin", "late")
    keys.with_columns(p_late=pl.Series(score)).write_parquet("predictions.parquet")
    metrics = {
        "roc_auc": round(float(roc_auc_score(late, score)), 6),
        "log_loss": round(float(log_loss(late, score)), 6),
        "trees": model.num_trees(),
    }
    Path("metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    Path("plots").mkdir(exist_ok=True)
    write_roc(late, score)
    draw_calibration(late, score)
    track(params, metrics)


def write_roc(late: np.ndarray, score: np.ndarray) -> None:
    """A hundred points of the curve are enough to draw it."""
    wrong, right, _ = roc_curve(late, score)
    grid = np.linspace(0, 1, 101)
    curve = pl.DataFrame({"false_positive_rate": grid, "true_positive_rate": np.interp(grid, wrong, right)})
    curve.write_csv("plots/roc.csv", float_precision=4)


def draw_calibration(late: np.ndarray, score: np.ndarray) -> None:
    """How often flights were late, against how often we said so, in ten groups of equal size."""
    groups = np.array_split(np.argsort(score, kind="stable"), 10)
    figure = Figure(figsize=(4, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    axes.plot([score[group].mean() for group in groups], [late[group].mean() for group in groups], marker="o")
    axes.set(title="Calibration", xlabel="predicted share late", ylabel="observed share late", xlim=(0, 1), ylim=(0, 1))
    figure.savefig("plots/calibration.png", dpi=100, metadata={"Software": None})


def track(params: dict, metrics: dict) -> None:
    """Leave a run in MLflow: in `mlflow.db` beside this project, or wherever MLFLOW_TRACKING_URI says."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read when MLflow is imported
    import mlflow

    mlflow.set_tracking_uri(os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{Path('mlflow.db').resolve()}")
    mlflow.set_experiment("flight-delay")
    with mlflow.start_run():
        mlflow.log_params(params["train"] | {"features": ", ".join(params["features"])})
        mlflow.log_metrics(metrics)


if __name__ == "__main__":
    main()
