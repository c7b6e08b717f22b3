"""The version that an alias points to says which commit it was made of, or nobody can tell."""

import pytest

from actions.monitor import stored
from actions.monitor.champion import Champion, champion
from actions.registry import reference
from actions.registry.client import Registry
from policy import origin
from policy.problems import UserProblem
from tests.actions.monitor.test_stored import packed, plain, some
from tests.policy.test_origin import SOME
from tests.registry import fresh, mlflow_server, registry

__all__ = ["mlflow_server", "registry"]


def test_the_version_that_has_the_alias_now_names_its_commit(registry: Registry) -> None:
    model = fresh("heat")
    run = registry.begin(f"assay/{model}", "a run", {})
    for tags in (origin.tags(SOME), origin.tags(SOME.model_copy(update={"code_sha": "c" * 40})), {"team": "ours"}):
        registry.create(model, run, "model", tags)
    with pytest.raises(UserProblem, match="knows no such version"):
        champion(registry, model, "production")
    for number, sha in ((2, "c" * 40), (1, SOME.code_sha)):
        registry.point(model, "production", number)
        assert champion(registry, model, "production") == Champion(number, sha)
    registry.point(model, "production", 3)
    with pytest.raises(UserProblem, match=r"version 3 has no origin \(the tag `assay\."):
        champion(registry, model, "production")


def test_what_was_kept_of_its_reference_comes_with_it_or_is_refused(registry: Registry) -> None:
    model, raw = fresh("heat"), stored.encode(some())
    run = registry.begin(f"assay/{model}", "a run", {})
    newer = packed(plain(raw) | {"schema_version": 2})
    for each in (raw, newer):
        registry.create(model, run, "model", origin.tags(SOME) | reference.keep(registry, run.id, each))
    registry.point(model, "production", 1)
    found = champion(registry, model, "production")
    assert (found.version, found.sha) == (1, SOME.code_sha)
    assert found.stored is not None and stored.encode(found.stored) == raw
    registry.point(model, "production", 2)
    said = r"cannot be used: it is of version 2 \(profile 1\), and this Assay reads 1 \(profile 1\)"
    with pytest.raises(UserProblem, match=f"{model}@2: the profile of its reference {said}"):
        champion(registry, model, "production")
