"""A small project to tune: one stage whose accuracy grows with a slope, with as much noise as its parameters say."""

from pathlib import Path

from tests.repositories import Repo

_TRAIN = """\
import json
import random

import yaml

params = yaml.safe_load(open("params.yaml"))["train"]
noise = random.Random(params["seed"]).gauss(0, params["noise"])
accuracy = 0.5 + params["slope"] / 10 + noise * params["slope"]
json.dump({"accuracy": accuracy, "seconds": params["slope"]}, open("metrics.json", "w"))
"""
_PIPELINE = """\
stages:
  train:
    cmd: python train.py
    deps: [train.py]
    params: [train]
    metrics:
      - metrics.json: {cache: false}
"""
PARAMS = "# found by hand\ntrain:\n  slope: 1.5 # steep\n  noise: 0.0\n  seed: 1\n"


def project(folder: Path, policy: str, params: str = PARAMS) -> Repo:
    """A repository with a pipeline of one quick stage, run and committed, and a policy."""
    files = {"train.py": _TRAIN, "dvc.yaml": _PIPELINE, "params.yaml": params, "assay.yml": policy}
    repo = Repo(folder)
    for name, content in files.items():
        repo.write(name, content)
    return repo.repro().commit()
