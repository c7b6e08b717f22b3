"""Promoting: what is refused, what is done, what is said where it ends half-way. On a real MLflow server, git and DVC remote."""

import itertools
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.progress import Silent
from actions.registry import history, promote, register
from actions.registry.client import Registry
from actions.registry.promote import Around, Promoted
from actions.repository import Repository
from policy import digests, document, origin
from policy.authorization import Authorization, Outcome
from policy.digests import Subject
from policy.origin import Origin
from policy.promotion import covered
from tests.registry import Release, fresh, release
from tests.repositories import Repo, environment

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DEPLOY = "promote: {run: sh deploy.sh, timeout: 3 s, env: [DEPLOY_NOTE]}\nregistry: {git_tags: true}\n"
_NUMBERS = itertools.count(1)


def prepared(template: Repo, folder: Path, model: str) -> Release:
    """A project whose policy deploys."""
    found = release(template, folder, model=model)
    text = (found.repo.root / "assay.yml").read_text().replace("registry: {git_tags: false}\n", DEPLOY)
    found.repo.write("assay.yml", text).write("deploy.sh", "true\n").commit("a deployment")
    return Release(found.repo, found.model, found.head).again()


@dataclass(frozen=True)
class Stage:
    """A project with two registered versions, and how to promote one of them in a clone. `alias` is no other test's."""

    release: Release
    registry: Registry
    folder: Path
    alias: str
    environ: dict[str, str]

    @property
    def clone(self) -> Repo:
        return self.release.repo

    def leave(self, version: int = 2, expected: int | None = None, **changes: Any) -> Authorization:
        """What `assay authorize` would give."""
        found = self.registry.version(self.release.model, version)
        assert found is not None
        text = (self.clone.root / "assay.yml").read_text()
        made = changes.pop("made", None) or origin.read(found.tags)
        subject = Subject(
            repository=1,
            model=self.release.model,
            version=str(version),
            environment=self.alias,
            report=made.facts_digest,
            policy=document.digest(text),
            request=12,
            body="sha256:1",
            **covered(made) | changes,
        )
        whole = digests.digest(subject)
        return Authorization(
            subject=subject, bind="commit", digest=whole, expected=expected, approvers=(1,), lock=1, run=7, at=NOW
        )

    def promote(self, leave: Authorization, note: Callable[[Outcome], None] = lambda _: None, **environ: str) -> Promoted:
        around = Around(self.clone.root, self.environ | environ, "main", lambda: NOW)
        return promote.promote(around, leave, note, Silent())

    def deploys(self, script: str) -> "Stage":
        """With another script of the user's."""
        self.clone.write("deploy.sh", script)
        return self

    def at(self) -> int | None:
        return self.registry.aliases(self.release.model).get(self.alias)


@pytest.fixture(scope="module")
def project(template: Repo, tmp_path_factory: pytest.TempPathFactory, mlflow_server: str) -> Release:
    """Its model has two versions: of two commits, with the same bytes."""
    folder, registry = tmp_path_factory.mktemp("project"), Registry.connect({"MLFLOW_TRACKING_URI": mlflow_server})
    found = prepared(template, folder / "repo", fresh())
    for number in (1, 2):
        scratch = folder / str(number)
        scratch.mkdir()
        with Repository.open(found.repo.root) as repository:
            ready = register.look(repository, found.evidence(), scratch, Silent())
            assert ready.origin is not None, ready.result
            register.register(registry, repository, ready, scratch, None, Silent())
        found = found.again(content=f"more {number}\n")
    return found


@pytest.fixture
def stage(project: Release, registry: Registry, mlflow_server: str, tmp_path: Path) -> Stage:
    clone = project.repo.clone(tmp_path / "clone")
    environ = environment({"MLFLOW_TRACKING_URI": mlflow_server, "DEPLOY_NOTE": "a note", "DEPLOY_TOKEN": "secret-of-ours"})
    return Stage(replace(project, repo=clone), registry, tmp_path, f"stage-{os.getpid()}-{next(_NUMBERS)}", environ)


