"""Metrics files, whatever stands in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.evaluate import files
from actions.evaluate.trouble import Undefined
from policy.reasons import Reason

NAMES = st.text(st.characters(exclude_characters=".", exclude_categories=["Cs"]), min_size=1, max_size=20)


def refused(name: str, content: str | bytes) -> Undefined:
    with pytest.raises(Undefined) as caught:
        files.read(name, content.encode() if isinstance(content, str) else content)
    return caught.value


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.json", '{"train": {"loss": 0.5}, "auc": 1}'),
        ("m.yaml", "train:\n  loss: 5e-1\nauc: 1\n"),
        ("m.yml", "train: {loss: 0.5}\nauc: 1.0\n"),
        ("m.toml", "auc = 1\n[train]\nloss = 0.5\n"),
        ("M.JSON", '\ufeff{"train": {"loss": 0.5}, "auc": 1}'),
    ],
)
def test_every_format_becomes_flat_names(name: str, content: str) -> None:
    assert files.read(name, content.encode()).numbers == {"train.loss": 0.5, "auc": 1.0}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("NaN", "NaN"),
        ("Infinity", "infinite"),
        ("-Infinity", "infinite"),
        ("1e400", "infinite"),
        ("1" + "0" * 5_000, "infinite"),
        ("true", "true or false"),
        ('"0.9"', "text"),
        ("null", "null"),
        ("[1, 2]", "a list"),
        ("{}", "empty"),
    ],
)
def test_ga_05_what_is_no_finite_number_is_named_and_not_dropped(value: str, kind: str) -> None:
    contents = files.read("m.json", f'{{"auc": {value}, "loss": 1}}'.encode())
    assert contents.numbers == {"loss": 1.0}
    assert contents.problems["auc"].reason is Reason.NOT_A_NUMBER
    assert kind in contents.problems["auc"].detail


def test_ga_05_duplicate_keys_are_refused_in_every_format() -> None:
    assert refused("m.json", '{"auc": 0.1, "auc": 0.9}').reason is Reason.DUPLICATE_METRIC
    assert refused("m.yaml", "auc: 0.1\nauc: 0.9\n").reason is Reason.DUPLICATE_METRIC
    assert refused("m.toml", "auc = 0.1\nauc = 0.9\n").reason is Reason.UNREADABLE_METRIC


def test_two_keys_that_flatten_to_one_name_have_no_value() -> None:
    contents = files.read("m.json", b'{"a.b": 1, "a": {"b": 2}}')
    assert contents.numbers == {}
    assert contents.problems["a.b"].reason is Reason.DUPLICATE_METRIC


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.json", '{"a":' * 30 + "1" + "}" * 30),
        ("m.json", "[" * 100_000),
        ("m.yaml", "{a: " * 3_000 + "1" + "}" * 3_000),
        ("m.yaml", "a: !!python/object/apply:os.system ['true']\n"),
        ("m.yaml", "x: &x [1]\ny: *z\n"),
        ("m.json", "{"),
        ("m.json", ""),
        ("m.json", "3"),
        ("m.toml", "auc 1"),
        ("m.csv", "auc\n1\n"),
        ("m.json", b"\xff\xfe{}"),
        ("m.json", '{"' + "n" * 501 + '": 1}'),
        ("m.json", json.dumps({str(number): number for number in range(5_001)})),
        ("m.json", "{" + " " * files.MOST_BYTES + "}"),
    ],
)
def test_ga_05_what_cannot_be_read_is_refused_with_a_reason(name: str, content: str | bytes) -> None:
    problem = refused(name, content)
    assert problem.reason is Reason.UNREADABLE_METRIC
    assert problem.detail.startswith(" (")
    assert len(problem.detail) < 500


def test_ga_05_a_yaml_bomb_of_aliases_is_refused() -> None:
    bomb = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{p: *a{n - 1}, q: *a{n - 1}}}\n" for n in range(1, 18))
    assert refused("m.yaml", bomb).reason is Reason.UNREADABLE_METRIC


def test_ga_05_hostile_names_are_names_like_any_other() -> None:
    contents = files.read("m.json", json.dumps({"__proto__": 1, "a|b\n@team": 2, "": 3}).encode())
    assert contents.numbers == {"__proto__": 1.0, "a|b\n@team": 2.0, "(empty name)": 3.0}


@given(st.dictionaries(NAMES, st.floats(allow_nan=False, allow_infinity=False), max_size=10))
def test_every_number_of_a_flat_file_comes_back(numbers: dict[str, float]) -> None:
    assert files.read("m.json", json.dumps(numbers).encode()).numbers == numbers


@given(st.binary(max_size=200), st.sampled_from(["m.json", "m.yaml", "m.toml", "m"]))
def test_no_bytes_end_in_anything_but_contents_or_a_reason(content: bytes, name: str) -> None:
    try:
        files.read(name, content)
    except Undefined as problem:
        assert problem.reason in (Reason.UNREADABLE_METRIC, Reason.DUPLICATE_METRIC)
