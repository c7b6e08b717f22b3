"""The state of the pipeline and the remote, from the locks alone."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from actions.data.state import inspect, judge
from actions.repository import Link, Repository, Stage
from policy.facts.data import PipelineFacts, StageState
from policy.reasons import Reason
from tests.repositories import PARAMS, PIPELINE, RAW, Repo


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A pipeline that was run and pushed. Tests clone it and leave it alone."""
    return Repo(tmp_path_factory.mktemp("made")).with_pipeline().push_data()


@pytest.fixture
def clone(made: Repo, tmp_path: Path) -> Repo:
    return made.clone(tmp_path)


def look(repo: Repo, **options: bool) -> PipelineFacts:
    with Repository.open(repo.dvc_root) as opened:
        return inspect(opened, **options)


def states(facts: PipelineFacts) -> dict[str, str]:
    assert facts.problem is None, facts.problem_detail
    return {stage.name: stage.state for stage in facts.stages}


def because(facts: PipelineFacts, name: str) -> list[str]:
    return next(stage.because for stage in facts.stages if stage.name == name)


CURRENT = {"prepare": "current", "train": "current", "evaluate": "current"}


def test_a_clean_clone_is_current_and_nothing_is_pulled(clone: Repo) -> None:
    facts = look(clone)
    assert states(facts) == CURRENT
    assert (facts.remote, facts.remote_checked, facts.missing_remote) == ("store", True, [])
    assert not list((clone.root / ".dvc").glob("cache/**/*"))
    assert not (clone.root / "data/raw.csv").exists()


def test_stages_carry_the_line_that_declares_them(clone: Repo) -> None:
    assert [(stage.file, stage.line) for stage in look(clone).stages] == [("dvc.yaml", 2), ("dvc.yaml", 7), ("dvc.yaml", 12)]


def test_a_readme_changes_nothing(clone: Repo) -> None:
    assert states(look(clone.write("README.md", "more"))) == CURRENT


def test_a_parameter_makes_its_stage_stale_and_the_next_ones_wait(clone: Repo) -> None:
    facts = look(clone.write("params.yaml", PARAMS.replace("1.5", "2.5")))
    assert states(facts) == {"prepare": "current", "train": "changed", "evaluate": "upstream"}
    assert because(facts, "train") == ["params.yaml: train was modified"]
    assert because(facts, "evaluate") == ["it waits for train"]


def test_code_a_command_and_a_new_out_make_a_stage_stale(clone: Repo) -> None:
    assert because(look(clone.write("train.py", "pass\n")), "train") == ["train.py changed"]
    clone.git("checkout", "--quiet", "train.py")
    assert because(look(clone.write("dvc.yaml", PIPELINE.replace("train.py\n", "train.py --fast\n", 1))), "train") == [
        "its command changed"
    ]
    assert because(look(clone.write("dvc.yaml", PIPELINE.replace("[model.txt]\n", "[model.txt, log.txt]\n", 1))), "train") == [
        "log.txt is a new out"
    ]


def test_new_data_committed_by_pointer_alone_is_seen_without_the_data(clone: Repo) -> None:
    pointer = clone.root / "data/raw.csv.dvc"
    pointer.write_text(pointer.read_text().replace("md5: 0", "md5: 1", 1))
    assert look(clone).missing_remote == [], "what is not committed is nobody else's to miss"
    facts = look(clone.commit("a pointer alone"))
    assert because(facts, "prepare") == ["data/raw.csv changed"]
    assert facts.missing_remote == ["data/raw.csv"]


