"""`assay.yml` is strict, and tells every error at once with its line."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from policy import document
from policy.document import PolicyProblem
from policy.problems import UserProblem

WHOLE = """\
version: 1
data:
  - path: data/flights.parquet
    contract: contracts/flights.py:Flights
    key: [time_hour, carrier]
    drift: {warn: 0.10, fail: 0.30, share: 0.5}
    personal: block
train:
  targets: [evaluate]
  budget: 60 min
evaluate:
  metrics: [metrics.json]
  predictions: {path: predictions.parquet, key: [id], label: late, score: p_late, slices: [carrier]}
  gates:
    - {metric: roc_auc, better: higher, floor: 0.70, may_lose: 0.005}
    - {metric: roc_auc, every: carrier, min_rows: 200, may_lose: 2%}
  fairness: {by: origin, equalised_odds: 0.10}
model:
  name: flight-delay
  artifact: model/
"""


def errors_of(text: str) -> list[str]:
    with pytest.raises(PolicyProblem) as caught:
        document.read(text)
    return [str(error) for error in caught.value.errors]


def test_a_whole_policy_is_read() -> None:
    policy = document.read(WHOLE)
    assert policy.data[0].key == ["time_hour", "carrier"]
    assert policy.train is not None and policy.train.budget is not None and policy.train.budget.total_seconds() == 3600
    assert policy.evaluate is not None and policy.evaluate.gates[1].may_lose is not None
    assert policy.evaluate.gates[1].may_lose.at(0.5) == pytest.approx(0.01)


def test_an_unknown_key_is_named_with_its_line_and_the_key_that_was_meant() -> None:
    (error,) = errors_of(WHOLE.replace("    personal: block", "    persnal: block"))
    assert error == "assay.yml:7: `data.0.persnal`: unknown key; did you mean `personal`?"


def test_an_unknown_key_that_resembles_nothing_gets_the_list_of_known_ones() -> None:
    (error,) = errors_of("version: 1\nzzz: 2\n")
    assert error.startswith("assay.yml:2: `zzz`: unknown key; known keys are `version`, `data`")


def test_several_errors_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = WHOLE.replace("version: 1", "version: 2").replace("60 min", "60").replace("warn: 0.10", "warn: -1")
    errors = errors_of(text)
    assert [error.split(": ")[0] for error in errors] == ["assay.yml:1", "assay.yml:6", "assay.yml:10"]
    assert "found -1" in errors[1]
    assert "such as '60 min'" in errors[2]


def test_a_missing_key_is_named_on_the_line_of_its_parent() -> None:
    (error,) = errors_of("version: 1\ndata:\n  - key: [id]\n")
    assert error == "assay.yml:3: `data.0.path`: the key is missing; add it"


def test_a_key_that_stands_twice_is_refused() -> None:
    (error,) = errors_of("version: 1\ntrain: {targets: [a], targets: [b]}\n")
    assert error == "assay.yml:2: `train.targets`: the key stands twice; keep one of them"


def test_a_data_set_that_is_named_twice_is_refused() -> None:
    (error,) = errors_of("version: 1\ndata:\n  - path: a.csv\n  - path: a.csv\n")
    assert error.startswith("assay.yml:4: ") and "named twice" in error


def test_disjoint_sets_need_a_key() -> None:
    (error,) = errors_of("version: 1\ndata:\n  - path: a.csv\n    disjoint_from: [b.csv]\n")
    assert "no `key`" in error


@pytest.mark.parametrize("text", ["", "# only a comment\n", "- 1\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    (error,) = errors_of(text)
    assert "begin with `version: 1`" in error


def test_broken_yaml_is_named_with_its_line() -> None:
    with pytest.raises(UserProblem, match=r"assay.yml:3: not YAML"):
        document.read("version: 1\ndata: [\n")


def test_the_digest_changes_with_any_byte() -> None:
    assert document.digest(WHOLE) != document.digest(WHOLE + "\n")


def test_the_json_schema_accepts_what_we_accept_and_describes_every_key() -> None:
    schema = json.loads(document.schema())
    jsonschema.validate(yaml.safe_load(WHOLE), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": 1, "zzz": 1}, schema)
    assert schema["properties"]["data"]["description"]
    short = schema["$defs"]["Embeddings"]["anyOf"][0]["properties"]["model"]  # beside the name alone, which stands for it
    assert short["description"].startswith("A package with a model")
    assert schema["$defs"]["Dimension"]["properties"]["from"]["description"], "a key that is another word in Python"


def test_the_example_of_the_flights_is_valid() -> None:
    file = next(Path(__file__).parents[2].glob("examples/flights/**/assay.yml"))
    document.read(file.read_text("utf-8"), str(file))