def refused(stage: Stage, leave: Authorization, why: str, at: int | None = None) -> None:
    """Nothing has changed, and the outcome says why."""
    done = stage.promote(leave)
    assert (done.outcome.state, done.exit_code) == ("refused", 1), done.outcome.said
    assert why in done.outcome.said
    assert stage.at() == at
    assert not (stage.clone.root / "ran").exists()


# What is done


def test_the_alias_moves_the_command_runs_and_the_tag_says_so(stage: Stage) -> None:
    stage.deploys("env > seen; echo url=https://shop.example >> $ASSAY_OUTPUT; touch ran\n")
    stage.registry.point(stage.release.model, stage.alias, 1)
    done = stage.promote(stage.leave(expected=1))
    assert done.outcome == Outcome(
        digest=stage.leave(expected=1).digest, state="promoted", before=1, now=2, url="https://shop.example", at=NOW
    )
    assert (done.exit_code, stage.at()) == (0, 2)
    model = stage.release.model
    seen = dict(line.partition("=")[::2] for line in (stage.clone.root / "seen").read_text().splitlines())
    told = {name: value for name, value in seen.items() if name.startswith("ASSAY_") and name != "ASSAY_OUTPUT"}
    assert told == {
        "ASSAY_MODEL": model,
        "ASSAY_VERSION": "2",
        "ASSAY_ENVIRONMENT": stage.alias,
        "ASSAY_MODEL_URI": f"models:/{model}/2",
        "ASSAY_PREVIOUS_VERSION": "1",
    }
    assert seen["DEPLOY_NOTE"] == "a note"
    assert "MLFLOW_TRACKING_URI" not in seen and "DEPLOY_TOKEN" not in seen
    tag = f"{model}#{stage.alias}#1"
    assert stage.clone.sha(f"{tag}^{{commit}}") == stage.leave().subject.commit
    assert tag in stage.clone.git("ls-remote", "--tags", "origin")


def test_once_more_only_the_command_runs(stage: Stage) -> None:
    stage.deploys("echo $ASSAY_PREVIOUS_VERSION >> ran\n")
    first = stage.leave(expected=None)
    assert stage.promote(first).outcome.state == "promoted"
    again = stage.promote(stage.leave(expected=2))
    assert (again.outcome.state, again.outcome.before, again.outcome.now) == ("promoted", 2, 2)
    assert (stage.clone.root / "ran").read_text() == "\n\n"
    assert stage.clone.git("tag", "--list", f"{stage.release.model}#{stage.alias}#*").count("#") == 2


# What is refused


def test_a_leave_is_good_for_half_an_hour_for_one_run_and_one_repository(stage: Stage) -> None:
    refused(stage, stage.leave().model_copy(update={"at": NOW - timedelta(minutes=31)}), "good for half an hour")
    for name in ("GITHUB_RUN_ID", "GITHUB_REPOSITORY_ID"):
        done = stage.promote(stage.leave(), **{name: "99"})
        assert (done.outcome.state, stage.at()) == ("refused", None)
        assert name in done.outcome.said


def test_a_policy_that_changed_since_is_refused(stage: Stage) -> None:
    leave = stage.leave()
    stage.clone.write("assay.yml", (stage.clone.root / "assay.yml").read_text() + "# more\n").commit("another policy")
    refused(stage, leave, "not the one that was approved")


def test_a_variable_that_the_job_does_not_set_is_told_before_anything_is_changed(stage: Stage) -> None:
    del stage.environ["DEPLOY_NOTE"]
    done = stage.promote(stage.leave())
    assert (done.outcome.state, done.exit_code, stage.at()) == ("refused", 2, None)
    assert "the job does not set DEPLOY_NOTE" in done.outcome.said


@pytest.mark.parametrize("part", ["commit", "tree", "lock", "data", "artifact", "params", "facts"])
def test_a_version_whose_tags_say_anything_else_than_was_approved_is_refused(stage: Stage, part: str) -> None:
    other: Any = {"data/raw.csv": f"md5:{'0' * 32}"} if part == "data" else "0" * 40
    refused(stage, stage.leave(**{part: other}), "it is not what was approved")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code_tree", "0" * 40),
        ("lock_digest", f"sha256:{'0' * 64}"),
        ("model_digest", f"md5:{'0' * 32}"),
        ("data", {"data/raw.csv": f"md5:{'0' * 32}"}),
    ],
)
def test_forged_tags_that_somebody_approved_are_held_against_git(stage: Stage, field: str, value: Any) -> None:
    forged = _forged(stage, {field: value})
    refused(stage, stage.leave(forged), "git ")


