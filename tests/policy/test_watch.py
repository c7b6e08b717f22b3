"""A change that touches nothing the policy watches needs no computing."""

import pytest

from policy import document
from policy.watch import concerns

POLICY = document.read("""\
version: 1
data: [{path: data/train.csv, contract: contracts/train.py:Train}, {path: extra, contract: top.py:Extra},
       {path: pictures, images: {labels: classes.csv}}]
evaluate:
  metrics: [out/metrics.json]
  predictions: {path: out/predictions.parquet, key: [id], label: y, score: p}
  gates: [{metric: profit, function: metrics/profit.py:profit, better: higher, floor: 0}]
model: {name: m, artifact: model/}
""")


@pytest.mark.parametrize(
    "name",
    [
        "assay.yml",
        ".assay/templates/comment.md.j2",
        "dvc.lock",
        "sub/dvc.yaml",
        "data/train.csv.dvc",
        ".dvc/config",
        "data/train.csv",
        "extra/part-1.csv",
        "classes.csv",
        "contracts/train.py",
        "contracts/shared.py",
        "top.py",
        "metrics/profit.py",
        "out/metrics.json",
        "out/predictions.parquet",
        "model/model.txt",
    ],
)
def test_what_the_policy_names_concerns_it(name: str) -> None:
    assert concerns(POLICY, ["README.md", name]) == [name]


@pytest.mark.parametrize("name", ["README.md", "src/train.py", "bottom.py", "data/train.csv.md", "docs/dvc.md", "xassay.yml"])
def test_other_files_do_not(name: str) -> None:
    assert concerns(POLICY, [name]) == []
