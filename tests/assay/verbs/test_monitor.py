"""`assay monitor`: exit codes, the record, the file for Prometheus (assay.terminal, reports.exposition)."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from actions.registry.client import Registry
from policy import origin
from policy.facts.reading import write
from policy.sighting import Severity, Sighting
from tests.assay.conftest import Assay, told
from tests.policy.test_origin import SOME
from tests.registry import Release, fresh, mlflow_server
from tests.repositories import Repo

__all__ = ["mlflow_server"]

POLICY = """\
version: 1
model: {name: heat, artifact: model/}
monitor:
  data: live.csv
  reference: data/train.csv
  time: at
  window: 30 days
  late_after: 2 days
"""
AT = ("--at", "2026-01-31T00:00:00Z")


def rows(count: int, *, shift: int = 0, first: int = 1) -> str:
    """One row an hour from the first of the month on; values repeat every 17 rows."""
    lines = [f"2026-01-{first + each // 24:02}T{each % 24:02}:00:00Z,{each % 17 + shift}" for each in range(count)]
    return "\n".join(["at,heat", *lines, ""])


def scored(table: str, *, labelled: int, turn: int = 1) -> str:
    """The table with a label, in the first rows, and a score that says less of it the more it is turned."""
    head, *lines = table.splitlines()
    said = [f"{line},{at % 2 if at < labelled else ''},0.{(at * turn + at % 2 * 5) % 10}" for at, line in enumerate(lines)]
    return "\n".join([f"{head},late,p", *said, ""])


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path).write("assay.yml", POLICY).write("data/train.csv", rows(720)).dvc_add("data/train.csv")
    return made.write(".gitignore", "live*\n").commit().tag("champion").write("live.csv", rows(700))


def test_a_quiet_window_passes_and_shows_its_columns(assay: Assay, repo: Repo) -> None:
    done = assay("monitor", *AT, cwd=repo.root)
    assert done.code == 0, done.out + done.err
    assert "700 rows of production look as the reference does in 1 columns" in done.out
    assert "heat" in done.out and "█" in done.out


def test_drift_fails_and_leaves_its_record(assay: Assay, repo: Repo, tmp_path: Path) -> None:
    repo.write("live.csv", rows(700, shift=9))
    done = assay("monitor", *AT, "--json", "--out", tmp_path / "seen.json", "--prometheus", tmp_path / "m.prom", cwd=repo.root)
    assert done.code == 1
    kept = Sighting.model_validate_json((tmp_path / "seen.json").read_text())
    assert kept == Sighting.model_validate_json(done.out)
    assert (kept.model, kept.severity, kept.rows, kept.at) == ("heat", Severity.MEDIUM, 700, "2026-01-31T00:00:00+00:00")
    assert [each.name for each in kept.result.children if each.status == "failed"] == ["heat", "all columns"]
    assert 'assay_monitor_severity{model="heat"} 2\n' in (tmp_path / "m.prom").read_text()


def test_the_policy_says_from_where_it_fails(assay: Assay, repo: Repo) -> None:
    repo.write("live.csv", rows(700, shift=9)).write("assay.yml", POLICY + "  fails_at: high\n")
    done = assay("monitor", *AT, "--json", cwd=repo.root)
    assert (done.code, json.loads(done.out)["severity"]) == (0, "medium")


def test_now_is_the_moment_where_none_is_given(assay: Assay, repo: Repo) -> None:
    repo.write("live.csv", rows(100).replace("2026-", "2016-"))
    done = assay("monitor", cwd=repo.root)
    assert done.code == 1
    assert "the newest row is" in done.out
    assert "too few to tell" not in done.out.splitlines()[0]


def test_too_few_rows_are_named_and_no_failure(assay: Assay, repo: Repo) -> None:
    done = assay("monitor", "--at", "2026-01-05", cwd=repo.write("live.csv", rows(96, shift=9)).root)
    assert done.code == 0
    assert "96 rows are too few to tell whether anything drifted; 200 are needed" in done.out


def test_a_model_that_does_worse_is_red_where_labels_have_arrived(assay: Assay, repo: Repo) -> None:
    asks = "  predictions: {label: late, score: p, metrics: [{metric: accuracy, floor: 0.8}]}\n"
    labelled = [f"{line},{at % 2},{(at // 2) % 2}.0" for at, line in enumerate(rows(700).splitlines()[1:])]
    unlabelled = [f"{line},,0.0" for line in rows(20, first=30).splitlines()[1:]]
    repo.write("assay.yml", POLICY + asks).write("live.csv", "\n".join(["at,heat,late,p", *labelled, *unlabelled, ""]))
    done = assay("monitor", *AT, "--json", cwd=repo.root)
    seen = Sighting.model_validate_json(done.out)
    assert (done.code, seen.severity) == (1, Severity.HIGH), done.out
    assert seen.result.children[0].why.startswith("accuracy on 700 labelled rows of production is 0.5")
    repo.write("assay.yml", POLICY + asks.replace("0.8", "0.4"))
    assert "  ● accuracy on 700 labelled rows of production is 0.5 (" in assay("monitor", *AT, cwd=repo.root).out


def test_a_query_is_asked_of_the_database_that_the_environment_names(
    assay: Assay, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(tmp_path / "live.db")) as connection:
        text = f"read_csv('{repo.root / 'live.csv'}', types = {{'at': 'VARCHAR'}})"  # as the reference has it
        connection.execute(f"CREATE TABLE live AS SELECT * FROM {text}")
    query = "query: {sql: 'SELECT * FROM live WHERE heat >= 0', connection: '${LIVE}'}"
    repo.write("assay.yml", POLICY.replace("data: live.csv", query))
    (line,) = told(assay("monitor", *AT, cwd=repo.root), 2)
    assert "LIVE is not set" in line
    monkeypatch.setenv("LIVE", f"duckdb://{tmp_path / 'live.db'}")
    done = assay("monitor", *AT, cwd=repo.root)
    assert done.code == 0, done.out + done.err
    assert "700 rows of production" in done.out


def test_production_is_compared_with_the_data_of_the_version_that_runs_there(
    assay: Assay, repo: Repo, mlflow_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, old = fresh(), repo.sha()
    repo.write("data/train.csv", rows(720, shift=9)).dvc("add", "--quiet", "data/train.csv")
    repo.commit("what a newer model learned from")
    repo.write("live.csv", rows(700, shift=9))
    repo.write("assay.yml", POLICY.replace("name: heat", f"name: {model}") + "  champion: production\n")
    assert assay("monitor", *AT, "--reference", old, cwd=repo.root).code == 1
    (line,) = told(assay("monitor", *AT, cwd=repo.root), 2)
    assert "MLFLOW_TRACKING_URI: no registry is named" in line
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    client = Registry.connect({"MLFLOW_TRACKING_URI": mlflow_server})
    run = client.begin(f"assay/{model}", "a run", {})
    for sha, version, code in ((old, "1", 1), (repo.sha(), "2", 0)):
        made = client.create(model, run, "model", origin.tags(SOME.model_copy(update={"code_sha": sha})))
        client.point(model, "production", made.number)
        done = assay("monitor", *AT, "--json", cwd=repo.root)
        assert (done.code, Sighting.model_validate_json(done.out).version) == (code, version), done.err
    assert "720 in the reference (version 2)" in assay("monitor", *AT, cwd=repo.root).out
    made = client.create(model, run, "model", origin.tags(SOME))
    client.point(model, "production", made.number)
    (line,) = told(assay("monitor", *AT, cwd=repo.root), 2)
    assert SOME.code_sha[:7] in line


def test_a_registered_version_is_monitored_without_its_data(
    assay: Assay, tmp_path: Path, mlflow_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    made, model = Repo(tmp_path / "made"), fresh()
    asks = "  predictions: {label: late, score: p, metrics: [{metric: accuracy, may_lose: 0.05}], estimate: true}\n"
    policy = POLICY.replace("name: heat, artifact: model/", f"name: {model}, artifact: model.txt") + asks
    made.write("data/train.csv", scored(rows(720), labelled=720)).write("model.txt", "1\n").dvc_add("data/train.csv", "model.txt")
    base = made.write("assay.yml", policy + "  champion: production\n").write(".gitignore", "live*\n.assay/\n").commit().sha()
    release = Release(made.push_data(), model, base).again()
    made.write(".assay/facts.json", write(release.facts()))
    done = assay("register", "--json", cwd=made.root)
    assert done.code == 0, done.err
    digest, run = json.loads(done.out)["reference"], json.loads(done.out)["run"]
    client = Registry.connect({"MLFLOW_TRACKING_URI": mlflow_server})
    assert client.versions(model)[0].tags["assay.reference"] == digest
    client.point(model, "production", 1)

    shutil.rmtree(made.remote)
    made.remote.mkdir()
    clone = made.clone(tmp_path / "clone").write("live.csv", scored(rows(700, shift=9), labelled=400, turn=7))
    done = assay("monitor", *AT, cwd=clone.root)
    assert done.code == 1, done.err
    assert "720 in the reference (version 1)" in done.out
    assert "heat moved far" in done.out and "may be 0.05 worse" in done.out
    (line,) = [each for each in done.out.splitlines() if "left out" in each]
    assert "(data/train.csv: neither" in line and "): all columns together, the estimate" in line
    (line,) = told(assay("monitor", *AT, "--reference", base, cwd=clone.root), 2)
    assert "data/train.csv: neither" in line

    (tmp_path / "forged").mkdir()
    (tmp_path / "forged" / "reference.json.gz").write_bytes(b"of something else")
    client.upload(run, tmp_path / "forged", f"reference-{digest.removeprefix('sha256:')[:12]}")
    (line,) = told(assay("monitor", *AT, cwd=clone.root), 2)
    assert f"{model}@1: the profile of its reference is not the one that the tag `assay.reference` names" in line


def test_the_numbers_are_written_to_mlflow_once_a_look(
    assay: Assay, repo: Repo, mlflow_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = told(assay("monitor", *AT, "--mlflow", cwd=repo.root), 2)
    assert "MLFLOW_TRACKING_URI is not set" in line
    model = fresh()
    repo.write("assay.yml", POLICY.replace("name: heat", f"name: {model}"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    for day in ("2026-01-30", "2026-01-31", "2026-01-31"):
        assert assay("monitor", "--at", day, "--mlflow", cwd=repo.root).code == 0
    client = Registry.connect({"MLFLOW_TRACKING_URI": mlflow_server})
    (run,) = client.runs(f"assay-monitor/{model}", {})
    assert len(client.steps(run.id, "severity")) == len(client.steps(run.id, "rows")) == 2


def test_a_look_is_left_also_where_mlflow_is_away(
    assay: Assay, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    done = assay("monitor", *AT, "--mlflow", "--out", tmp_path / "seen.json", cwd=repo.root)
    assert done.code == 3
    assert "the registry cannot be reached" in done.err
    assert Sighting.model_validate_json((tmp_path / "seen.json").read_text()).severity is Severity.NONE


def test_data_that_is_not_there_is_red(assay: Assay, repo: Repo) -> None:
    done = assay("monitor", *AT, cwd=repo.remove("live.csv").root)
    assert done.code == 1
    assert "live.csv cannot be read" in done.out


def test_the_reference_is_the_baseline_of_the_policy_or_the_revision_asked_for(assay: Assay, repo: Repo) -> None:
    moved = rows(720, shift=9)
    repo.write("data/train.csv", moved).dvc_add("data/train.csv").commit().write("live.csv", moved)
    assert assay("monitor", *AT, cwd=repo.root).code == 0
    assert assay("monitor", *AT, "--reference", "champion", cwd=repo.root).code == 1
    gate = "evaluate: {metrics: [m.json], gates: [{metric: a, better: higher, floor: 0}], baseline: champion}\n"
    repo.write("assay.yml", POLICY + gate)
    assert assay("monitor", *AT, cwd=repo.root).code == 1


@pytest.mark.parametrize(
    ("policy", "arguments", "said"),
    [
        ("version: 1\n", (), "there is no section `monitor`"),
        (POLICY.replace("model: {name: heat, artifact: model/}\n", ""), (), "there is no section `model`"),
        (POLICY + "  wendow: 3 days\n", (), "did you mean `window`"),
        (POLICY, ("--at", "yesterday"), "'yesterday' is no moment"),
        (POLICY, ("--prometheus", "metrics.txt"), "ends with .prom"),
        (POLICY, ("--reference", "nowhere"), "nowhere"),
        (POLICY, ("--out", "no/such/folder/seen.json"), "cannot write"),
        (POLICY.replace("data/train.csv", "data/other.csv"), (), "the reference does not exist"),
    ],
)
def test_what_the_reader_must_mend_is_one_line(
    assay: Assay, repo: Repo, policy: str, arguments: tuple[str, ...], said: str
) -> None:
    (line,) = told(assay("monitor", *arguments, cwd=repo.write("assay.yml", policy).root), 2)
    assert said in line


def test_a_place_that_cannot_be_reached_is_outside(assay: Assay, repo: Repo) -> None:
    repo.write("assay.yml", POLICY.replace("live.csv", "http://127.0.0.1:9/live.csv"))
    (line,) = told(assay("monitor", *AT, cwd=repo.root), 3)
    assert "cannot be fetched" in line


def test_a_repository_without_a_policy_says_so(assay: Assay, repo: Repo) -> None:
    (line,) = told(assay("monitor", cwd=repo.remove("assay.yml").root), 2)
    assert "there is no policy" in line