def test_data_edited_on_disk_counts_even_before_it_is_added(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    assert because(look(repo.write("data/raw.csv", RAW + "99,4\n")), "prepare") == ["data/raw.csv changed"]


def test_a_stage_without_a_lock_was_never_run(tmp_path: Path) -> None:
    facts = look(Repo(tmp_path).with_pipeline(run=False))
    assert states(facts) == dict.fromkeys(CURRENT, "never_run")
    assert because(facts, "train") == ["dvc.lock does not know it"]


def test_a_lock_edited_by_hand_does_not_fit_its_producer(clone: Repo) -> None:
    lock = clone.root / "dvc.lock"
    before, evaluate, after = lock.read_text().partition("  evaluate:")
    lock.write_text(before + evaluate + after.replace("5d62f4c9fbaca7e58ecd1669086155d0", "a" * 32, 1))
    facts = look(clone)
    assert states(facts) == {**CURRENT, "evaluate": "changed"}
    assert because(facts, "evaluate") == ["model.txt changed"]


def test_a_frozen_stage_never_runs(clone: Repo) -> None:
    frozen = PIPELINE.replace("    cmd: python train.py\n", "    cmd: python train.py\n    frozen: true\n")
    clone.write("dvc.yaml", frozen).write("train.py", "pass\n")
    assert states(look(clone)) == CURRENT


def test_a_stage_that_always_runs_is_never_current(clone: Repo) -> None:
    clone.write("dvc.yaml", PIPELINE + "  tell:\n    cmd: echo hello\n")
    facts = look(clone)
    assert states(facts) == {**CURRENT, "tell": "changed"}
    assert because(facts, "tell") == ["it runs every time"]


def test_a_run_someone_pushed_before_is_restorable_from_the_remote(made: Repo, tmp_path: Path) -> None:
    other = made.clone(tmp_path / "other")
    other.dvc("pull", "--quiet")
    other.write("params.yaml", PARAMS.replace("minimum: 2", "minimum: 3")).repro().push_data()
    clone = made.clone(tmp_path / "runner").write("params.yaml", PARAMS.replace("minimum: 2", "minimum: 3"))
    facts = look(clone)
    assert {stage.name: stage.restorable for stage in facts.stages if stage.state != "current"}["train"]
    assert because(facts, "train") == ["data/prepared.csv changed"], "what the restored stage makes is known beforehand"
    offline = look(clone, check_remote=False)
    assert not any(stage.restorable for stage in offline.stages)
    assert not offline.remote_checked


def test_outs_that_were_lost_are_restorable_from_the_local_cache(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    facts = look(repo.write("model.txt", "scribble"))
    assert states(facts) == {"prepare": "current", "train": "changed", "evaluate": "current"}
    assert because(facts, "train") == ["model.txt is not what dvc.lock says"]
    assert facts.stages[1].restorable


def test_the_prediction_agrees_with_what_dvc_does(made: Repo, tmp_path: Path) -> None:
    clone = made.clone(tmp_path).write("params.yaml", PARAMS.replace("1.5", "7"))
    predicted = {name for name, state in states(look(clone)).items() if state != "current"}
    told = clone.dvc("repro", "--pull", "--allow-missing")
    assert {name for name in CURRENT if f"Running stage '{name}'" in told} == predicted
    assert states(look(clone)) == CURRENT


def test_data_that_was_never_pushed_is_named(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline().push_data()
    repo.write("data/new ü.csv", "a\n").dvc_add("data/new ü.csv").commit()
    for where in (repo, repo.clone(tmp_path / "runner")):
        assert look(where).missing_remote == ["data/new ü.csv"]
    repo.push_data()
    assert look(repo).missing_remote == []


def test_outs_of_a_stale_stage_need_not_be_pushed_because_they_are_made_anew(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    assert look(repo).missing_remote == ["data/prepared.csv", "data/raw.csv", "model.txt"]
    repo.write("params.yaml", PARAMS.replace("1.5", "2"))
    assert look(repo).missing_remote == ["data/prepared.csv", "data/raw.csv"]


def test_without_a_remote_nothing_is_checked(tmp_path: Path) -> None:
    facts = look(Repo(tmp_path, remote=False).with_pipeline())
    assert (facts.remote, facts.remote_checked, facts.missing_remote) == (None, False, [])
    assert states(facts) == CURRENT


def test_a_remote_that_is_away_is_told_and_the_stages_still_are(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    shutil.rmtree(repo.remote)
    facts = look(repo)
    assert facts.problem is Reason.REMOTE_UNREACHABLE and "store" in facts.problem_detail
    assert {stage.state for stage in facts.stages} == {"current"}


def test_a_remote_that_is_not_configured_is_told(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    (repo.root / ".dvc/config").write_text("[core]\n    remote = nowhere\n")
    facts = look(repo)
    assert facts.problem is Reason.REMOTE_UNUSABLE and "nowhere" in facts.problem_detail


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("stages: {", "dvc.yaml"),
        (
            "stages:\n  a:\n    cmd: x\n    deps: [b]\n    outs: [a]\n  b:\n    cmd: x\n    deps: [a]\n    outs: [b]\n",
            "dvc.yaml:b",
        ),
        ("stages:\n  a:\n    cmd: x\n    outs: [o]\n  b:\n    cmd: x\n    outs: [o]\n", "o"),
        ("stages:\n  a:\n    cmd: ${nothing}\n", "nothing"),
    ],
)
def test_a_pipeline_that_cannot_be_read_is_told(tmp_path: Path, content: str, told: str) -> None:
    facts = look(Repo(tmp_path).write("dvc.yaml", content).commit())
    assert facts.problem is Reason.PIPELINE_UNREADABLE
    assert told in facts.problem_detail and "\n" not in facts.problem_detail


def test_params_that_are_no_yaml_are_named(clone: Repo) -> None:
    facts = look(clone.write("params.yaml", "train: ["))
    assert facts.problem is Reason.PIPELINE_UNREADABLE
    assert "unable to read: 'params.yaml'" in facts.problem_detail


def test_a_params_file_of_its_own_that_is_no_yaml_makes_the_stage_stale(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("p.yaml", "a: 1\n")
    repo.write("dvc.yaml", "stages:\n  s:\n    cmd: echo > o\n    params:\n      - p.yaml: [a]\n    outs: [o]\n").repro().commit()
    facts = look(repo.write("p.yaml", "a: ["))
    assert "p.yaml cannot be read" in because(facts, "s")[0]
    assert because(look(repo.write("p.yaml", "b: 1\n")), "s") == ["p.yaml: a was deleted"]
    assert because(look(repo.remove("p.yaml")), "s") == ["p.yaml is deleted"]


FOLDERS = """\
stages:
  split:
    cmd: mkdir -p out data/made && cp data/raw.csv out/a.csv && cp data/raw.csv data/made/b.csv
    deps: [data/raw.csv]
    outs: [out, data/made]
  member:
    cmd: cp out/a.csv m.csv
    deps: [out/a.csv]
    outs: [m.csv]
  whole:
    cmd: ls data > w.txt
    deps: [data]
    outs: [w.txt]
"""


def test_folders_members_and_folders_of_outs_are_current_on_a_clean_clone(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("data/raw.csv", RAW).dvc_add("data/raw.csv").write("dvc.yaml", FOLDERS)
    repo.repro().commit().push_data()
    assert set(states(look(repo)).values()) == {"current"}
    clone = repo.clone(tmp_path / "runner")
    assert states(look(clone)) == {"split": "current", "member": "current", "whole": "current"}
    pointer = clone.root / "data/raw.csv.dvc"
    pointer.write_text(pointer.read_text().replace("md5: 0", "md5: 1", 1))
    assert states(look(clone)) == {"split": "changed", "member": "upstream", "whole": "upstream"}


def test_stages_in_sub_folders_with_their_own_wdir_and_foreach(tmp_path: Path) -> None:
    inner = (
        "stages:\n  fit:\n    foreach: [a, b]\n    do:\n"
        "      wdir: ..\n      cmd: echo ${item} > ${item}.txt\n      outs: ['${item}.txt']\n"
    )
    repo = Repo(tmp_path).write("models/dvc.yaml", inner)
    repo.dvc("repro", "--quiet", "models/dvc.yaml")
    facts = look(repo.commit())
    assert states(facts) == {"models/dvc.yaml:fit@a": "current", "models/dvc.yaml:fit@b": "current"}
    assert [stage.line for stage in facts.stages] == [2, 2]


# The judgement itself is pure: these need no repository.


def stage(name: str, deps: list[Link], outs: list[Link], **more: object) -> Stage:
    given: dict[str, object] = {
        "name": name,
        "command": ("x",),
        "file": "dvc.yaml",
        "line": 1,
        "deps": tuple(deps),
        "outs": tuple(outs),
        "parameters": (),
        "locked": True,
        "command_changed": False,
        "frozen": False,
        "always": False,
        "upstream": (),
        **more,
    }
    return Stage(**given)  # type: ignore[arg-type]


def judged(stages: list[Stage], digests: Mapping[str, str | None], listing: Mapping[str, str] | None = None) -> list[StageState]:
    return judge(stages, digests, lambda _: listing, lambda _stage, _known: None)


def test_a_dependency_that_is_nowhere_is_missing() -> None:
    (state,) = judged([stage("a", [Link("x", "md5:1", None, "x")], [Link("y", "md5:2", None, "y", cached=True)])], {})
    assert (state.state, state.because) == ("changed", ["x is missing"])


def test_a_member_is_compared_through_the_listing_of_its_folder() -> None:
    one = stage("a", [Link("d/x", "md5:1", None, "d/x")], [Link("y", "md5:2", None, "y", cached=True)])
    assert judged([one], {"d": "md5:f.dir"}, {"x": "md5:1"})[0].state == "current"
    assert judged([one], {"d": "md5:f.dir"}, {"x": "md5:9"})[0].because == ["d/x changed"]
    assert judged([one], {"d": "md5:f.dir"}, None)[0].because == ["d/x is missing"]


def test_an_out_that_git_keeps_must_be_there() -> None:
    (state,) = judged([stage("a", [], [Link("metrics.json", "md5:2", None, "metrics.json")])], {})
    assert state.because == ["metrics.json is missing"]


@pytest.mark.parametrize("file", ["params.yaml", "dvc.yaml", "dvc.lock", "data/raw.csv.dvc"])
def test_ga_09_a_python_object_in_a_file_of_a_pull_request_is_never_made(clone: Repo, file: str) -> None:
    content = (clone.root / file).read_text()
    facts = look(clone.write(file, f"{content}\nextra: !!python/object/apply:os.mkdir ['{clone.root}/made']\n"))
    assert not (clone.root / "made").exists()
    assert facts.problem is Reason.PIPELINE_UNREADABLE
