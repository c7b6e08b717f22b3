"""The profile of a reference beside its version: put there once, and read only as it was put there. On a real MLflow server."""

from dataclasses import replace
from pathlib import Path

import pytest

from actions.progress import Silent
from actions.registry import reference, register
from actions.registry.client import Registry, Version
from actions.registry.reference import FILE, digest_of, folder, wanted
from actions.registry.register import Ready, Registered
from actions.repository import Repository
from policy import origin
from policy.document import read as read_policy
from policy.facts.data import DataFacts, PersonalFacts, PersonalFinding
from policy.origin import REFERENCE
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason
from policy.result import Status
from tests.policy.test_origin import SOME
from tests.registry import Release, fresh

MONITOR = """\
monitor:
  data: live.csv
  reference: data/prepared.csv
"""
DATA = "data: [{path: data/raw.csv, personal: {allow: {value: [phone]}}}]\n"


@pytest.fixture
def monitored(released: Release) -> Release:
    """A commit whose policy has a monitor."""
    text = (released.repo.root / "assay.yml").read_text()
    base = released.repo.write("assay.yml", text + MONITOR).commit("a monitor").sha()
    return Release(released.repo, released.model, base).again()


def ready(release: Release, folder: Path) -> Ready:
    folder.mkdir(parents=True, exist_ok=True)
    with Repository.open(release.repo.root) as repository:
        return register.look(repository, release.evidence(), folder, Silent())


def registered(registry: Registry, release: Release, folder: Path, seen: Ready | None = None) -> Registered:
    seen = seen or ready(release, folder)
    with Repository.open(release.repo.root) as repository:
        return register.register(registry, repository, seen, folder, None, Silent())


def crash(*_: object, **__: object) -> None:
    raise OutsideProblem("the machine is gone")


def put(registry: Registry, run: str, digest: str, raw: bytes, scratch: Path) -> None:
    scratch.mkdir(exist_ok=True)
    (scratch / FILE).write_bytes(raw)
    registry.upload(run, scratch, reference.folder(digest))


