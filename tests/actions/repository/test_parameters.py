"""Parameters set in the work tree, as DVC sets them."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.repository import Repository
from actions.repository.parameters import files
from policy.facts import OverrideFact
from policy.facts.override import Override, Value
from policy.problems import UserProblem
from tests.repositories import Repo

STAGE = "stages:\n  fit:\n    cmd: echo\n    params: [{params}]\n"
COMMENTED = "# about the run\ntrain:\n  lr: 0.1   # how far a step goes\n  name: 'adam'\n  layers: [8, 4]\n  depth:\nother: 1\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path).write("params.yaml", COMMENTED).write("dvc.yaml", STAGE.format(params="train")).commit()


def override(repo: Repo, *texts: str) -> list[OverrideFact]:
    with Repository.open(repo.dvc_root) as opened:
        return opened.override([Override.parse(text) for text in texts])


def read(repo: Repo, name: str = "params.yaml") -> str:
    return (repo.root / name).read_text("utf-8")


def test_a_value_is_set_and_everything_else_stays_as_it_is(repo: Repo) -> None:
    (fact,) = override(repo, "train.lr=0.5")
    assert fact == OverrideFact(file="params.yaml", key="train.lr", before="0.1", after="0.5")
    assert read(repo).replace("0.5", "0.1").split() == COMMENTED.replace("'adam'", "adam").split()
    assert repo.git("status", "--short") == " M params.yaml"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("train.lr=3", 3),
        ("train.lr=1e-05", 1e-05),
        ("train.lr=-2.5e+30", -2.5e30),
        ("train.name=sgd", "sgd"),
        ("train.name=on", "on"),
        ("train.name=no", "no"),
        ("train.name=2013-06-30", "2013-06-30"),
        ("train.name=007", "007"),
        ("train.name=1_000", "1_000"),
        ("train.name=null", None),
        ("train.depth=5", 5),
        ("train.depth=[1,on]", [1, "on"]),
        ("train.layers=[16,1e-7,true]", [16, 1e-07, True]),
        ("train.layers=[]", []),
        ("train.layers.1=2", 2),
        ("other=false", False),
    ],
)
def test_readers_of_yaml_1_1_and_1_2_read_the_same_value_of_the_same_type(repo: Repo, text: str, value: object) -> None:
    from dvc.utils.serialize import load_yaml

    override(repo, text)
    for found in (yaml.safe_load(read(repo)), load_yaml(repo.root / "params.yaml")):
        for step in text.partition("=")[0].split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
        assert found == value and type(found) is type(value)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("shared")).write("params.yaml", "x: 1\n").write("dvc.yaml", STAGE.format(params="train"))


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        st.integers(-(10**9), 10**9),
        st.floats(0.001, 1000),
        st.booleans(),
        st.from_regex(r"[p-s][a-z0-9_]{0,8}", fullmatch=True),
        st.lists(st.integers(0, 9), min_size=1, max_size=3),
    )
)
def test_it_is_what_dvc_itself_would_have_written(shared: Repo, value: Value) -> None:
    from dvc.utils.hydra import apply_overrides

    before = "train:  # here\n  lr: [1]\n  name: x\n" if isinstance(value, list) else "train:  # here\n  lr: 0.1\n  name: x\n"
    theirs = shared.root / "theirs.yaml"
    theirs.write_text(before)
    shared.write("params.yaml", before)
    text = str(Override("train.lr", value))
    apply_overrides(theirs, [text])
    override(shared, text)
    assert read(shared) == theirs.read_text()


def test_json_and_toml_files_that_a_stage_names_are_written_too(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("conf/a.json", '{"train": {"lr": 1}}').write("conf/b.toml", "[train]\nlr = 1 # one\n")
    repo.write("dvc.yaml", STAGE.format(params="conf/a.json: [train], conf/b.toml: [train]")).commit()
    facts = override(repo, "conf/a.json:train.lr=0.5", "conf/b.toml:train.lr=2")
    assert [fact.file for fact in facts] == ["conf/a.json", "conf/b.toml"]
    assert json.loads(read(repo, "conf/a.json")) == {"train": {"lr": 0.5}}
    assert read(repo, "conf/b.toml") == "[train]\nlr = 2 # one\n"


def test_in_a_folder_of_the_repository_names_begin_where_dvc_is(tmp_path: Path) -> None:
    repo = Repo(tmp_path, subdirectory="models/a").write("models/a/params.yaml", "train: {lr: 1}\n")
    repo.write("models/a/dvc.yaml", STAGE.format(params="train")).commit()
    (fact,) = override(repo, "train.lr=2")
    assert fact.file == "models/a/params.yaml"


def test_the_files_are_those_that_stages_and_templates_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("params.yaml", "lr: 1\n").write("conf/x.yaml", "a: 1\n").write("unread.yaml", "a: 1\n")
    repo.write("dvc.yaml", "stages:\n  fit:\n    cmd: echo ${lr}\n    params: [conf/x.yaml: [a], gone.yaml: [b]]\n").commit()
    with Repository.open(repo.root) as opened:
        assert files(opened.store, repo.root) == ["conf/x.yaml", "params.yaml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("train.epochs=3", "params.yaml has no parameter train.epochs. Beside epochs there are: lr, name, layers, depth"),
        ("nothing=3", "has no parameter nothing"),
        ("train.lr.x=3", "has no parameter train.lr.x"),
        ("train.layers.2=3", "has no parameter train.layers.2"),
        ("train=3", "train is a section of params.yaml. Name one of its keys: lr"),
        ("train.layers=3", "is a list, such as [1,2]"),
        ("train.lr=[3]", "is one value and no list"),
        ("other.yaml:train.lr=3", "no stage reads parameters from other.yaml. Files of parameters: params.yaml"),
    ],
)
def test_what_cannot_be_set_is_told_and_nothing_is_set(repo: Repo, text: str, told: str) -> None:
    with pytest.raises(UserProblem) as refused:
        override(repo, "train.name=sgd", text)
    assert told in str(refused.value)
    assert read(repo) == COMMENTED


def test_one_parameter_is_not_set_twice(repo: Repo) -> None:
    with pytest.raises(UserProblem, match="set twice"):
        override(repo, "other=2", "params.yaml:other=3")


def test_ga_09_what_a_change_wrote_into_its_parameters_is_not_resolved_by_us(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter22")
    text = "train: {lr: 0.1}\nstolen: ${oc.env:AWS_SECRET_ACCESS_KEY}\ncode: '!!python/object:os.system'\n"
    override(repo.write("params.yaml", text), "train.lr=1")
    assert "hunter22" not in read(repo)
    assert "${oc.env:AWS_SECRET_ACCESS_KEY}" in read(repo)


def test_ga_09_parameters_that_are_python_objects_are_not_built(repo: Repo, tmp_path: Path) -> None:
    target = tmp_path / "hacked"
    repo.write("params.yaml", f"train: {{lr: 0.1}}\nx: !!python/object/apply:os.system ['touch {target}']\n")
    with pytest.raises(UserProblem):
        override(repo, "train.lr=1")
    assert not target.exists()


@pytest.mark.parametrize("target", ["assay.yml", ".git/config", "../outside.yaml"])
def test_nothing_is_written_through_a_link(repo: Repo, tmp_path: Path, target: str) -> None:
    (tmp_path / "outside.yaml").write_text(COMMENTED)
    if target != ".git/config":
        (repo.root / target).write_text(COMMENTED)
    before = (repo.root / target).read_text()
    (repo.root / "params.yaml").unlink()
    (repo.root / "params.yaml").symlink_to(target)
    with pytest.raises(UserProblem):
        override(repo, "train.lr=1")
    assert (repo.root / target).read_text() == before


def test_the_policy_is_no_file_of_parameters(tmp_path: Path) -> None:
    repo = (
        Repo(tmp_path).write("assay.yml", "version: 1\n").write("dvc.yaml", STAGE.format(params="assay.yml: [version]")).commit()
    )
    with pytest.raises(UserProblem, match=r"no stage reads parameters from assay\.yml"):
        override(repo, "assay.yml:version=2")


def test_where_hydra_composes_the_parameters_they_are_not_set_behind_its_back(repo: Repo) -> None:
    config = repo.root / ".dvc/config"
    config.write_text(f"{config.read_text()}[hydra]\n    enabled = True\n")
    with pytest.raises(UserProblem, match="Hydra composes"):
        override(repo, "train.lr=1")


def test_a_file_that_cannot_be_read_is_told(repo: Repo) -> None:
    repo.write("params.yaml", "train: {lr: [\n")
    with pytest.raises(UserProblem):
        override(repo, "train.lr=1")
