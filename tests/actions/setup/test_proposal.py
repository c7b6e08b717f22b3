"""The proposal as a whole, on real repositories."""

from pathlib import Path

import polars as pl

from actions.progress import Silent
from actions.repository import Repository
from actions.setup.proposal import Proposal, propose
from policy import document
from tests.repositories import Repo


def of(repo: Repo) -> Proposal:
    with Repository.open(repo.root) as repository:
        return propose(repository, Silent())


def test_a_pipeline_becomes_a_policy_with_data_training_and_gates(tmp_path: Path) -> None:
    found = of(Repo(tmp_path).with_pipeline())
    policy = document.read(found.policy)
    (dataset,) = policy.data
    assert (dataset.path, dataset.contract, dataset.key) == ("data/raw.csv", "contracts/raw.py:Raw", ["id"])
    assert dataset.drift is not None
    assert dataset.personal is not None
    assert policy.train is not None
    assert policy.train.targets == ["evaluate"]
    assert policy.evaluate is not None
    assert [gate.metric for gate in policy.evaluate.gates] == ["accuracy"]
    assert policy.model is not None
    assert policy.model.artifact == "model.txt"
    assert [contract.file for contract in found.contracts] == ["contracts/raw.py"]


def test_the_same_repository_gives_the_same_proposal(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    assert of(repo) == of(repo)


def test_personal_data_that_is_there_is_allowed_by_name_and_told(tmp_path: Path) -> None:
    rows = "id,mail\n" + "".join(f"{i},ada{i % 3}@example.org\n" for i in range(60))
    found = of(Repo(tmp_path).write("people.csv", rows).dvc_add("people.csv").commit())
    personal = document.read(found.policy).data[0].personal
    assert personal is not None
    assert personal.allow == {"mail": ["email"]}
    assert [note for note in found.notes if "personal" in note]
    assert "example.org" not in found.policy + "".join(contract.text for contract in found.contracts)


def test_data_that_is_not_here_is_proposed_without_a_contract_and_told(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("a.csv", "id\n1\n2\n").dvc_add("a.csv").commit().remove("a.csv").remove(".dvc/cache")
    found = of(repo)
    assert document.read(found.policy).data[0].contract is None
    assert [note for note in found.notes if note.startswith("a.csv could not be read")]


def test_what_is_no_table_is_left_out(tmp_path: Path) -> None:
    repo = (
        Repo(tmp_path)
        .write("images/a.png", b"\x89PNG")
        .write("bad.parquet", "no parquet")
        .dvc_add("images", "bad.parquet")
        .commit()
    )
    found = of(repo)
    assert document.read(found.policy).data == []
    assert [note.partition(" was left out")[0] for note in found.notes if "left out" in note] == ["bad.parquet", "images"]


def test_two_data_sets_of_one_name_get_two_contracts(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    for folder in ("train", "test"):
        repo.write(f"{folder}/data.csv", "id,x\n1,2\n2,3\n").dvc_add(f"{folder}/data.csv")
    assert [contract.file for contract in of(repo.commit()).contracts] == ["contracts/data.py", "contracts/train_data.py"]


def test_a_file_of_the_users_about_something_else_is_not_taken_for_a_contract(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("data/raw.csv", "id,x\n1,2\n2,3\n").dvc_add("data/raw.csv").write("contracts/raw.py", "x = 1\n")
    assert [contract.file for contract in of(repo.commit()).contracts] == ["contracts/data_raw.py"]


def test_predictions_give_gates_with_intervals_keyed_like_the_data(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    frame = pl.DataFrame({"id": range(300), "late": [0, 1, 1] * 100, "p_late": [0.1, 0.7, 0.9] * 100})
    repo.write("raw.csv", frame.select("id").write_csv()).dvc_add("raw.csv").write("made.csv", frame.write_csv())
    repo.write(
        "dvc.yaml", "stages:\n  score:\n    cmd: cp made.csv predictions.csv\n    deps: [raw.csv]\n    outs: [predictions.csv]\n"
    )
    found = of(repo.repro().commit())
    evaluate = document.read(found.policy).evaluate
    assert evaluate is not None
    assert evaluate.predictions is not None
    assert (evaluate.predictions.key, evaluate.predictions.label, evaluate.predictions.score) == (["id"], "late", "p_late")
    assert [gate.metric for gate in evaluate.gates] == ["roc_auc", "log_loss"]


def test_an_empty_repository_gets_a_valid_policy_and_a_word_what_is_missing(tmp_path: Path) -> None:
    found = of(Repo(tmp_path))
    assert document.read(found.policy).data == []
    assert found.notes[0].startswith("no data set was found")
