"""Overrides in a command are those that the other side of the workflow takes, and are told in the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.kinds import Refused
from bot.grammar.parameters import Override, override
from policy.problems import UserProblem


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("lr=0.1", Override("lr", 0.1)),
        ("train.yaml:a.b=[1,x]", Override("a.b", [1, "x"], "train.yaml")),
        ("params.yaml:full=true", Override("full", True)),
    ],
)
def test_an_override_is_read(text: str, is_: Override) -> None:
    assert override.read(text) == is_


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("depth", "it is no parameter; write it like train.lr=0.1"),
        ("../x.yaml:a=1", "it names no file of parameters; name a YAML, JSON or TOML file"),
        ("-a=1", "it names no parameter; join letters"),
        ("lr=$(id)", "it has a value that is no number"),
    ],
)
def test_what_is_none_is_told_without_what_was_written(text: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        override.read(text)
    assert refused.value.why.startswith(why)
    assert text not in refused.value.why


@given(st.from_regex(r"[a-z.]{1,3}(:[a-z.]{1,3})?=[\[\]a-z0-9.,$e-]{0,6}", fullmatch=True) | st.text(max_size=30))
def test_both_sides_agree_on_what_an_override_is(text: str) -> None:
    try:
        wanted = Override.parse(text)
    except UserProblem:
        with pytest.raises(Refused):
            override.read(text)
    else:
        assert override.read(str(wanted)) == override.read(text) == wanted
