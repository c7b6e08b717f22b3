"""`assay check` on real repositories: the whole way from a change to a verdict, in order, and every bad start."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.check import Checked, Options, check
from actions.progress import Silent
from actions.repository import Repository
from policy.facts import DataFacts
from policy.facts.override import Override
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import decide
from tests.repositories import Repo, environment

POLICY = """\
version: 1
data:
  - {path: data/raw.csv, contract: contracts/raw.py:Raw, key: [id], drift: {warn: 0.5, fail: 2}, personal: block}
  - {path: data/prepared.csv, key: [id]}
train: {targets: [evaluate], budget: 5 min}
evaluate:
  metrics: [metrics.json]
  gates: [{metric: accuracy, better: higher, may_lose: 0.01}]
model: {name: slope, artifact: model.txt}
"""
CONTRACT = """\
import pandera.polars as pa


class Raw(pa.DataFrameModel):
    id: int
    value: int = pa.Field(ge=0)
"""


def raw(rows: int, *, extra: str = "") -> str:
    return "id,value\n" + "".join(f"{index},{index % 17}\n" for index in range(rows)) + extra


@pytest.fixture
def users_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A pipeline with a policy, reproduced and pushed, on `main`; and a branch `change` to work on."""
    made = Repo(tmp_path_factory.mktemp("made")).with_pipeline(run=False)
    made.write("data/raw.csv", raw(200)).dvc_add("data/raw.csv")
    made.write("assay.yml", POLICY).write("contracts/raw.py", CONTRACT).write("README.md", "# A project\n")
    return made.repro().commit("a project").push_data().branch("change")


@pytest.fixture
def repo(made: Repo, tmp_path: Path, users_environment: None) -> Repo:
    """A copy of it."""
    return made.copy(tmp_path)


def checked(repo: Repo, base: str = "main", **options: Any) -> Checked:
    with Repository.open(repo.root) as repository:
        return check(repository, base, Silent(), Options(**options))


def parts(found: Checked) -> dict[str, Result]:
    return {part.name: part for part in decide(found.policy, found.facts).result.children}


def statuses(found: Checked) -> Iterator[tuple[str, str]]:
    return ((name, part.status.value) for name, part in parts(found).items())


def test_where_only_the_readme_changed_nothing_is_computed(repo: Repo) -> None:
    repo.write("README.md", "# The same project\n").commit()
    found = checked(repo)
    assert found.facts.nothing_to_check
    assert (found.facts.data, found.facts.training, found.facts.evaluation) == ([], None, None)
    assert decide(found.policy, found.facts).passed


def test_plots_are_collected_where_metrics_are_and_nowhere_else(repo: Repo) -> None:
    repo.write("dvc.yaml", (repo.root / "dvc.yaml").read_text() + "plots: [curve.csv, picture.png]\n")
    repo.write("curve.csv", "x,y\n1,2\n").write("picture.png", b"\x89PNG\r\n\x1a\n").commit("plots")
    unchanged, whole = checked(repo, "HEAD"), checked(repo, "HEAD", whole=True)
    assert (unchanged.facts.plots, unchanged.images) == ([], [])
    assert [plot.title for plot in whole.facts.plots] == ["curve.csv"] and whole.facts.plots_total == 1
    assert [picture.title for picture in whole.images] == ["picture.png"]


def test_a_changed_parameter_is_trained_and_its_metric_judged(repo: Repo) -> None:
    repo.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").commit()
    found = checked(repo)
    assert found.facts.training is not None
    outcomes = {stage.name: stage.outcome for stage in found.facts.training.stages}
    assert outcomes["train"] == outcomes["evaluate"] == "executed"
    assert parts(found)["training"].status is Status.PASSED
    assert parts(found)["evaluation"].status is Status.PASSED
    assert found.facts.errors == []
    made = found.facts.model
    assert made is not None and made.head is not None and made.base == made.head, "no lock of the commit changed"


