"""YAML from anybody is read as plain data, with lines."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policy import yaml_text
from policy.problems import UserProblem

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_what_was_dumped_is_read_back(data: object) -> None:
    assert yaml_text.read(yaml.safe_dump(data), "x").data == data


def test_each_key_and_item_has_its_line() -> None:
    document = yaml_text.read("a:\n  - x\n  - b: 1\n    c: 2\n", "x")
    assert document.lines[("a", 1, "c")] == 4
    assert document.line(("a", 1, "missing", "deeper")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['id']",
        "a: !!python/name:os.system",
        "a: !include secrets.yml",
        "a: [unclosed",
        "? {a: 1}\n: 2",
        "a: \x07",
        "x: &a [*a]",
        "[" * 3_000,
    ],
)
def test_a_trap_is_one_line_with_its_place(text: str) -> None:
    with pytest.raises(UserProblem) as caught:
        yaml_text.read(text, "assay.yml")
    assert str(caught.value).startswith("assay.yml")
    assert "\n" not in str(caught.value)


def test_a_billion_laughs_are_refused_in_bounded_time() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    with pytest.raises(UserProblem, match="too deeply"):
        yaml_text.read("\n".join(lines), "x")


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(UserProblem, match="characters"):
        yaml_text.read("a" * (yaml_text.MAX_CHARACTERS + 1), "x")
