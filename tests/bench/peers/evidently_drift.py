"""Evidently's drift preset on two Parquet files, as its documentation shows it."""

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

base, head = (pd.read_parquet(path) for path in sys.argv[1:3])
result = Report([DataDriftPreset()]).run(head, base).dict()
print(len(result["metrics"]), "metrics")