def metrics(found: Checked) -> dict[str, tuple[float | None, float | None]]:
    assert found.facts.evaluation is not None
    return {metric.metric: (metric.base, metric.head) for metric in found.facts.evaluation.metrics}


STEEPER = (Override.parse("train.slope=9"),)


def test_an_experiment_compares_the_commit_as_it_is_with_the_run(repo: Repo) -> None:
    repo.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 5}\n").repro().commit("mine").push_data()
    committed = repo.sha()
    found = checked(repo, against=committed, overrides=STEEPER)
    revision = found.facts.revision
    assert (revision.base, revision.head, revision.merge_base) == (committed, committed, committed)
    assert (revision.base_name, revision.dirty) == (committed[:12], True)
    assert [(each.file, each.key, each.before, each.after) for each in found.facts.overrides] == [
        ("params.yaml", "train.slope", "5", "9")
    ]
    assert metrics(found) == {"accuracy": (1 - 1 / 1001, 1 - 1 / 1801)}, "what the parameter changes, and not what the branch did"
    assert parts(found)["evaluation"].status is Status.PASSED
    assert found.facts.model is None, "what was only tried is in no card"


def test_az_10_the_policy_of_the_base_judges_an_experiment(repo: Repo) -> None:
    repo.write("assay.yml", "version: 1\n").commit("no gates any more")
    found = checked(repo, against="HEAD", overrides=STEEPER)
    assert found.policy.evaluate is not None
    assert found.facts.policy.revision == repo.sha("main")
    assert found.facts.policy.changed_by_head


def test_a_revision_is_compared_with_as_it_is_and_not_where_the_branches_part(repo: Repo) -> None:
    repo.switch("main").write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 5}\n").repro().commit("theirs").push_data()
    repo.switch("change").dvc("checkout", "--quiet")
    found = checked(repo, against="main")
    assert found.facts.revision.merge_base == found.facts.revision.base == repo.sha("main")
    (accuracy,) = metrics(found).values()
    assert accuracy[0] == 1 - 1 / 1001
    assert checked(repo).facts.nothing_to_check


def test_an_experiment_trains_even_where_the_policy_asks_for_no_training(repo: Repo) -> None:
    repo.switch("main").write("assay.yml", POLICY.replace("train: {targets: [evaluate], budget: 5 min}\n", "")).commit()
    repo.branch("more").write("README.md", "x").commit()
    found = checked(repo, against="HEAD", overrides=STEEPER)
    assert found.facts.training is not None
    assert {stage.name: stage.outcome for stage in found.facts.training.stages}["evaluate"] == "executed"


def test_a_parameter_that_changes_nothing_has_nothing_to_check(repo: Repo) -> None:
    found = checked(repo, against="HEAD", overrides=(Override.parse("train.slope=1.5"),))
    assert found.facts.nothing_to_check
    assert not found.facts.revision.dirty


def test_everything_anew_is_checked_although_nothing_changed(repo: Repo) -> None:
    found = checked(repo, against="HEAD", full=True)
    assert found.facts.training is not None
    assert {stage.outcome for stage in found.facts.training.stages} == {"executed"}
    assert (found.facts.nothing_to_check, found.facts.revision.dirty) == (False, False)


def test_a_stage_that_is_named_takes_the_place_of_the_policys_targets(repo: Repo) -> None:
    found = checked(repo, against="HEAD", overrides=STEEPER, stage="train")
    assert found.facts.training is not None
    assert found.facts.training.targets == ["train"]
    assert found.facts.training.budget_seconds == 300, "the budget stays the policy's"
    assert parts(found)["training"].status is Status.WARNED, "evaluate is out of date then, and that is told"


@pytest.mark.parametrize(
    ("options", "told"), [({"stage": "deploy"}, "no stage is called"), ({"against": "v9"}, "no such branch")]
)
def test_what_is_not_there_is_told_before_any_parameter_is_set(repo: Repo, options: dict[str, str], told: str) -> None:
    with pytest.raises(UserProblem, match=told):
        checked(repo, overrides=STEEPER, **options)
    assert repo.git("status", "--short") == ""


