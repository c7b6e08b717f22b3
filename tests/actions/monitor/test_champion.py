"""The version that an alias points to says which commit it was made of, or nobody can tell."""

import pytest

from actions.monitor.champion import Champion, champion
from actions.registry.client import Registry
from policy import origin
from policy.problems import UserProblem
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
