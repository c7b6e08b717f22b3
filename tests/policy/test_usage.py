"""A file of used tokens is read whole or refused in a line: hostile input costs nothing and counts for nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import usage
from policy.facts.tokens import MOST
from policy.problems import UserProblem
from policy.tokens import Used, merged

ENTRIES = st.lists(
    st.builds(
        lambda model, cached, fresh, back: Used(model, cached + fresh, back, cached),
        st.sampled_from(["gpt-x", "gpt-y", "ü"]),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    ),
    max_size=8,
)


def plain(entries: list[Used]) -> list[dict[str, Any]]:
    return [vars(each) for each in entries]


def refused(raw: bytes) -> str:
    with pytest.raises(UserProblem) as found:
        usage.read(raw, "usage.json")
    problem = found.value
    assert problem.where == "usage.json" and "docs/cost.md" in problem.next and len(problem.what) < 400
    return problem.what


@given(ENTRIES, st.booleans(), st.booleans())
def test_both_forms_say_the_same_and_what_a_model_used_is_added_up(entries: list[Used], bom: bool, pretty: bool) -> None:
    whole = json.dumps(plain(entries), indent=1 if pretty else None).encode()
    lines = "\r\n".join(json.dumps(each) for each in plain(entries)).encode()
    for raw in (whole, lines):
        assert usage.read((b"\xef\xbb\xbf" if bom else b"") + raw + b"\n", "usage.json") == merged(entries)


def test_nothing_used_is_no_model_and_keys_that_are_not_known_are_passed_over() -> None:
    assert usage.read(b"", "u") == usage.read(b"[]", "u") == ()
    assert usage.read(b'{"model": "gpt-x", "input": 1, "output": 2, "ms": 0.5}', "u") == (Used("gpt-x", 1, 2),)


@pytest.mark.parametrize("value", ["true", "-1", "1.0", "1e3", '"5"', "null", "[]", str(MOST + 1), "9" * 5_000])
@pytest.mark.parametrize("key", ["input", "output", "cached"])
def test_ga_what_is_no_whole_number_of_tokens_is_refused(key: str, value: str) -> None:
    numbers = {"input": "5", "output": "5", key: value}
    body = ", ".join(f'"{name}": {each}' for name, each in numbers.items())
    said = refused(f'[{{"model": "gpt-x", {body}}}]'.encode())
    assert f"`{key}` is no whole number" in said or "not strict JSON" in said


@pytest.mark.parametrize("model", [None, 5, "", "  ", "x" * 101, "a\nb", "a\u202eb", ["gpt-x"]])
def test_ga_a_model_without_a_plain_name_is_refused(model: Any) -> None:
    assert "`model` is no name" in refused(json.dumps([{"model": model, "input": 1, "output": 1}]).encode())


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b'[{"model": "x", "input": NaN, "output": 1}]', "not strict JSON"),
        (b'[{"model": "x", "input": 1, "input": 2, "output": 1}]', "not strict JSON"),
        (b'[{"model": "x", "input": 1}]', "`output` is no whole number"),
        (b'[{"model": "x", "input": 1, "output": 1, "cached": 2}]', "`cached` is more than `input`"),
        (b"[1]", "entry 1 is no object"),
        (b'{"model": "x", "input": 1, "output": 1}\n5', "line 2 is no object"),
        (b'{"model": "x",\n"input": 1}', "line 1: not strict JSON"),
        (b"\xff\xfe", "line 1: not strict JSON"),
        (b"[" * 100_000, "nested deeper"),
        (b'[{"model": "x"', "not strict JSON"),
    ],
)
def test_ga_what_is_no_such_file_is_refused_with_the_place(raw: bytes, what: str) -> None:
    assert what in refused(raw)


def test_ga_too_much_of_anything_is_refused() -> None:
    assert "more than 4,194,304 bytes" in refused(b" " * (usage.MOST_BYTES + 1))
    one = {"model": "x", "input": 1, "output": 1}
    assert "more than 50,000 entries" in refused(b"\n".join([json.dumps(one).encode()] * (usage.MOST_ENTRIES + 1)))
    many = [{**one, "model": str(index)} for index in range(101)]
    assert "more than 100 models" in refused(json.dumps(many).encode())
    full = [{**one, "input": MOST}] * 2
    assert "more than 1,000,000,000,000 tokens" in refused(json.dumps(full).encode())


@given(st.binary(max_size=200))
def test_ga_whatever_stands_there_it_is_read_or_refused(raw: bytes) -> None:
    try:
        found = usage.read(raw, "usage.json")
    except UserProblem:
        return
    assert all(each.input >= each.cached >= 0 and each.output >= 0 for each in found)