def test_without_training_a_stale_stage_is_red_and_nothing_runs(repo: Repo) -> None:
    repo.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").commit()
    found = checked(repo, train=False)
    assert found.facts.training is None
    assert parts(found)["training"].status is Status.FAILED
    assert parts(found)["training"].reason is Reason.NOT_TRAINED


def test_refused_data_stops_the_check_before_anything_is_trained_on_it(repo: Repo) -> None:
    repo.write("data/raw.csv", raw(200, extra="200,-5\n200,-6\n")).dvc_add("data/raw.csv").commit()
    found = checked(repo)
    assert found.facts.halted_by == "data"
    assert found.facts.training is None
    (facts,) = found.facts.data
    assert facts.contract is not None and [failure.count for failure in facts.contract.failures] == [2]
    assert facts.diff is not None and (facts.diff.added, facts.diff.duplicates_head) == (2, 1)
    assert parts(found)["data"].status is Status.FAILED
    assert parts(found)["evaluation"].reason is Reason.NOT_REACHED


def test_data_that_a_stage_makes_is_checked_after_the_stage(repo: Repo) -> None:
    repo.write("data/raw.csv", raw(260)).dvc_add("data/raw.csv").commit()
    found = checked(repo)
    by_path = {facts.path: facts for facts in found.facts.data}
    assert list(by_path) == ["data/raw.csv", "data/prepared.csv"]
    assert by_path["data/prepared.csv"].diff is not None
    assert by_path["data/prepared.csv"].diff.added


def test_a_failing_stage_is_red_with_its_last_lines_and_nothing_is_evaluated(repo: Repo) -> None:
    repo.write("train.py", "print('about to fail')\nraise SystemExit('no convergence')\n").commit()
    found = checked(repo)
    assert found.facts.halted_by == "training"
    assert found.facts.training is not None
    failed = next(stage for stage in found.facts.training.stages if stage.outcome == "failed")
    assert any("no convergence" in line for line in failed.tail)
    assert parts(found)["training"].status is Status.FAILED
    assert parts(found)["evaluation"].status is Status.SKIPPED


def test_a_contract_that_does_not_import_is_an_error_of_the_data_with_its_line(repo: Repo) -> None:
    repo.write("contracts/raw.py", "import no_such_module\n").commit()
    found = checked(repo)
    (error,) = found.facts.errors
    assert error.part == "data"
    assert "no_such_module" in error.what
    assert error.where.startswith("contracts/raw.py:1")
    assert parts(found)["data"].status is Status.FAILED


def test_data_committed_but_never_pushed_is_red(repo: Repo, tmp_path: Path) -> None:
    repo.write("data/raw.csv", raw(210)).dvc_add("data/raw.csv").repro().commit()
    found = checked(repo.clone(tmp_path / "runner"), base="origin/main")
    assert parts(found)["data"].status is Status.FAILED
    assert found.facts.pipeline is not None
    assert "data/raw.csv" in found.facts.pipeline.missing_remote


def test_a_clean_clone_with_nothing_pulled_is_checked_like_the_laptop(repo: Repo, tmp_path: Path) -> None:
    repo.write("data/raw.csv", raw(260)).dvc_add("data/raw.csv").repro().commit().push_data()
    here, there = checked(repo), checked(repo.clone(tmp_path / "runner"), base="origin/main")
    assert dict(statuses(here)) == dict(statuses(there))
    assert [facts.diff for facts in here.facts.data] == [facts.diff for facts in there.facts.data]


def test_data_changed_on_disk_without_dvc_add_is_seen(repo: Repo) -> None:
    repo.write("data/raw.csv", raw(150))
    found = checked(repo, train=False)
    assert not found.facts.nothing_to_check
    facts = next(facts for facts in found.facts.data if facts.path == "data/raw.csv")
    assert facts.diff is not None and facts.diff.removed == 50


