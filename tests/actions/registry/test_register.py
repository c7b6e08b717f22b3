"""Registering: what is refused, what is made, and that it is made once. On a real MLflow server."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions.progress import Silent
from actions.registry import register
from actions.registry.client import Registry, Run
from actions.registry.register import Ready, Registered, look
from actions.repository import Repository
from actions.repository.ancestry import Ancestry
from policy import origin
from policy.facts import ErrorFact, OverrideFact
from policy.facts.data import PipelineFacts, StageState
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from policy.result import Status
from tests.registry import Release, release
from tests.repositories import Repo


def looked(release: Release, tmp_path: Path, **changes: Any) -> Ready:
    folder = tmp_path / "bytes"
    folder.mkdir(parents=True, exist_ok=True)
    with Repository.open(release.repo.root) as repository:
        return look(repository, release.evidence(**changes), folder, Silent())


def registered(registry: Registry, release: Release, tmp_path: Path, run: str | None = None, **changes: Any) -> Registered:
    ready = looked(release, tmp_path, **changes)
    with Repository.open(release.repo.root) as repository:
        return register.register(registry, repository, ready, tmp_path / "bytes", run, Silent())


def refusals(ready: Ready) -> list[Reason]:
    assert ready.origin is None
    return [leaf.reason for leaf in ready.result.leaves() if leaf.status is Status.FAILED]


# What is refused


def test_a_clean_commit_of_the_default_branch_may_be_registered(released: Release, tmp_path: Path) -> None:
    ready = looked(released, tmp_path)
    assert ready.result.status is Status.PASSED
    made = ready.origin
    assert made is not None
    assert made.code_sha == released.head
    assert made.code_tree == released.repo.git("rev-parse", "HEAD^{tree}")
    assert set(made.data) == {"data/raw.csv", "data/prepared.csv"}
    assert (made.remote, made.approvers, made.pull_request) == ("store", ("ada", "grace"), 7)
    assert made.lock_digest.removeprefix("sha256:") in released.repo.run("sha256sum", "dvc.lock")
    assert made.model_digest.removeprefix("md5:") in released.repo.run("md5sum", "model.txt")


def test_a_dirty_tree_is_refused(released: Release, tmp_path: Path) -> None:
    released.repo.write("notes.txt", "not committed\n")
    assert refusals(looked(released, tmp_path)) == [Reason.WORK_TREE_DIRTY]


def test_a_commit_that_is_not_on_the_default_branch_is_refused(released: Release, tmp_path: Path) -> None:
    released.repo.branch("side")
    assert refusals(looked(released.again(), tmp_path)) == [Reason.NOT_ON_BRANCH]


def test_a_commit_that_only_came_in_by_a_merge_was_never_the_head(released: Release, tmp_path: Path) -> None:
    repo = released.repo
    repo.branch("side")
    side = released.again()
    sha = side.head
    repo.switch("main")
    repo.write("other.txt", "1\n").commit("on main").git("merge", "--quiet", "--no-ff", "--message", "merged", "side")
    repo.switch(sha)
    assert refusals(looked(side, tmp_path)) == [Reason.NOT_ON_BRANCH]


def test_a_red_verdict_is_refused_and_says_why(released: Release, tmp_path: Path) -> None:
    error = ErrorFact(part="data", reason=Reason.ERROR, what="the disk is full", next="free some")
    ready = looked(released, tmp_path, errors=[error])
    assert refusals(ready) == [Reason.VERDICT_RED]
    assert "the disk is full" in ready.result.why


def test_a_verdict_file_that_says_otherwise_is_refused(released: Release, tmp_path: Path) -> None:
    assert refusals(looked(released, tmp_path, stated=Status.FAILED)) == [Reason.VERDICT_DIFFERS]


def test_facts_about_another_commit_are_refused(released: Release, tmp_path: Path) -> None:
    assert refusals(looked(released, tmp_path, head="b" * 40)) == [Reason.FACTS_OF_ANOTHER]


def test_facts_of_an_experiment_are_refused(released: Release, tmp_path: Path) -> None:
    override = OverrideFact(file="params.yaml", key="train.slope", before="1", after="2")
    assert refusals(looked(released, tmp_path, overrides=[override])) == [Reason.FACTS_OF_EXPERIMENT]


def test_facts_of_a_dirty_tree_are_refused(released: Release, tmp_path: Path) -> None:
    assert refusals(looked(released, tmp_path, dirty=True)) == [Reason.FACTS_OF_DIRTY]


def test_facts_of_another_policy_are_refused(released: Release, tmp_path: Path) -> None:
    facts = released.facts()
    policy = facts.policy.model_copy(update={"digest": f"sha256:{'0' * 64}"})
    with pytest.raises(UserProblem, match="another policy"):
        looked(released, tmp_path, policy=policy)


def test_a_stage_that_had_to_run_first_is_refused(released: Release, tmp_path: Path) -> None:
    stale = PipelineFacts(stages=[StageState(name="train", state="changed"), StageState(name="evaluate", state="changed")])
    ready = looked(released, tmp_path, pipeline=stale.model_copy(update={"remote": "store"}))
    assert refusals(ready) == [Reason.STAGE_NOT_LOCKED]  # `evaluate` comes after the model


def test_an_artifact_that_is_not_what_the_lock_says_is_refused(released: Release, tmp_path: Path) -> None:
    released.repo.write("model.txt", "9 9\n")
    ready = looked(released, tmp_path)
    assert refusals(ready) == [Reason.ARTIFACT_DIFFERS]
    assert "model.txt is md5:" in ready.result.why


def test_an_artifact_that_was_damaged_in_the_remote_is_refused(released: Release, tmp_path: Path) -> None:
    made = looked(released, tmp_path).origin
    assert made is not None
    clone = released.repo.clone(tmp_path / "clone")
    clone.remote = tmp_path / "damaged"
    digest = made.model_digest.removeprefix("md5:")
    target = clone.remote / "files/md5" / digest[:2] / digest[2:]
    target.parent.mkdir(parents=True)
    target.write_text("something else\n")
    local = clone.root / ".dvc/config.local"
    local.write_text(local.read_text() + f"['remote \"store\"']\n    url = {clone.remote}\n")
    found = refusals(looked(Release(clone, released.model, released.base), tmp_path / "again"))
    assert found in ([Reason.ARTIFACT_DIFFERS], [Reason.ARTIFACT_MISSING])


def test_an_artifact_that_is_nowhere_is_refused(template: Repo, tmp_path: Path) -> None:
    mine = release(template, tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    clone = mine.repo.clone(tmp_path / "clone")
    local = clone.root / ".dvc/config.local"
    local.write_text(local.read_text() + f"['remote \"store\"']\n    url = {empty}\n")
    assert refusals(looked(Release(clone, mine.model, mine.base), tmp_path)) == [Reason.ARTIFACT_MISSING]


def test_an_artifact_that_no_lock_knows_is_refused(released: Release, tmp_path: Path) -> None:
    text = (released.repo.root / "assay.yml").read_text().replace("model.txt", "train.py")
    again = released.again("assay.yml", text)
    assert refusals(looked(again, tmp_path)) == [Reason.ARTIFACT_UNKNOWN]


@pytest.mark.parametrize("name", ["../up", "it's", "a\u202eb"])
def test_a_hostile_name_is_refused_before_anybody_is_asked(template: Repo, tmp_path: Path, name: str) -> None:
    mine = release(template, tmp_path / "repo", model=name)
    assert Reason.MODEL_NAME_REFUSED in refusals(looked(mine, tmp_path))


# What is made


def test_a_version_holds_the_bytes_and_what_they_were_made_of(
    mlflow_server: str, registry: Registry, released: Release, tmp_path: Path
) -> None:
    done = registered(registry, released, tmp_path)
    assert (done.made, done.version.number) == (True, 1)
    (version,) = registry.versions(released.model)
    found = origin.read(version.tags)
    assert (found.code_sha, found.pull_request, found.verdict) == (released.head, 7, "passed")
    assert version.run is not None
    import mlflow

    client = mlflow.MlflowClient(mlflow_server)
    (tmp_path / "down").mkdir()
    down = client.download_artifacts(version.run, version.source.rpartition("/")[2], str(tmp_path / "down"))
    assert (Path(down) / "model.txt").read_text() == released.repo.run("cat", "model.txt")


def test_a_folder_is_registered_whole(registry: Registry, mlflow_server: str, template: Repo, tmp_path: Path) -> None:
    mine = release(template, tmp_path / "folder")
    names = ["weights.bin", "größe & maß.txt", "deep/er/x y.json"]
    for name in names:
        mine.repo.write(f"model/{name}", f"content of {name}")
    mine.repo.dvc_add("model").push_data()
    text = (mine.repo.root / "assay.yml").read_text().replace("model.txt", "model/")
    base = mine.repo.write("assay.yml", text).commit("a folder").sha()
    last = Release(mine.repo, mine.model, base).again("README.md", "the last\n")
    clone = Release(last.repo.clone(tmp_path / "clone"), mine.model, base)
    done = registered(registry, clone, tmp_path)
    assert done.version.tags["assay.model_digest"].endswith(".dir")
    import mlflow

    (tmp_path / "down").mkdir()
    path = done.version.source.rpartition("/")[2]
    down = Path(mlflow.MlflowClient(mlflow_server).download_artifacts(str(done.version.run), path, str(tmp_path / "down")))
    assert {each.relative_to(down).as_posix() for each in down.rglob("*") if each.is_file()} == set(names)
    assert (down / names[1]).read_text() == f"content of {names[1]}"


@pytest.mark.parametrize("name", ["x#y.bin", "a?b.bin"])
def test_a_name_that_mlflow_would_keep_otherwise_is_told_and_no_version_is_made(
    registry: Registry, template: Repo, tmp_path: Path, name: str
) -> None:
    mine = release(template, tmp_path / "folder")
    mine.repo.write(f"model/{name}", "content").write("model/other.bin", "content")
    mine.repo.dvc_add("model").push_data()
    text = (mine.repo.root / "assay.yml").read_text().replace("model.txt", "model/")
    base = mine.repo.write("assay.yml", text).commit("a folder").sha()
    with pytest.raises((UserProblem, OutsideProblem)):
        registered(registry, Release(mine.repo, mine.model, base).again(), tmp_path)
    assert registry.versions(mine.model) == []


def test_a_runner_without_data_fetches_the_artifact_and_nothing_else(
    registry: Registry, released: Release, tmp_path: Path
) -> None:
    clone = released.repo.clone(tmp_path / "clone")
    done = registered(registry, Release(clone, released.model, released.base), tmp_path)
    assert done.made
    assert len([file for file in (clone.root / ".dvc/cache").rglob("*") if file.is_file()]) == 1


def test_a_second_run_finds_the_version_again(registry: Registry, released: Release, tmp_path: Path) -> None:
    first = registered(registry, released, tmp_path)
    second = registered(registry, released, tmp_path / "again", seconds=3.0)  # the facts differ in what is no identity
    assert (second.made, second.version.number) == (False, first.version.number)
    assert len(registry.versions(released.model)) == 1


@pytest.mark.parametrize("crashes", ["upload", "finish", "create"])
def test_a_crash_half_way_still_ends_in_one_version(
    registry: Registry, released: Release, tmp_path: Path, crashes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise OutsideProblem("the machine is gone")

    with monkeypatch.context() as patched:
        patched.setattr(Registry, crashes, crash)
        with pytest.raises(OutsideProblem):
            registered(registry, released, tmp_path)
    done = registered(registry, released, tmp_path / "again")
    assert (done.made, done.version.number) == (True, 1)
    assert len(registry.runs(f"assay/{released.model}", {"assay.code_sha": released.head})) == 1


def test_two_at_once_leave_one_version(
    registry: Registry, released: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=30)
    create = Registry.create

    def together(self: Registry, model: str, run: Run, path: str, tags: dict[str, str], *more: str) -> Any:
        both.wait()
        made = create(self, model, run, path, tags, *more)
        both.wait()
        return made

    monkeypatch.setattr(Registry, "create", together)
    done: list[Registered] = []
    other = Release(released.repo.copy(tmp_path / "other"), released.model, released.base)
    ready = [(each, looked(each, tmp_path / str(number))) for number, each in enumerate((released, other))]

    def one(number: int) -> None:
        mine, looked_at = ready[number]
        with Repository.open(mine.repo.root) as repository:
            done.append(register.register(registry, repository, looked_at, tmp_path / str(number) / "bytes", None, Silent()))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (version,) = registry.versions(released.model)
    assert {each.version.number for each in done} == {version.number}
    assert sorted(each.made for each in done) == [False, True]


def test_a_commit_that_changes_nothing_the_policy_watches_makes_no_version(
    registry: Registry, released: Release, tmp_path: Path
) -> None:
    first = registered(registry, released, tmp_path)
    later = registered(registry, released.again("README.md", "words\n"), tmp_path / "again", nothing_to_check=True)
    assert (later.made, later.unchanged, later.version.number) == (False, True, first.version.number)


def test_another_commit_with_the_same_bytes_is_a_version_of_its_own(
    registry: Registry, released: Release, tmp_path: Path
) -> None:
    registered(registry, released, tmp_path)
    assert registered(registry, released.again("code.py", "x = 1\n"), tmp_path / "again").version.number == 2


def test_a_version_that_only_claims_to_be_this_one_is_refused(registry: Registry, released: Release, tmp_path: Path) -> None:
    made = looked(released, tmp_path / "first").origin
    assert made is not None
    run = registry.begin("forged", "forged", {})
    tags = origin.tags(made)
    registry.create(released.model, run, "model", {key: tags[key] for key in ("assay.code_sha", "assay.model_digest")})
    with pytest.raises(UserProblem, match="claims to be this version, but the tag `assay"):
        registered(registry, released, tmp_path)


# Under a run of the user's


def test_a_version_may_lie_under_the_run_of_the_training(registry: Registry, released: Release, tmp_path: Path) -> None:
    run = registry.begin("training", "training", {})
    registry.finish(run.id)
    done = registered(registry, released, tmp_path, run=run.id)
    assert done.version.run == run.id
    assert done.version.source.startswith(run.artifacts)


def test_a_run_that_is_not_there_or_not_finished_is_refused(registry: Registry, released: Release, tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match="no such run"):
        registered(registry, released, tmp_path, run="f" * 32)
    running = registry.begin("training", "training", {})
    with pytest.raises(UserProblem, match="running"):
        registered(registry, released, tmp_path / "again", run=running.id)
    assert registry.versions(released.model) == []


# Git tags


def test_a_version_gets_its_git_tag_once_and_on_origin_too(registry: Registry, template: Repo, tmp_path: Path) -> None:
    upstream = release(template, tmp_path / "upstream", git_tags=True)
    upstream.repo.git("config", "receive.denyCurrentBranch", "ignore")
    mine = Release(upstream.repo.clone(tmp_path / "clone"), upstream.model, upstream.base)
    done = registered(registry, mine, tmp_path)
    assert done.tag == f"{upstream.model}@v1.0.0"
    assert upstream.repo.sha(f"{done.tag}^{{commit}}") == upstream.head
    again = Release(upstream.repo.clone(tmp_path / "second"), upstream.model, upstream.base)
    assert registered(registry, again, tmp_path / "again").tag == done.tag


def test_more_data_than_tags_hold_is_a_problem_of_one_line(
    released: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Repository.ancestry

    def much(self: Repository, path: str, revision: str) -> Ancestry | None:
        found = read(self, path, revision)
        return found and replace(found, data={f"data/{number}": f"md5:{number:032x}" for number in range(5_001)})

    monkeypatch.setattr(Repository, "ancestry", much)
    with pytest.raises(UserProblem, match="tags cannot hold `data`"):
        looked(released, tmp_path)


def test_facts_policy_digests_and_card_are_kept_beside_the_model(registry: Registry, released: Release, tmp_path: Path) -> None:
    (released.repo.root / "cards").mkdir()
    path = f"cards/{released.model}.md"
    mine = "<!-- assay:keep direct_use -->\r\nTo plan gates.\r\n<!-- /assay:keep -->"
    (released.repo.root / path).write_bytes(mine.encode())
    found = released.again(path.replace(".md", ".txt"))
    done = registered(registry, found, tmp_path)
    run, folder = done.version.run, f"evidence-{found.head[:12]}"
    assert run is not None
    assert registry.read(run, f"{folder}/facts.json", 10**6) == found.evidence().facts
    assert (registry.read(run, f"{folder}/assay.yml", 10**6) or b"").startswith(b"version: 1")
    card = (registry.read(run, f"{folder}/card.md", 10**6) or b"").decode()
    assert mine in card and found.head in card
    assert registry.read(run, f"{folder}/other", 10) is None
    with pytest.raises(OutsideProblem, match="more than 10"):
        registry.read(run, f"{folder}/card.md", 10)
