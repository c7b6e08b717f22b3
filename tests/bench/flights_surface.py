"""The flights example as a surface: the area under its curve by three parameters, recorded once, so that nothing is trained.

`python -m tests.bench.flights_surface DEMO` records it again, from a folder that `assay demo` built: 512 models on 30,000 of its
rows, spread evenly over the space (Sobol). It takes some minutes. `... DEMO retrained` says how far the metric of one and the
same point moves when its model is only trained with another seed.
"""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from policy.tuning import Point

FILE = Path(__file__).with_suffix(".csv")
SPACE = {
    "learning_rate": {"from": 10**-2.5, "to": 10**-0.3, "scale": "log"},
    "num_leaves": {"from": 4, "to": 256, "scale": "log"},
    "min_data_in_leaf": {"from": 5, "to": 1995, "scale": "log"},
}
ROWS, POINTS = 30_000, 512
RETRAINED = 0.0012
"""The standard deviation of the area under the curve over ten seeds, at the parameters of the example.

The training of the example makes no use of its seed: all seeds give the same model. So each tree saw eight tenths of the rows,
drawn by the seed (LightGBM's bagging).
"""


def flights(point: Point) -> float:
    """The area under the curve at a point, between the recorded ones by radial basis functions."""
    return float(_surface()(_scaled(np.array([[float(point[name] or 0) for name in SPACE]])))[0])


@cache
def _surface() -> Any:
    from scipy.interpolate import RBFInterpolator

    table = np.loadtxt(FILE, delimiter=",", skiprows=1)
    return RBFInterpolator(_scaled(table[:, :3]), table[:, 3], smoothing=1e-4)


def _scaled(points: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    low, high = (np.log([each[end] for each in SPACE.values()]) for end in ("from", "to"))
    return (np.log(points) - low) / (high - low)


def record(demo: Path) -> None:
    """Train at every point, and write the table."""
    from scipy.stats import qmc

    score = _trained(demo)
    lines = [",".join((*SPACE, "roc_auc"))]
    for share in qmc.Sobol(3, seed=5).random(POINTS):
        rate, leaves, least = (
            each["from"] * (each["to"] / each["from"]) ** x for x, each in zip(share, SPACE.values(), strict=True)
        )
        chosen = {"learning_rate": float(rate), "num_leaves": round(leaves), "min_data_in_leaf": round(least)}
        found = score({**chosen, "seed": 1})
        lines.append(f"{rate:.6g},{chosen['num_leaves']},{chosen['min_data_in_leaf']},{found:.6f}")
    FILE.write_text("\n".join(lines) + "\n")


def retrained(demo: Path) -> float:
    """How far the metric moves by the seed alone, as a standard deviation."""
    score = _trained(demo)
    drawn = {"learning_rate": 0.1, "num_leaves": 31, "min_data_in_leaf": 200, "bagging_fraction": 0.8, "bagging_freq": 1}
    return float(np.std([score({**drawn, "seed": seed}) for seed in range(1, 11)], ddof=1))


def _trained(demo: Path) -> Callable[[dict[str, float]], float]:
    """Trains with the parameters it is given, and says what that came to."""
    import lightgbm
    import polars as pl
    import yaml
    from sklearn.metrics import roc_auc_score

    sys.path.insert(0, str(demo / "flights/stages"))
    from features import find_levels, to_matrix

    names = yaml.safe_load((demo / "flights/params.yaml").read_text())["features"]
    rows = pl.read_parquet(demo / "flights/prepared/train.parquet").sample(ROWS, seed=1)
    held = pl.read_parquet(demo / "flights/prepared/evaluate.parquet")
    levels = find_levels(rows, names)
    known, late, asked = to_matrix(rows, names, levels), rows["late"].to_numpy().astype(int), to_matrix(held, names, levels)
    fixed = {"objective": "binary", "num_threads": 1, "deterministic": True, "force_row_wise": True, "verbosity": -1}

    def score(chosen: dict[str, float]) -> float:
        data = lightgbm.Dataset(known, late, feature_name=names, categorical_feature=list(levels))
        model = lightgbm.train(fixed | chosen, data, num_boost_round=60)
        return float(roc_auc_score(held["late"].to_numpy(), model.predict(asked, num_threads=1)))

    return score


if __name__ == "__main__":
    if sys.argv[2:] == ["retrained"]:
        print(f"{retrained(Path(sys.argv[1])):.5f}")
    else:
        record(Path(sys.argv[1]))
