"""Which files a run may change, as dvc.yaml of the base names them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import is_plain, named

FULL = """\
vars: [conf/vars.yaml]
stages:
  train:
    cmd: python train.py
    deps: [train.py]
    params:
      - lr
      - conf/model.yaml: [depth]
      - conf/whole.json:
    outs:
      - model.bin
      - tables/roc.csv: {cache: false}
      - kept.bin: {persist: true}
      - odd.bin: cache
    metrics:
      - metrics.json: {cache: false}
    plots:
      - plots/roc.csv: {cache: false, x: a}
      - plots/more
  each:
    foreach: [a, b]
    do:
      cmd: echo
      wdir: sub/folder
      params:
        - x
        - ../p.toml: [y]
      metrics: [m.json, "${item}.json"]
metrics: [top.json]
params: [top.yaml]
plots:
  - drawn: {y: {plots/elsewhere.csv: a}}
"""


def test_lock_parameters_metrics_plots_and_what_git_keeps_are_named_and_no_code_or_model() -> None:
    assert named(FULL, "") == {
        *("dvc.lock", "params.yaml", "conf/model.yaml", "conf/whole.json", "metrics.json", "plots/roc.csv", "plots/more"),
        "tables/roc.csv",
        *("sub/folder/params.yaml", "sub/p.toml", "sub/folder/m.json", "top.json", "top.yaml"),
    }


def test_names_begin_in_the_folder_of_their_pipeline() -> None:
    text = "stages: {a: {cmd: x, metrics: [m.json], params: [{../../p.yaml: [a]}, {../../../out.yaml: [a]}]}}"
    assert named(text, "models/a") == {"models/a/dvc.lock", "models/a/params.yaml", "models/a/m.json", "p.yaml"}


@pytest.mark.parametrize(
    "name",
    [
        *(".github/workflows/x.yml", ".GitHub/workflows/x.yml", ".gitattributes", ".git/config", ".dvc/config", "assay.yml"),
        *("/etc/passwd", "../x", "a/../../x", ".", "..", ".assay/templates/comment.md.j2"),
    ],
)
def test_what_rules_the_repository_is_never_named(name: str) -> None:
    assert named(f"stages: {{a: {{cmd: x, metrics: ['{name}']}}}}", "") == {"dvc.lock", "params.yaml"}
    assert not is_plain(name)


@pytest.mark.parametrize("name", ["a\\b", "C:/x", "a//b", "a/", "a\nb", "a\x00b", "a\u202eb", "", "./a"])
def test_a_strange_path_is_no_plain_one(name: str) -> None:
    assert not is_plain(name)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "stages: 1", "stages: [a]", "stages: {a: 1}", "stages: {a: {metrics: 1, params: x, wdir: [1]}}", "{", "a: ["],
)
def test_what_is_no_pipeline_names_little(text: str) -> None:
    assert named(text, "") <= {"dvc.lock", "params.yaml"}


@given(st.text(max_size=80))
def test_whatever_stands_there_only_plain_paths_are_named(text: str) -> None:
    quoted = text.replace("'", "''")
    assert all(is_plain(path) for path in named(f"stages: {{a: {{cmd: x, metrics: ['{quoted}']}}}}", "sub"))