def test_it_is_put_there_once_and_found_by_its_tag(registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model, raw = fresh(), b"a profile"
    run = registry.begin(f"assay/{model}", "a run", {})
    put(registry, run.id, digest_of(raw), b"a wronged", tmp_path)  # as long, and not the same
    tags = reference.keep(registry, run.id, raw)
    version = registry.create(model, run, "model", origin.tags(SOME) | tags)
    assert reference.read(registry, version) == raw
    assert origin.read(version.tags) == SOME
    monkeypatch.setattr(Registry, "upload", None)
    assert reference.keep(registry, run.id, raw) == tags == {REFERENCE: digest_of(raw)}
    assert reference.read(registry, replace(version, tags={})) is None


def test_what_a_registry_keeps_otherwise_is_no_success(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    run = registry.begin(f"assay/{fresh()}", "a run", {})
    monkeypatch.setattr(Registry, "upload", lambda *given: None)
    with pytest.raises(OutsideProblem, match="did not arrive as it is"):
        reference.keep(registry, run.id, b"a profile")


def test_what_is_not_what_the_tag_names_is_refused(registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model, raw = fresh(), b"a profile"
    run = registry.begin(f"assay/{model}", "a run", {})
    version = registry.create(model, run, "model", reference.keep(registry, run.id, raw))
    put(registry, run.id, digest_of(raw), b"tampered!", tmp_path)

    def refused(found: Version) -> str:
        with pytest.raises(UserProblem, match=f"{model}@1: ") as told:
            reference.read(registry, found)
        return told.value.what

    assert "is not the one that the tag `assay.reference` names" in refused(version)
    assert "is gone" in refused(replace(version, tags={REFERENCE: f"sha256:{'0' * 64}"}))
    assert "malformed" in refused(replace(version, tags={REFERENCE: "sha256:../x"}))
    assert "the run that holds" in refused(replace(version, run="f" * 32))
    assert "the run that holds" in refused(replace(version, run=None))
    monkeypatch.setattr(reference, "LARGEST", 5)
    assert "has 9 bytes, which none has" in refused(version)


# What registering keeps


def test_a_crash_between_profile_and_tag_ends_in_the_same_version_and_a_further_run_adds_nothing(
    registry: Registry, monitored: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = ready(monitored, tmp_path / "bytes")
    with monkeypatch.context() as patched:
        patched.setattr(Registry, "create", crash)
        with pytest.raises(OutsideProblem):
            registered(registry, monitored, tmp_path / "bytes", seen)
    done = registered(registry, monitored, tmp_path / "bytes", seen)
    (version,) = registry.versions(monitored.model)
    raw = reference.read(registry, version)
    assert raw is not None and raw.startswith(b"\x1f\x8b") and version.tags[REFERENCE] == digest_of(raw)
    assert (done.made, done.version.number, origin.read(version.tags).code_sha) == (True, 1, monitored.head)
    (run,) = registry.runs(f"assay/{monitored.model}", {"assay.code_sha": monitored.head})
    assert registry.files(run.id, folder(digest_of(raw))) == {FILE: len(raw)}
    monkeypatch.setattr(register, "_profile", None)  # nobody looks at the data again
    again = registered(registry, monitored, tmp_path / "bytes", seen)
    assert (again.made, again.version.tags) == (False, version.tags)


def test_a_version_without_a_profile_gets_one_when_it_is_registered_again(
    registry: Registry, monitored: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = ready(monitored, tmp_path / "bytes")
    old = registered(registry, monitored, tmp_path / "bytes", replace(seen, reference=None))
    assert REFERENCE not in old.version.tags

    with monkeypatch.context() as patched:
        patched.setattr(Registry, "set_tags", crash)
        with pytest.raises(OutsideProblem):
            registered(registry, monitored, tmp_path / "bytes", seen)
    assert reference.read(registry, registry.versions(monitored.model)[0]) is None  # an artifact without a tag is nothing
    done = registered(registry, monitored, tmp_path / "bytes", seen)
    (version,) = registry.versions(monitored.model)
    assert (done.made, done.version.tags) == (False, version.tags)
    assert reference.read(registry, version)


def test_data_that_is_nowhere_makes_no_version(registry: Registry, monitored: Release, tmp_path: Path) -> None:
    clone = monitored.repo.clone(tmp_path / "clone")
    mine, model = tmp_path / "remote", (monitored.repo.root / "model.txt").read_bytes()
    kept = mine / monitored.repo.cached(model).relative_to(monitored.repo.root / ".dvc/cache")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(model)
    local = clone.root / ".dvc/config.local"
    local.write_text(local.read_text() + f"['remote \"store\"']\n    url = {mine}\n")
    with pytest.raises(UserProblem, match=r"data/prepared.csv: neither the cache nor the remote store has"):
        registered(registry, Release(clone, monitored.model, monitored.base), tmp_path / "bytes")
    assert registry.versions(monitored.model) == []


def test_a_commit_without_the_reference_says_so_and_is_registered(registry: Registry, released: Release, tmp_path: Path) -> None:
    text = (released.repo.root / "assay.yml").read_text() + MONITOR.replace("data/prepared.csv", "data/other.csv")
    base = released.repo.write("assay.yml", text).commit("a monitor of something else").sha()
    mine = Release(released.repo, released.model, base).again()
    seen = ready(mine, tmp_path / "bytes")
    assert (seen.result.status, seen.reference) == (Status.WARNED, None)
    assert [leaf.reason for leaf in seen.result.leaves() if leaf.status is Status.WARNED] == [Reason.REFERENCE_UNHELD]
    assert REFERENCE not in registered(registry, mine, tmp_path / "bytes", seen).version.tags


def test_columns_that_the_policy_allows_to_be_personal_or_a_check_found_so_are_marked(monitored: Release) -> None:
    finding = PersonalFinding(column="who", kind="email", count=3, share=1.0, read="whole")
    data = DataFacts(path="data/raw.csv", personal=PersonalFacts(rows_read=3, columns_read=1, findings=[finding]))
    policy = read_policy((monitored.repo.root / "assay.yml").read_text() + DATA)
    with Repository.open(monitored.repo.root) as repository:
        found = wanted(repository, policy, monitored.facts(data=[data]), monitored.head)
        assert found is not None and found.marked == {"value", "who"}
        folder = policy.model_copy(update={"monitor": policy.monitor and policy.monitor.model_copy(update={"reference": "data"})})
        assert wanted(repository, folder, monitored.facts(), monitored.head) is None
        assert wanted(repository, policy.model_copy(update={"monitor": None}), monitored.facts(), monitored.head) is None
