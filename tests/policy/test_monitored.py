"""The section `monitor` of `assay.yml`."""

import pytest
from pydantic import ValidationError

from policy import document
from policy.document import PolicyProblem
from policy.monitored import Monitor


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"window": "3 days", "rows": 100, "time": "at"}, "keep one of them"),
        ({"window": "3 days"}, "need `time`"),
        ({"late_after": "3 days"}, "need `time`"),
        ({"warn": 0.5, "fail": 0.1}, "is above fail"),
        ({"columns": {"a": {"warn": 0.5, "fail": 0.1}}}, "is above fail"),
        ({"data": "s3://bucket/live"}, "`reference` is needed"),
        ({"data": "/srv/live.parquet"}, "`reference` is needed"),
        ({"data": "ftp://ada:secret@host/live.csv", "reference": "a.csv"}, "leave credentials out"),
        ({"severity": {"shchema": "low"}}, "schema"),
        ({"severity": {"drift": "fatal"}}, "high"),
        ({"least": 3}, "30"),
    ],
)
def test_a_section_that_cannot_be_meant_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Monitor.model_validate({"data": "live.parquet"} | wrong)


def test_the_policy_holds_it_and_names_a_mistyped_key() -> None:
    text = "version: 1\nmonitor:\n  data: live.parquet\n  tiem: at\n"
    with pytest.raises(PolicyProblem, match="did you mean `time`"):
        document.read(text)
    policy = document.read(text.replace("tiem", "time"))
    assert policy.monitor is not None and policy.monitor.time == "at"


def test_labels_are_not_judged_for_drift_where_they_are_predicted() -> None:
    predictions = {"label": "late", "score": "p", "metrics": [{"metric": "roc_auc", "floor": 0.7}]}
    plain = {"data": "live.parquet", "predictions": predictions}
    assert Monitor.model_validate(plain).as_drift.columns["late"].ignore
    assert Monitor.model_validate(plain | {"columns": {"late": {"ignore": True}}}).as_drift.columns["late"].ignore
    with pytest.raises(ValidationError, match="late is the label"):
        Monitor.model_validate(plain | {"columns": {"late": {"fail": 1}}})
