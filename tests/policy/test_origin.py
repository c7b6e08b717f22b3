"""Origins and the tags that hold them: a bijection, and a strict reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.origin import LIMIT, REFERENCE, Origin, TagsProblem, read, tags

_HEX = "0123456789abcdef"


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(_HEX, min_size=length, max_size=length)


SHAS = st.sampled_from([40, 64]).flatmap(digits)
SHA256 = digits(64).map("sha256:{}".format)
OBJECTS = st.builds("{}:{}{}".format, st.sampled_from(["md5", "md5-dos2unix"]), digits(32), st.sampled_from(["", ".dir"]))
NAMES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=500),
    st.sampled_from(["none", '"none"', "[]", "{}", " ", "1", "🚕" * 500, "\0", "a\nb"]),
)
ORIGINS = st.builds(
    Origin,
    code_sha=SHAS,
    code_tree=SHAS,
    pull_request=st.none() | st.integers(1, 10**15),
    verdict=st.sampled_from(["passed", "warned", "skipped"]),
    policy_digest=SHA256,
    facts_digest=SHA256,
    params_digest=SHA256,
    lock_digest=SHA256,
    model_path=NAMES,
    model_digest=OBJECTS,
    data=st.dictionaries(NAMES, OBJECTS, max_size=20),
    remote=st.none() | NAMES,
    approvers=st.lists(NAMES, max_size=5).map(tuple),
)
SOME = Origin(
    code_sha="a" * 40,
    code_tree="b" * 40,
    pull_request=7,
    verdict="passed",
    policy_digest=f"sha256:{'1' * 64}",
    facts_digest=f"sha256:{'2' * 64}",
    params_digest=f"sha256:{'3' * 64}",
    lock_digest=f"sha256:{'4' * 64}",
    model_path="model/",
    model_digest=f"md5:{'5' * 32}.dir",
    data={"data/raw.csv": f"md5:{'6' * 32}"},
    remote="store",
    approvers=("ada",),
)


@given(ORIGINS)
def test_what_was_written_is_read_again(origin: Origin) -> None:
    assert read(tags(origin)) == origin


@settings(max_examples=50)
@given(ORIGINS, ORIGINS)
def test_only_equal_origins_have_equal_tags(one: Origin, other: Origin) -> None:
    assert (tags(one) == tags(other)) == (one == other)


@given(ORIGINS)
def test_every_tag_is_one_that_every_server_takes(origin: Origin) -> None:
    for key, value in tags(origin).items():
        assert 0 < len(value) <= LIMIT and value.isascii() and value.isprintable()
        assert len(key) < 50 and key.startswith("assay.")


@settings(max_examples=50)
@given(ORIGINS, st.data())
def test_no_tag_can_be_lost_altered_or_added_unnoticed(origin: Origin, data: st.DataObject) -> None:
    found = tags(origin)
    key = data.draw(st.sampled_from(sorted(found)))
    with pytest.raises(TagsProblem):
        read({name: value for name, value in found.items() if name != key})
    with pytest.raises(TagsProblem):
        read(found | {f"{key}.9": "x"})
    other = data.draw(st.text(max_size=30))
    if other != found[key]:
        try:
            assert read(found | {key: other}) != origin
        except TagsProblem as problem:
            assert key.partition(".")[2].split(".")[0] in str(problem)


@given(st.dictionaries(st.sampled_from(sorted(tags(SOME))), st.text(max_size=60)))
def test_whatever_the_tags_say_is_an_origin_or_a_problem(given_tags: dict[str, str]) -> None:
    try:
        assert tags(read(given_tags)) == given_tags
    except TagsProblem as problem:
        assert problem.faults and "\n" not in str(problem)


def test_all_that_is_missing_is_named() -> None:
    with pytest.raises(TagsProblem) as told:
        read({"team": "ours"}, "flight-delay@3")
    assert "the tag `assay.code_sha` is missing" in told.value.faults
    assert len(told.value.faults) == len(Origin.model_fields) + 1
    assert str(told.value).startswith("flight-delay@3: ")


def test_tags_of_others_and_of_aliases_are_passed_over() -> None:
    assert read(tags(SOME) | {"team": "ours", "assay.alias.production": "[]", "mlflow.x": "1"}) == SOME
    assert read(tags(SOME) | {REFERENCE: f"sha256:{'0' * 64}"}) == SOME


def test_another_schema_is_refused_by_its_name() -> None:
    with pytest.raises(TagsProblem, match="'2'"):
        read(tags(SOME) | {"assay.schema": "2"})


def test_a_long_mapping_goes_on_in_further_tags_and_none_of_them_may_be_lost() -> None:
    long = SOME.model_copy(update={"data": {f"data/{number:05}.parquet": f"md5:{number:032x}" for number in range(2_000)}})
    found = tags(long)
    pieces = [key for key in found if key.startswith("assay.data")]
    assert len(pieces) > 20
    assert read(found) == long
    for key in pieces[1:]:
        with pytest.raises(TagsProblem):
            read({name: value for name, value in found.items() if name != key})


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("code_sha", "A" * 40),
        ("pull_request", "07"),
        ("pull_request", "٣"),
        ("pull_request", '"7"'),
        ("verdict", "failed"),
        ("data", '{"a": "md5:6"}'),
        ("data", "[" * 3_000),
        ("approvers", '["ada", "ada"'),
        ("model_digest", "git:" + "5" * 40),
        ("model_path", '"model/"'),
    ],
)
def test_what_is_malformed_is_named(tag: str, value: str) -> None:
    with pytest.raises(TagsProblem, match=rf"`assay\.{tag}`"):
        read(tags(SOME) | {f"assay.{tag}": value})
