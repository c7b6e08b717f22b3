"""NannyML's estimate (CBPE) of its own bundled car loans, in chunks of 5,000 rows, as its documentation shows it.

Writes three small tables to a folder, which tests/actions/monitor/nannyml keeps: the scores there have two digits, so that
counts of equal rows are the whole data set. Run it in an environment of its own, from the root of the repository:

    python -m venv .bench/nannyml && .bench/nannyml/bin/pip install nannyml==0.13.1 statsmodels
    .bench/nannyml/bin/python tests/bench/peers/nannyml_cbpe.py tests/actions/monitor/nannyml
"""

import os
import sys
from pathlib import Path

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"  # read when it is imported

import nannyml

CHUNK = 5_000
METRICS = ["roc_auc", "f1", "accuracy"]

folder = Path(sys.argv[1])
reference, analysis, _ = nannyml.load_synthetic_car_loan_dataset()
columns = {"y_pred_proba": "y_pred_proba", "y_pred": "y_pred", "y_true": "repaid"}
estimator = nannyml.CBPE(problem_type="classification_binary", metrics=METRICS, chunk_size=CHUNK, **columns).fit(reference)
estimates = estimator.estimate(analysis).filter(period="analysis").to_df(multilevel=False)

analysis["chunk"] = analysis.index // CHUNK
for name, table, by in (("reference", reference, ["repaid"]), ("chunks", analysis, ["chunk"])):
    counts = table.groupby([*by, "y_pred_proba", "y_pred"]).size().reset_index(name="rows")
    counts.astype({by[0]: int}).to_csv(folder / f"{name}.csv", index=False)
said = {
    f"{metric}_{what}": metric + ("" if what == "value" else "_error")
    for metric in METRICS
    for what in ("value", "sampling_error")
}
kept = estimates[["chunk_index", *said]].rename(columns={"chunk_index": "chunk", **said})
kept.to_csv(folder / "estimates.csv", index=False, float_format="%.9f")
