"""How many of the digits that were set aside are read right."""

import json
from pathlib import Path

import joblib
from images import read


def main() -> None:
    rows, classes = read(aside=True)
    accuracy = float((joblib.load("model.joblib").predict(rows) == classes).mean())
    Path("metrics.json").write_text(json.dumps({"accuracy": round(accuracy, 6)}, indent=2) + "\n")


if __name__ == "__main__":
    main()
