"""Fit gradient-boosted trees to the question: will this flight arrive late?"""

import json
from pathlib import Path

import lightgbm
import polars as pl
import yaml
from features import find_levels, to_matrix


def main() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())
    features, settings = params["features"], params["train"]
    rows = pl.read_parquet("prepared/train.parquet")
    levels = find_levels(rows, features)
    dataset = lightgbm.Dataset(
        to_matrix(rows, features, levels),
        rows["late"].to_numpy().astype(int),
        feature_name=features,
        categorical_feature=list(levels),
    )
    fixed = {"objective": "binary", "num_threads": 1, "deterministic": True, "force_row_wise": True, "verbosity": -1}
    chosen = {name: value for name, value in settings.items() if name != "trees"}
    model = lightgbm.train(fixed | chosen, dataset, num_boost_round=settings["trees"])
    Path("model").mkdir(exist_ok=True)
    model.save_model("model/model.txt")
    Path("model/levels.json").write_text(json.dumps(levels, indent=1) + "\n")


if __name__ == "__main__":
    main()
