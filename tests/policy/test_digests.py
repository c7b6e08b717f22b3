"""A code names everything that is approved: any part that changes changes it, and nothing else does."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policy.digests import CODE_LENGTH, Subject, changes, code, digest, names

SUBJECT = Subject(
    repository=42,
    model="flight-delay",
    version="12",
    environment="production",
    commit="a" * 40,
    tree="b" * 40,
    lock="sha256:" + "c" * 64,
    data={"data/flights.parquet": "md5:418cbd87aa", "data/weather.parquet": "md5:77"},
    artifact="md5:1d1d",
    params="sha256:2e2e",
    facts="sha256:3f3f",
    report="sha256:4a4a",
    policy="sha256:5b5b",
    request=7,
    body="sha256:6c6c",
)
PARTS = sorted(Subject.model_fields)
WORD = st.text(min_size=1, max_size=30)
SUBJECTS = st.builds(
    Subject,
    repository=st.integers(1, 10**12),
    request=st.integers(1, 10**9),
    data=st.dictionaries(WORD, WORD, max_size=5),
    **{name: WORD for name in PARTS if name not in ("repository", "request", "data")},
)


def other(subject: Subject, part: str) -> Subject:
    value = getattr(subject, part)
    new: Any = value + 1 if isinstance(value, int) else {**value, "one more": "x"} if part == "data" else f"{value}x"
    return subject.model_copy(update={part: new})


@given(SUBJECTS, st.sampled_from(PARTS))
def test_tt_06_any_part_that_changes_changes_the_code_and_is_named(subject: Subject, part: str) -> None:
    after = other(subject, part)
    assert digest(after) != digest(subject)
    assert len(changes(subject, after)) == 1


@given(SUBJECTS, st.randoms())
def test_the_order_of_a_mapping_says_nothing(subject: Subject, chance: random.Random) -> None:
    items = list(subject.data.items())
    chance.shuffle(items)
    again = subject.model_copy(update={"data": dict(items)})
    assert code(again) == code(subject) and changes(subject, again) == []


@given(SUBJECTS)
def test_the_same_parts_give_the_same_code_wherever_they_come_from(subject: Subject) -> None:
    again = Subject.model_validate_json(subject.model_dump_json())
    assert digest(again) == digest(subject) and digest(again, "tree") == digest(subject, "tree")


@given(SUBJECTS, SUBJECTS)
def test_a_code_names_no_other_subject(one: Subject, two: Subject) -> None:
    assert names(code(one), digest(two)) is (one == two)


@given(st.dictionaries(WORD, WORD, max_size=4), st.dictionaries(WORD, WORD, max_size=4))
def test_no_two_sets_of_data_read_alike(one: dict[str, str], two: dict[str, str]) -> None:
    first, second = (SUBJECT.model_copy(update={"data": data}) for data in (one, two))
    assert (digest(first) == digest(second)) is (one == two)


def test_tt_04_a_rebase_with_the_same_tree_keeps_the_code_where_the_policy_binds_to_the_tree() -> None:
    rebased = SUBJECT.model_copy(update={"commit": "f" * 40})
    assert code(rebased, "tree") == code(SUBJECT, "tree")
    assert code(rebased) != code(SUBJECT)
    assert code(other(SUBJECT, "tree"), "tree") != code(SUBJECT, "tree")


def test_an_approval_for_the_tree_is_none_for_the_commit() -> None:
    assert code(SUBJECT, "tree") != code(SUBJECT, "commit")


@pytest.mark.parametrize("part", ["model", "artifact", "environment", "repository", "request"])
def test_tt_12_a_code_for_one_model_place_or_request_is_none_for_another(part: str) -> None:
    assert not names(code(SUBJECT), digest(other(SUBJECT, part)))


Said = Callable[[str], str]


@pytest.mark.parametrize(
    "said",
    [
        lambda full: full[:6],
        lambda full: full[:11],
        lambda full: full[1:13],
        lambda full: full + "0",
        lambda full: full[:12] + "\n",
        lambda full: " " + full[:12],
        lambda full: "sha256:" + full,
        lambda full: "main",
        lambda full: "v1.0.0",
        lambda full: "",
    ],
)
def test_tt_11_a_shorter_prefix_a_branch_or_a_tag_names_nothing(said: Said) -> None:
    assert not names(said(digest(SUBJECT)), digest(SUBJECT))


@pytest.mark.parametrize("length", [CODE_LENGTH, 20, 64])
def test_twelve_digits_or_more_name_it_in_any_case(length: int) -> None:
    assert names(digest(SUBJECT)[:length], digest(SUBJECT))
    assert names(digest(SUBJECT)[:length].upper(), digest(SUBJECT))


def test_tt_06_what_changed_is_said_in_words() -> None:
    after = SUBJECT.model_copy(
        update={
            "data": {"data/flights.parquet": "md5:9e010b2caa", "data/planes.parquet": "md5:1"},
            "lock": "sha256:" + "d" * 64,
            "version": "13",
        }
    )
    assert changes(SUBJECT, after) == [
        "version 12 → 13",
        "dvc.lock cccccccc → dddddddd",
        "data data/flights.parquet 418cbd87 → 9e010b2c",
        "data data/planes.parquet is new",
        "data data/weather.parquet is gone",
    ]


def test_digests_that_begin_alike_are_told_whole() -> None:
    before, after = (SUBJECT.model_copy(update={"policy": f"sha256:{'5' * 20}{last}"}) for last in "ab")
    assert changes(before, after) == [f"policy sha256:{'5' * 20}a → sha256:{'5' * 20}b"]


def test_tt_09_other_numbers_of_the_same_model_are_another_subject() -> None:
    again = SUBJECT.model_copy(update={"report": "sha256:5a5a"})
    assert not names(code(SUBJECT), digest(again))
    assert changes(SUBJECT, again) == ["report 4a4a → 5a5a"]


@pytest.mark.parametrize("part", [part for part in PARTS if part not in ("data", "repository", "request")])
def test_what_is_not_known_cannot_be_approved(part: str) -> None:
    for missing in ("", None):
        with pytest.raises(ValidationError):
            Subject.model_validate({**SUBJECT.model_dump(), part: missing})


def test_the_format_of_the_code_stays_as_it_is() -> None:
    # Codes stand in comments and in the ledger: another digest of the same parts would void them all.
    assert code(SUBJECT) == "4f6744a6fe08"
