"""The section `registry:`, and what must hold before a version is registered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import document
from policy.document import PolicyProblem
from policy.reasons import Reason
from policy.registry import Claim, decide, fits_tags, is_model_name, stage_tag, version_tag
from policy.result import Result, Status

PASSED = Result(name="verdict", status=Status.PASSED, reason=Reason.HOLDS)
FAILED = Result(name="verdict", status=Status.FAILED, reason=Reason.HELD, values={"by": "ada"})
GOOD = Claim(
    model="flight-delay",
    sha="a" * 40,
    branch="main",
    on_branch=True,
    dirty=False,
    facts_sha="a" * 40,
    facts_base="b" * 40,
    base="b" * 40,
    facts_dirty=False,
    overrides=0,
    verdict=PASSED,
    stated=Status.PASSED,
    path="model/",
    recorded=f"md5:{'5' * 32}.dir",
    present=f"md5:{'5' * 32}.dir",
)
BAD = {
    "model": ("a/b", Reason.MODEL_NAME_REFUSED),
    "on_branch": (False, Reason.NOT_ON_BRANCH),
    "dirty": (True, Reason.WORK_TREE_DIRTY),
    "facts_sha": ("c" * 40, Reason.FACTS_OF_ANOTHER),
    "facts_base": ("c" * 40, Reason.FACTS_OF_OTHER_BASE),
    "facts_dirty": (True, Reason.FACTS_OF_DIRTY),
    "overrides": (1, Reason.FACTS_OF_EXPERIMENT),
    "verdict": (FAILED, Reason.VERDICT_RED),
    "stated": (Status.WARNED, Reason.VERDICT_DIFFERS),
    "recorded": (None, Reason.ARTIFACT_UNKNOWN),
    "present": ("md5:0", Reason.ARTIFACT_DIFFERS),
    "stale": (("train",), Reason.STAGE_NOT_LOCKED),
}


def registry(text: str) -> str:
    return f"version: 1\nregistry: {text}\n"


def test_what_holds_may_be_registered() -> None:
    assert decide(GOOD).status is Status.PASSED
    assert decide(replace(GOOD, base=None, stated=None)).status is Status.PASSED


def test_a_commit_without_the_reference_of_its_monitor_is_told_and_no_refusal() -> None:
    found = decide(replace(GOOD, unheld="live/"))
    assert (found.status, found.reason) == (Status.WARNED, Reason.REFERENCE_UNHELD)
    assert found.why == "aaaaaaa holds no live/, the reference of `monitor`: no profile of it is kept with the version"


@pytest.mark.parametrize("field", sorted(BAD))
def test_each_thing_that_does_not_hold_is_a_refusal_with_its_reason(field: str) -> None:
    value, reason = BAD[field]
    result = decide(replace(GOOD, **{field: value}))
    assert result.status is Status.FAILED
    assert reason in [leaf.reason for leaf in result.leaves()]


@given(st.sets(st.sampled_from(sorted(BAD)), min_size=1))
def test_no_refusal_hides_behind_another_that_would_pass(fields: set[str]) -> None:
    assert decide(replace(GOOD, **{field: BAD[field][0] for field in fields})).status is Status.FAILED


def test_every_refusal_can_be_said() -> None:
    for field, (value, _) in BAD.items():
        result = decide(replace(GOOD, **{field: value}))
        assert all("{" not in leaf.why + leaf.advice for leaf in result.leaves())
    assert decide(replace(GOOD, present=None)).reason is Reason.ARTIFACT_MISSING


def test_a_name_that_no_git_tag_takes_is_refused_only_where_tags_are_made() -> None:
    assert decide(replace(GOOD, model="Flight delay")).status is Status.PASSED
    assert decide(replace(GOOD, model="Flight delay", git_tags=True)).reason is Reason.MODEL_NAME_NO_TAG


def test_tags_are_named_in_the_manner_of_gto() -> None:
    assert version_tag("flight-delay", 3) == "flight-delay@v3.0.0"
    assert stage_tag("flight-delay", "production", 4) == "flight-delay#production#4"
    for model, stage, number in [("a b", "production", 1), ("a", "pro/duction", 1), ("a", "production", 0)]:
        with pytest.raises(ValueError, match="no tag"):
            stage_tag(model, stage, number)


@given(st.text(max_size=30))
def test_a_name_for_tags_is_also_one_for_the_registry(name: str) -> None:
    assert not fits_tags(name) or is_model_name(name)
    assert not is_model_name(name) or not set(name) & set("/:@'\n\0")


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "..", "it's", 'a"b', "a@b", "x" * 300, "a\u202eb", " a", "a\nb", "50%"])
def test_a_hostile_name_is_none_for_the_registry(name: str) -> None:
    assert not is_model_name(name)


def test_the_section_may_be_empty_or_say_where_and_whether_to_tag() -> None:
    assert document.read(registry("{}")).registry == document.Registry()
    found = document.read(registry("{uri: 'https://mlflow.example.org:8443/team', git_tags: true}")).registry
    assert found is not None and found.git_tags and found.uri == "https://mlflow.example.org:8443/team"


@pytest.mark.parametrize(
    "uri",
    [
        "https://ada:secret@mlflow.example.org",
        "https://token@mlflow.example.org",
        "https://mlflow.example.org/?token=secret",
        "https://mlflow.example.org/#secret",
    ],
)
def test_credentials_in_the_address_are_refused(uri: str) -> None:
    with pytest.raises(PolicyProblem) as told:
        document.read(registry(f"{{uri: '{uri}'}}"))
    assert "leave credentials out" in str(told.value)
    assert "secret" not in str(told.value) and "token@" not in str(told.value)


@pytest.mark.parametrize(
    "uri", ["mlflow.example.org", "file:///tmp", "sqlite:///a.db", "https://", "https://a b", "https://[", "http://a:x"]
)
def test_what_is_no_address_of_a_server_is_refused(uri: str) -> None:
    with pytest.raises(PolicyProblem, match=r"registry\.uri"):
        document.read(registry(f"{{uri: '{uri}'}}"))
