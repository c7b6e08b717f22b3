"""A policy that cannot be used ends `assay check` with 2 and a line for every error, before anything is computed."""

import pytest

from tests.assay.conftest import POLICY, Assay, told
from tests.repositories import Repo

BAD = {
    "bad YAML": ("version: 1\ndata: [\n  - x\n", [":3: not YAML: did not find expected node content. Mend the syntax"]),
    "a tab": ("version: 1\n\tdata: x\n", [":2: not YAML: found a tab character that violates indentation. Mend the syntax"]),
    "nothing": ("", [":1: found nothing; begin with `version: 1`"]),
    "a list": ("- 1\n", [":1: found a list; begin with `version: 1`"]),
    "another version": ("version: 7\n", [":1: `version`: found 7; input should be 1"]),
    "an unknown key": ("version: 1\ndatas: []\n", [":2: `datas`: unknown key; did you mean `data`?"]),
    "a key twice": ("version: 1\ntrain: {}\ntrain: {}\n", [":3: `train`: the key stands twice; keep one of them"]),
    "several errors": (
        "version: 2\ndatas: 3\ntrain: {budgett: 5 min}\nevaluate: {metrics: 3, gates: [{}]}\n",
        [
            ":1: `version`: found 2; input should be 1",
            ":2: `datas`: unknown key; did you mean `data`?",
            ":3: `train.budgett`: unknown key; did you mean `budget`?",
            ":4: `evaluate.gates.0.metric`: the key is missing; add it",
            ":4: `evaluate.metrics`: found 3; input should be a valid list",
        ],
    ),
    "a Python object": (
        "version: !!python/object/apply:os.system ['touch pwned']\n",
        [":1: the tag tag:yaml.org,2002:python/object/apply:os.system is not allowed. Write plain values"],
    ),
    "no UTF-8": (b"version: 1\n# \xff\n", [": not UTF-8 (byte 13). Save the file as UTF-8"]),
}


@pytest.mark.parametrize("name", BAD)
def test_every_error_of_the_policy_has_a_line_with_file_key_and_cure(assay: Assay, mine: Repo, name: str) -> None:
    text, wanted = BAD[name]
    mine.switch("main").write("assay.yml", text).commit().branch("next")
    assert told(assay("check", cwd=mine.root), 2) == [f"assay: main:assay.yml{line}" for line in wanted]
    assert not (mine.root / ".assay").exists()
    assert not list(mine.root.rglob("pwned"))


def test_aliases_that_multiply_are_refused(assay: Assay, mine: Repo) -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 7))
    mine.switch("main").write("assay.yml", bomb).commit().branch("next")
    (line,) = told(assay("check", cwd=mine.root), 2)
    assert line.startswith("assay: main:assay.yml:")


@pytest.mark.parametrize("verb", ["data", "drift", "train", "evaluate"])
def test_every_verb_tells_the_same(assay: Assay, mine: Repo, verb: str) -> None:
    mine.switch("main").write("assay.yml", "version: 1\nnope: 1\n").commit().branch("next")
    (line,) = told(assay(verb, cwd=mine.root), 2)
    assert line.startswith("assay: main:assay.yml:2: `nope`: unknown key; known keys are `version`")


def test_a_broken_policy_in_the_change_is_not_read_but_said(assay: Assay, mine: Repo) -> None:
    mine.write("assay.yml", "version: [\n").commit()
    done = assay("check", cwd=mine.root)
    assert done.code == 0, done.out
    assert "this change edits assay.yml; it was judged by the policy of main" in done.out


def test_a_policy_that_became_a_link_out_of_the_repository_is_only_an_edit(assay: Assay, mine: Repo) -> None:
    mine.remove("assay.yml")
    (mine.root / "assay.yml").symlink_to("/etc/passwd")
    done = assay("check", cwd=mine.commit().root)
    assert done.code == 0, done.out
    assert "this change edits assay.yml" in done.out


def test_a_policy_of_the_base_that_is_a_link_out_of_the_repository_is_refused(assay: Assay, mine: Repo) -> None:
    mine.switch("main").remove("assay.yml")
    (mine.root / "assay.yml").symlink_to("/etc/passwd")
    mine.commit().branch("next")
    (line,) = told(assay("check", cwd=mine.root), 2)
    assert line.startswith("assay: assay.yml: the symbolic link leads out of the repository")
    assert line.endswith("Commit the file itself")


def test_a_target_that_is_no_stage_is_named_with_those_there_are(assay: Assay, mine: Repo) -> None:
    mine.switch("main").write("assay.yml", POLICY.replace("[evaluate]", "[nostage]")).commit().branch("next")
    mine.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").commit()
    done = assay("train", cwd=mine.root)
    assert done.code == 1
    assert "assay.yml: train.targets: no stage is called 'nostage'" in done.out
    assert "Stages: prepare, train, evaluate" in done.out
