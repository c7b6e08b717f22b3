"""Fit a logistic regression on the pixels."""

from pathlib import Path

import joblib
import yaml
from images import read
from sklearn.linear_model import LogisticRegression


def main() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())["train"]
    rows, classes = read(aside=False)
    model = LogisticRegression(C=params["strength"], max_iter=params["iterations"]).fit(rows, classes)
    joblib.dump(model, "model.joblib")


if __name__ == "__main__":
    main()
