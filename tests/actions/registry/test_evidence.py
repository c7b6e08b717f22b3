"""What a registration keeps: the facts, read again as they lie there, and the digests of the bytes. On a real MLflow server."""

import hashlib
import json
from pathlib import Path

import pytest

from actions.progress import Silent
from actions.registry import evidence, register
from actions.registry.client import Registry
from actions.registry.history import lineage_of
from actions.repository import Repository
from policy.facts.record import MAX_BYTES
from policy.lineage import Step
from policy.problems import UserProblem
from tests.policy.test_origin import SOME
from tests.registry import Release

FILE = SOME.model_copy(update={"model_digest": f"md5:{'5' * 32}"})


@pytest.fixture
def step(registry: Registry, released: Release, tmp_path: Path) -> Step:
    """A version as it was just registered."""
    (tmp_path / "bytes").mkdir()
    with Repository.open(released.repo.root) as repository:
        ready = register.look(repository, released.evidence(), tmp_path / "bytes", Silent())
        register.register(registry, repository, ready, tmp_path / "bytes", None, Silent())
    return lineage_of(registry, f"{released.model}@1").step


def test_the_facts_of_a_version_are_those_that_it_was_registered_with(registry: Registry, step: Step, released: Release) -> None:
    raw = evidence.facts(registry, step)
    assert raw == released.evidence().facts
    assert step.origin and step.origin.facts_digest == f"sha256:{hashlib.sha256(raw).hexdigest()}"


def test_facts_that_were_replaced_are_handed_on_as_they_lie_there_and_too_many_bytes_are_not(
    registry: Registry, step: Step, tmp_path: Path
) -> None:
    assert step.run and step.origin
    changed = tmp_path / "changed"
    changed.mkdir()
    (changed / evidence.FACTS).write_bytes(b"{}")
    registry.upload(step.run, changed, evidence.folder(step.origin))
    assert evidence.facts(registry, step) == b"{}"
    (changed / evidence.FACTS).write_bytes(b" " * (MAX_BYTES + 1))
    registry.upload(step.run, changed, evidence.folder(step.origin))
    with pytest.raises(UserProblem, match="which no facts have"):
        evidence.facts(registry, step)


def test_a_version_without_facts_or_without_a_run_has_none(registry: Registry, step: Step) -> None:
    assert step.origin
    other = step.origin.model_copy(update={"code_sha": "0" * 40})
    assert evidence.facts(registry, Step(1, step.created, other, run=step.run)) is None
    assert evidence.facts(registry, Step(1, step.created, step.origin)) is None
    assert evidence.facts(registry, Step(1, step.created, step.origin, run="0" * 32)) is None


def test_a_file_has_its_own_digest_and_a_folder_that_of_its_listing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    one = hashlib.sha256(b"1").hexdigest()
    assert json.loads(evidence.model(tmp_path, FILE)) == {"dvc": FILE.model_digest, "sha256": one}
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(b"1")
    listing = f"{one}  a\n{one}  b/c\n"
    assert json.loads(evidence.model(tmp_path, SOME))["sha256"] == hashlib.sha256(listing.encode()).hexdigest()
    assert evidence.folder(FILE) == f"evidence-{'a' * 12}"
