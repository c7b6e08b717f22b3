"""What a registry remembers: three versions, an alias that was moved, and versions that nobody registered with Assay."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.registry.client import Registry
from actions.registry.history import lineage_of, move
from policy import origin
from policy.problems import OutsideProblem, UserProblem
from tests.policy.test_origin import SOME
from tests.registry import fresh

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def model(registry: Registry) -> str:
    """A model with three versions, the third made around Assay."""
    name = fresh("flight")
    run = registry.begin(f"assay/{name}", "a run", {})
    second = SOME.model_copy(update={"code_sha": "c" * 40, "data": {"data/raw.csv": f"md5:{'9' * 32}"}})
    for tags in (origin.tags(SOME), origin.tags(second), {"team": "ours"}):
        registry.create(name, run, "model", tags)
    return name


def test_the_lineage_of_a_version_has_all_that_its_tags_hold(registry: Registry, model: str) -> None:
    found = lineage_of(registry, f"{model}@2")
    assert found.complete and found.step.origin is not None
    assert found.step.origin.code_sha == "c" * 40
    assert found.before is not None and found.before.origin == SOME
    assert [each.version for each in found.steps] == [1, 2, 3]


def test_a_version_that_nobody_registered_with_assay_has_no_origin_and_says_what_is_missing(
    registry: Registry, model: str
) -> None:
    found = lineage_of(registry, f"{model}@v3")
    assert not found.complete
    assert "the tag `assay.code_sha` is missing" in found.step.faults


def test_an_alias_that_was_moved_tells_who_had_it_when(registry: Registry, model: str) -> None:
    for hour, (number, before) in enumerate([(1, None), (2, 1), (1, 2)]):
        move(registry, model, "production", number, before, START + timedelta(hours=hour))
    found = lineage_of(registry, f"{model}@production")
    assert found.step.version == 1
    told = [(each.version, each.since, each.until, each.present) for each in found.reigns]
    hours = [START + timedelta(hours=hour) for hour in range(3)]
    assert told == [(1, hours[2], None, True), (2, hours[1], hours[2], False), (1, hours[0], hours[1], False)]


def test_an_alias_that_somebody_moved_around_assay_has_no_beginning(registry: Registry, model: str) -> None:
    move(registry, model, "production", 1, None, START)
    registry.point(model, "production", 2)
    found = lineage_of(registry, f"{model}@production").reigns
    assert [(each.version, each.since, each.present) for each in found] == [(2, None, True), (1, START, False)]
    assert found[1].until is None


def test_an_alias_is_not_moved_from_where_it_is_not(registry: Registry, model: str) -> None:
    move(registry, model, "production", 1, None, START)
    with pytest.raises(OutsideProblem, match="points to 1, not to 3"):
        move(registry, model, "production", 2, 3, START)
    with pytest.raises(UserProblem, match="no such version"):
        move(registry, model, "production", 9, 1, START)
    with pytest.raises(UserProblem, match="alias"):
        move(registry, model, "pro duction", 2, None, START)
    move(registry, model, "production", 1, 3, START)  # it is there already
    assert registry.aliases(model) == {"production": 1}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("{model}@4", "The newest is"),
        ("{model}@nobody", "no such version"),
        ("nobody@1", "knows no version"),
        ("flight", "names no version"),
        ("x'y@1", "quotes"),
    ],
)
def test_what_the_registry_does_not_know_is_told_with_what_it_does(registry: Registry, model: str, name: str, said: str) -> None:
    with pytest.raises(UserProblem, match=said):
        lineage_of(registry, name.format(model=model))
