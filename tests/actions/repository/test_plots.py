"""The plots of a pipeline as records."""

from pathlib import Path

import pytest

from actions.repository import Column, PlotDefinition, Repository
from policy.problems import UserProblem
from tests.repositories import Repo


def plots(repo: Repo) -> list[PlotDefinition]:
    with Repository.open(repo.root) as opened:
        return opened.plots()


def test_names_settings_and_several_fields_are_read_from_the_folder_of_their_file(tmp_path: Path) -> None:
    written = """\
plots:
  - loss.csv
  - roc:
      title: Curve
      template: simple
      x: fpr
      y: {roc.csv: tpr, ../old.csv: [tpr, best]}
      x_label: False positives
"""
    one, roc = plots(Repo(tmp_path).write("ml/dvc.yaml", written).commit())
    assert one == PlotDefinition("loss.csv", (Column("ml/loss.csv"),))
    assert (roc.title, roc.template, roc.x, roc.x_label) == ("Curve", "simple", Column("", "fpr"), "False positives")
    assert roc.ys == (Column("ml/roc.csv", "tpr"), Column("old.csv", "tpr"), Column("old.csv", "best"))


def test_outs_of_stages_are_plots_unless_they_are_described_above(tmp_path: Path) -> None:
    written = """\
vars: [{where: out}]
stages:
  fit:
    cmd: echo
    plots:
      - ${where}/a.tsv: {x: step, y: loss, header: false}
      - b.csv
plots: [{b.csv: {title: B}}]
"""
    described, out = plots(Repo(tmp_path).write("dvc.yaml", written).commit())
    assert described.title == "B"
    assert out == PlotDefinition("out/a.tsv", (Column("out/a.tsv", "loss"),), Column("", "step"), header=False)


def test_a_dvc_yaml_of_another_shape_is_the_users_problem(tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match=r"dvc\.yaml"):
        plots(Repo(tmp_path).write("dvc.yaml", "plots: [{a.csv: {y: {b.csv: {c: 1}}}}]\n").commit())