def test_a_commit_that_never_was_on_the_default_branch_is_refused(stage: Stage) -> None:
    refused(stage, stage.leave(_forged(stage, {"code_sha": "0" * 40})), "git 0000000")
    stage.clone.branch("side").write("README.md", "side\n").commit("on a side branch")
    sha = stage.clone.sha()
    forged = _forged(stage, {"code_sha": sha, "code_tree": stage.clone.git("rev-parse", "HEAD^{tree}")})
    refused(stage, stage.leave(forged), "it was never the head of main")


def _forged(stage: Stage, fields: dict[str, Any]) -> int:
    """A version that somebody made around Assay, with whole and false tags."""
    model = stage.release.model
    real = stage.registry.version(model, 2)
    assert real is not None and real.run is not None
    run = stage.registry.run(real.run)
    assert run is not None
    made: Origin = origin.read(real.tags).model_copy(update=fields)
    return stage.registry.create(model, run, real.source.rpartition("/")[2], origin.tags(made)).number


def test_a_version_that_is_gone_or_lost_its_tags_is_refused(stage: Stage) -> None:
    leave = stage.leave()
    gone = leave.subject.model_copy(update={"version": "999999"})
    refused(stage, leave.model_copy(update={"subject": gone}), "the registry knows no such version")
    forged = _forged(stage, {})
    leave = stage.leave(forged)
    version = stage.registry.version(stage.release.model, forged)
    assert version is not None
    stage.registry.set_tags(version, {"assay.verdict": "great"})
    refused(stage, leave, "assay.verdict")


def remote_of(stage: Stage) -> tuple[Path, Path]:
    """A copy of the DVC remote for this clone alone, and where the model lies in it."""
    other = stage.folder / "other-remote"
    shutil.copytree(stage.clone.remote, other)
    local = stage.clone.root / ".dvc/config.local"
    local.write_text(f"{local.read_text()}['remote \"store\"']\n    url = {other}\n")
    value = stage.leave().subject.artifact.partition(":")[2]
    return other, other / "files/md5" / value[:2] / value[2:]


def test_a_model_that_is_not_on_the_remote_is_refused(stage: Stage) -> None:
    remote_of(stage)[1].unlink()
    refused(stage, stage.leave(), "does not have it")


def test_a_model_that_was_swapped_on_the_remote_is_refused(stage: Stage) -> None:
    _, model = remote_of(stage)
    model.chmod(0o644)
    model.write_text("another model\n")
    refused(stage, stage.leave(), "under that name")


def test_a_remote_that_is_away_may_be_tried_again(stage: Stage) -> None:
    shutil.rmtree(remote_of(stage)[0])
    done = stage.promote(stage.leave())
    assert (done.outcome.state, done.exit_code, stage.at()) == ("refused", 3, None)


def test_a_registry_that_is_away_may_be_tried_again_and_changed_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    done = stage.promote(stage.leave(), MLFLOW_TRACKING_URI="http://127.0.0.1:9")
    assert (done.outcome.state, done.exit_code, done.outcome.now) == ("refused", 3, None)


def test_a_model_that_was_swapped_in_the_registry_is_refused(stage: Stage) -> None:
    model = stage.release.model
    real = stage.registry.version(model, 2)
    assert real is not None
    run = stage.registry.begin(f"assay/{model}", "somebody's", {})
    path = real.source.rpartition("/")[2]
    folder = stage.folder / "swapped"
    folder.mkdir()
    (folder / "model.txt").write_text("another model\n")
    stage.registry.upload(run.id, folder, path)
    swapped = stage.registry.create(model, run, path, real.tags).number
    refused(stage, stage.leave(swapped), "it holds md5:")
    elsewhere = stage.registry.create(model, run, "elsewhere", real.tags).number
    refused(stage, stage.leave(elsewhere), "its source is not where")


