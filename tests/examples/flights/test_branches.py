"""The tables of the example agree with each other and with the project."""

from pathlib import Path

import yaml

from examples.flights import assemble
from examples.flights.branches import BRANCHES, CHAMPION, EXPECTED, HISTORY
from policy import document

PROJECT = Path(assemble.__file__).parent / "project"


def test_every_branch_has_a_verdict_to_expect() -> None:
    assert [expected.branch for expected in EXPECTED] == [branch.name for branch in BRANCHES]


def test_the_last_accepted_change_is_what_the_project_says() -> None:
    assert tuple(yaml.safe_load((PROJECT / "params.yaml").read_text())["features"]) == HISTORY[-1].features


def test_one_accepted_change_is_the_champion() -> None:
    assert sum(accepted.message.endswith(CHAMPION) for accepted in HISTORY) == 1


def test_every_edit_finds_its_text_once() -> None:
    for branch in BRANCHES:
        for edit in branch.edits:
            assert (PROJECT / edit.path).read_text().count(edit.old) == 1, branch.name


def test_the_policy_of_the_project_is_valid_and_names_files_that_exist() -> None:
    policy = document.read((PROJECT / "assay.yml").read_text())
    contracts = [dataset.contract.partition(":")[0] for dataset in policy.data if dataset.contract]
    assert contracts and all((PROJECT / contract).is_file() for contract in contracts)
    assert policy.evaluate is not None and policy.evaluate.baseline == "champion"


def test_the_readme_of_the_example_lists_every_branch() -> None:
    readme = (PROJECT.parent / "README.md").read_text()
    for expected in EXPECTED:
        assert f"| `{expected.branch}` |" in readme
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{expected.branch}`"))
        assert f"| {expected.status}:" in row
