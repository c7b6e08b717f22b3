"""What is wanted of a repository as a whole (actions.setup.setup)."""

from pathlib import Path

from actions.progress import Silent
from actions.repository import Repository
from actions.setup.files import write
from actions.setup.setup import Wanted, wanted
from tests.repositories import Repo


def of(repo: Repo) -> Wanted:
    with Repository.open(repo.root) as repository:
        return wanted(repository, "1.0.0", Silent())


def test_policy_contracts_and_workflows_are_wanted_and_then_all_there(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    first = of(repo)
    assert {file.path.split("/")[0] for file in first.files} == {"assay.yml", "contracts", ".github"}
    assert {file.state for file in first.files} == {"new"}
    for file in first.files:
        write(repo.root, file)
    assert {file.state for file in of(repo).files} == {"same"}


def test_the_workflow_for_tuning_is_wanted_where_the_policy_has_it(tmp_path: Path) -> None:
    tune = "evaluate: {metrics: [m.json]}\ntune: {space: {lr: {from: 1, to: 2}}, objectives: [{metric: accuracy}]}\n"
    repo, found = Repo(tmp_path).with_pipeline(), []
    for more in ("", tune):
        repo.write("assay.yml", f"version: 1\n{more}")
        found.append(".github/workflows/assay-tune.yml" in [file.path for file in of(repo).files])
    assert found == [False, True]


def test_a_contract_that_somebody_took_out_of_the_policy_is_not_wanted_again(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline().write("assay.yml", "version: 1\n")
    assert [file.path for file in of(repo).files if file.path.startswith("contracts/")] == []


def test_a_contract_that_the_policy_names_and_nobody_wrote_is_wanted(tmp_path: Path) -> None:
    policy = "version: 1\ndata:\n  - {path: data/raw.csv, contract: 'contracts/raw.py:Raw'}\n"
    repo = Repo(tmp_path).with_pipeline().write("assay.yml", policy)
    assert [file.path for file in of(repo).files if file.state == "new" and file.path.endswith(".py")] == ["contracts/raw.py"]