def test_an_alias_that_was_moved_meanwhile_is_left_alone(stage: Stage) -> None:
    stage.registry.point(stage.release.model, stage.alias, 1)
    refused(stage, stage.leave(expected=None), "it points to 1, not to nothing: somebody moved it meanwhile", at=1)


# What ends half-way


def test_a_command_that_fails_is_told_exactly_and_the_same_again_finishes_it(stage: Stage) -> None:
    stage.deploys("echo the cluster is full; exit 7\n")
    done = stage.promote(stage.leave())
    assert (done.outcome.state, done.outcome.before, done.outcome.now, done.exit_code) == ("unknown", None, 2, 1)
    assert f"The alias {stage.alias} points to version 2 now" in done.outcome.said
    assert "it ended with exit code 7: the cluster is full" in done.outcome.said
    stage.deploys("touch ran\n")
    assert stage.promote(stage.leave(expected=2)).outcome.state == "promoted"


def test_a_command_that_hangs_is_stopped_in_time(stage: Stage) -> None:
    stage.deploys("echo waiting; sleep 600\n")
    done = stage.promote(stage.leave())
    assert (done.outcome.state, done.exit_code, stage.at()) == ("unknown", 1, 2)
    assert "it was stopped after 3.0 s: waiting" in done.outcome.said


class Crash(Exception):
    """The runner is gone."""


def test_after_a_crash_between_alias_and_command_the_same_again_finishes_it(stage: Stage) -> None:
    kept: list[Outcome] = []

    def note(found: Outcome) -> None:
        kept.append(found)
        if "promote.run" in found.said:
            raise Crash

    stage.registry.point(stage.release.model, stage.alias, 1)
    stage.deploys("echo $ASSAY_PREVIOUS_VERSION > ran\n")
    leave = stage.leave(expected=1)
    with pytest.raises(Crash):
        stage.promote(leave, note)
    assert [each.state for each in kept] == ["unknown", "unknown"]
    assert f"The alias {stage.alias} points to version 2 now" in kept[-1].said
    done = stage.promote(leave)
    assert (done.outcome.state, done.outcome.now) == ("promoted", 2)
    assert (stage.clone.root / "ran").read_text() == "1\n"


def test_after_a_crash_before_it_was_noted_that_the_old_version_went_the_same_again_notes_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*given: object) -> None:
        point(stage.registry, *given)  # type: ignore[arg-type]
        raise Crash

    history.move(stage.registry, stage.release.model, stage.alias, 1, None, NOW - timedelta(days=1))
    point = Registry.point
    monkeypatch.setattr(Registry, "point", lambda _, *given: cut_off(*given))
    with pytest.raises(Crash):
        history.move(stage.registry, stage.release.model, stage.alias, 2, 1, NOW)
    monkeypatch.undo()
    done = stage.promote(stage.leave(expected=2))
    reigns = history.lineage_of(stage.registry, f"{stage.release.model}@2").reigns
    ours = [(each.version, each.since, each.until) for each in reigns if each.alias == stage.alias]
    assert done.outcome.state == "promoted"
    assert ours == [(2, NOW, None), (1, NOW - timedelta(days=1), NOW)]


def test_a_crash_before_the_alias_moves_leaves_it_where_it_was(stage: Stage) -> None:
    def note(found: Outcome) -> None:
        raise Crash

    with pytest.raises(Crash):
        stage.promote(stage.leave(), note)
    assert stage.at() is None
    assert stage.promote(stage.leave()).outcome.state == "promoted"


def test_an_alias_that_is_moved_while_the_command_runs_is_said(stage: Stage, mlflow_server: str) -> None:
    model = stage.release.model
    body = f'{{"name": "{model}", "alias": "{stage.alias}", "version": "1"}}'
    url = f"{mlflow_server}/api/2.0/mlflow/registered-models/alias"
    call = f"import urllib.request as u; u.urlopen(u.Request('{url}', b'''{body}''', {{'Content-Type': 'application/json'}}))"
    stage.deploys(f'python -c "{call}"\n'.replace(body, body.replace('"', '\\"')))
    done = stage.promote(stage.leave())
    assert (done.outcome.state, done.outcome.now, done.exit_code) == ("unknown", 1, 1)
    assert "somebody moved it since" in done.outcome.said
