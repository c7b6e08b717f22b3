"""The lineage as text, as data and as a chart: complete, honest about what is missing, and safe with any name."""

import json
from datetime import UTC, datetime

from hypothesis import given

from policy.lineage import Lineage, Reign, Step
from policy.origin import Origin
from reports import lineage
from tests.policy.test_origin import ORIGINS, SOME

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
OLD = Step(1, START, SOME.model_copy(update={"code_sha": "d" * 40}), run="r1", source="mlflow-artifacts:/1/r1/artifacts/model")
NEW = Step(2, START, SOME, aliases=("production",), run="r2", source="mlflow-artifacts:/1/r2/artifacts/model")
LOST = Step(3, START, None, ("the tag `assay.code_sha` is missing", "the tag `assay.data` is missing"))
REIGNS = (Reign("production", 2, START, None, True), Reign("production", 1, None, START, False))
FOUND = Lineage("flight-delay", NEW, OLD, (OLD, NEW), REIGNS)


def test_the_text_says_everything_a_line_each() -> None:
    said = dict.fromkeys(name for name, _, _ in lineage.rows(FOUND))
    wanted = [
        "version",
        "code",
        "pull request",
        "verdict",
        "approvals",
        "model",
        "parameters",
        "data",
        "run",
        "replaces",
        "changed",
    ]
    assert list(said) == [*wanted, "history"]
    text = lineage.text(FOUND)
    assert "flight-delay@2 (production) · registered 2026-05-01 12:00 UTC" in text
    assert "data/raw.csv md5:666" in text and "from store" in text
    assert "code: dddddddddddd → aaaaaaaaaaaa" in text
    assert "production: flight-delay@2 from 2026-05-01 12:00 UTC until now" in text
    assert "production: flight-delay@1 from a moment that nobody noted until 2026-05-01 12:00 UTC" in text


def test_what_is_missing_is_said_and_marked() -> None:
    rows = lineage.rows(Lineage("flight-delay", LOST, NEW, (NEW, LOST), ()))
    assert [said for name, said, bad in rows if name == "missing" and bad] == list(LOST.faults)
    assert any(bad and "what differs is not known" in said for _, said, bad in rows)
    assert any(bad for name, _, bad in rows if name == "run")


def test_the_first_version_replaces_nothing() -> None:
    assert ("replaces", "nothing: it is the first", False) in lineage.rows(Lineage("flight-delay", OLD, None, (OLD,), ()))


def test_the_data_is_complete_and_ready_for_json() -> None:
    data = json.loads(json.dumps(lineage.data(FOUND)))
    assert (data["model"], data["version"], data["replaces"], data["complete"]) == ("flight-delay", 2, 1, True)
    assert Origin.model_validate(data["origin"]) == SOME
    assert data["changes"] == [{"what": "code", "before": "d" * 40, "after": "a" * 40}]
    assert data["reigns"][1] == {
        "alias": "production",
        "version": 1,
        "since": None,
        "until": "2026-05-01T12:00:00Z",
        "present": False,
    }
    assert [each["version"] for each in data["versions"]] == [1, 2]


def test_the_chart_names_code_data_verdict_people_and_aliases() -> None:
    chart = str(lineage.chart(FOUND))
    assert chart.startswith("```mermaid\n%%{init") and chart.endswith("\n```")
    for said in (
        "code aaaaaaaaaaaa",
        "data/raw.csv 666666666666",
        "verdict passed",
        "approved by ada",
        "pull request 7",
        "production",
    ):
        assert said in chart
    assert "flight-delay·1" in chart
    assert ":::missing" in str(lineage.chart(Lineage("flight-delay", LOST, None, (LOST,), ())))


@given(ORIGINS)
def test_no_name_breaks_the_chart_or_the_lines(origin: Origin) -> None:
    found = Lineage('a"]\nclick version "javascript:x"', Step(1, START, origin, aliases=('x"]',)), None, (), ())
    chart = str(lineage.chart(found))
    inside = chart.split("\n")[6:-1]
    assert all(line.startswith("    ") and line.count('"') == 2 for line in inside)
    assert "click version" not in chart.replace('"', "\n").split("\n")
    assert all("\n" not in said and len(said) <= 300 for _, said, _ in lineage.rows(found))


@given(ORIGINS)
def test_the_same_lineage_is_drawn_the_same(origin: Origin) -> None:
    found = Lineage("m", Step(1, START, origin), None, (), ())
    assert lineage.chart(found) == lineage.chart(found)
    assert lineage.text(found) == lineage.text(found)
