"""The verbs that do one thing.

assay.verbs.data, assay.verbs.train, assay.verbs.evaluate, assay.verbs.report, assay.verbs.policy
"""

import json
from pathlib import Path

from tests.assay.conftest import CONTRACT, Assay, rows
from tests.repositories import Repo


def names(out: str) -> list[str]:
    return [part["name"] for part in json.loads(out)["result"]["children"]]


def test_data_judges_the_data_sets_and_the_state_of_the_pipeline_and_runs_nothing(assay: Assay, project: Repo) -> None:
    project.write("data/raw.csv", rows(230)).dvc_add("data/raw.csv").commit()
    done = assay("data", "--json", "--no-remote", cwd=project.root)
    assert names(done.out) == ["data", "training"]
    assert done.code == 1, "the stages are out of date"
    facts = json.loads((project.root / ".assay/facts.json").read_text())
    assert facts["data"][0]["diff"]["added"] == 30
    assert "training" not in facts


def test_data_tries_a_contract_on_any_file(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "raw.py").write_text(CONTRACT)
    (tmp_path / "good.csv").write_text(rows(20))
    (tmp_path / "bad.csv").write_text(rows(20, "20,-1\n21,-2\n"))
    assert assay("data", "good.csv", "--contract", "raw.py:Raw", cwd=tmp_path).code == 0
    done = assay("data", "bad.csv", "--contract", "raw.py:Raw", "--key", "id", "--json", cwd=tmp_path)
    assert done.code == 1
    (failure,) = json.loads(done.out)["facts"]["failures"]
    assert (failure["column"], failure["count"]) == ("value", 2)
    assert [example["key"] for example in failure["examples"]] == [{"id": "20"}, {"id": "21"}]


def test_data_on_a_file_knows_its_key_columns(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "raw.py").write_text(CONTRACT)
    (tmp_path / "good.csv").write_text(rows(20))
    done = assay("data", "good.csv", "--contract", "raw.py:Raw", "--key", "idd", cwd=tmp_path)
    assert (done.code, done.err) == (2, "assay: good.csv: there is no column idd. Name a column: id, value\n")


def test_data_on_a_file_needs_a_contract(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    done = assay("data", "x.csv", cwd=tmp_path)
    assert (done.code, done.err) == (2, "assay: x.csv: a contract is needed to check a file. Add --contract path.py:Model\n")


def test_train_reproduces_what_changed_and_judges_only_that(assay: Assay, project: Repo) -> None:
    project.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").commit()
    done = assay("train", "--json", cwd=project.root)
    assert (done.code, names(done.out)) == (0, ["training"])
    assert "slope: 9" in (project.root / "dvc.lock").read_text()


def test_evaluate_judges_metrics_as_they_are(assay: Assay, project: Repo) -> None:
    project.write("metrics.json", '{"accuracy": 0.3}').commit()
    done = assay("evaluate", "--json", cwd=project.root)
    assert (done.code, names(done.out)) == (1, ["evaluation", "fairness"])
    assert "below the floor" in json.dumps(done.out) or "below-floor" in done.out


def test_report_draws_the_same_again_from_facts(assay: Assay, project: Repo) -> None:
    project.write("README.md", "# Again\n").commit()
    assay("check", cwd=project.root)
    before = (project.root / ".assay/comment.md").read_bytes()
    done = assay("report", cwd=project.root)
    assert done.code == 0, done.err
    assert (project.root / ".assay/comment.md").read_bytes() == before


def test_ga_04_report_judges_edited_facts_again_instead_of_believing_them(assay: Assay, project: Repo) -> None:
    project.write("metrics.json", '{"accuracy": 0.3}').commit()
    assay("check", "--no-train", cwd=project.root)
    file = project.root / ".assay/facts.json"
    (project.root / ".assay/verdict.json").write_text('{"result": {"status": "passed"}}')
    facts = json.loads(file.read_text())
    facts["evaluation"] = None
    file.write_text(json.dumps(facts))
    assert assay("report", cwd=project.root).code == 1


def test_report_refuses_facts_that_were_gathered_under_another_policy(assay: Assay, project: Repo) -> None:
    project.write("README.md", "# Again\n").commit()
    assay("check", cwd=project.root)
    file = project.root / ".assay/facts.json"
    facts = json.loads(file.read_text())
    facts["policy"]["digest"] = "sha256:forged"
    file.write_text(json.dumps(facts))
    done = assay("report", cwd=project.root)
    assert done.code == 2
    assert "another policy" in done.err


def test_report_without_facts_says_what_to_run_first(assay: Assay, project: Repo) -> None:
    done = assay("report", "nothing.json", cwd=project.root)
    assert (done.code, "Run `assay check` first" in done.err) == (2, True)


def test_policy_says_what_a_policy_holds(assay: Assay, project: Repo) -> None:
    done = assay("policy", cwd=project.root)
    assert (done.code, done.out) == (0, "assay.yml: 1 data sets, 1 gates, no error\n")