def test_what_others_merged_meanwhile_is_not_held_against_a_change(repo: Repo) -> None:
    repo.write("README.md", "# Mine\n").commit()
    repo.switch("main").write("data/raw.csv", raw(400)).dvc_add("data/raw.csv").repro().commit("theirs").push_data()
    repo.switch("change").dvc("checkout", "--quiet")
    found = checked(repo)
    assert found.facts.nothing_to_check
    assert found.facts.revision.merge_base != found.facts.revision.base


def test_az_10_the_policy_of_the_base_judges_a_change_that_edits_it(repo: Repo) -> None:
    repo.write("assay.yml", "version: 1\n").commit()
    found = checked(repo)
    assert found.policy.evaluate is not None
    assert found.facts.policy.changed_by_head
    assert parts(found)["governance"].reason is Reason.POLICY_CHANGED


def test_the_first_policy_of_all_judges_itself_and_says_so(repo: Repo) -> None:
    repo.switch("main").remove("assay.yml").commit("none yet")
    repo.branch("adopt").write("assay.yml", POLICY).commit()
    found = checked(repo)
    assert found.facts.policy.read_from == "head"
    assert found.facts.data[0].contract is not None, "the first policy is tried on the data, although the data did not change"
    assert parts(found)["governance"].status is Status.WARNED


def test_no_policy_at_all_is_told_with_the_cure(repo: Repo) -> None:
    repo.switch("main").remove("assay.yml").commit("none").branch("still-none")
    with pytest.raises(UserProblem, match=r"there is no assay\.yml, neither on main nor here.*Write one"):
        checked(repo)


@pytest.mark.parametrize("base", ["no-such-branch", "--upload-pack=touch x", "a..b", ""])
def test_a_base_that_is_no_revision_is_told(repo: Repo, base: str) -> None:
    with pytest.raises(UserProblem):
        checked(repo, base=base)


def test_a_detached_head_is_checked_like_any_other(repo: Repo) -> None:
    repo.write("README.md", "# x\n").commit().switch(repo.sha())
    found = checked(repo)
    assert found.facts.revision.head_name is None
    assert found.facts.nothing_to_check


def test_a_base_with_another_history_is_compared_as_it_is(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "--orphan", "island")
    repo.commit("an island")
    found = checked(repo)
    assert found.facts.revision.merge_base is None
    assert decide(found.policy, found.facts).passed


def test_paths_with_spaces_and_letters_of_other_alphabets_are_checked(repo: Repo) -> None:
    text = POLICY.replace("data/raw.csv", "data/größe und maß.csv").replace("  - {path: data/prepared.csv, key: [id]}\n", "")
    repo.switch("main").write("data/größe und maß.csv", raw(50)).dvc_add("data/größe und maß.csv")
    repo.write("assay.yml", text).commit().push_data().branch("more")
    repo.write("data/größe und maß.csv", raw(60)).dvc_add("data/größe und maß.csv").commit()
    (facts,) = checked(repo).facts.data
    assert facts.diff is not None and facts.diff.added == 10


def test_a_pipeline_that_cannot_be_read_is_never_unchanged(repo: Repo) -> None:
    repo.switch("main").write("assay.yml", "version: 1\ntrain: {}\n").commit().branch("next")
    repo.write("params.yaml", "prepare: [\n").commit()
    found = checked(repo)
    assert not found.facts.nothing_to_check
    assert parts(found)["training"].reason is Reason.PIPELINE_UNREADABLE


def test_what_does_not_fit_into_the_facts_is_an_error_of_its_part(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def gather(*_: object, **__: object) -> DataFacts:
        return DataFacts(path="x" * 501)

    monkeypatch.setattr("actions.data.gather.gather", gather)
    repo.write("data/raw.csv", raw(150)).dvc_add("data/raw.csv").commit()
    error = checked(repo, train=False).facts.errors[0]
    assert (error.part, error.reason) == ("data", Reason.ERROR)
    assert error.what.startswith("what was found does not fit into the facts: DataFacts.path: String should have at most 500")
