import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.problems import UserProblem
from reports import vega_guard


@pytest.mark.parametrize(
    "expression",
    ["datum.a + 1", "datum['two words'] / 100", "abs(datum.x) > 0.5 && !datum.late", "datum.a ? 1 : 0", "max(datum.a, 2) % 3"],
)
def test_arithmetic_is_allowed(expression):
    vega_guard.check_expression(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "sequence(0, 9)",
        "data('x')",
        "window.alert",
        "event",
        "datum.constructor()('x')" + "`",
        "repeat('a', 9)",
        "/a+/",
        "'a\\'",
        "x => 1;",
    ],
)
def test_anything_more_is_refused_and_shown(expression):
    with pytest.raises(UserProblem, match="computes"):
        vega_guard.check_expression(expression)


@given(st.text(st.characters(categories=["Ll", "Lu"], include_characters="_"), min_size=1, max_size=12))
def test_no_word_but_the_listed_ones_is_ever_called(word):
    known = word in vega_guard._WORDS or word == "datum"
    try:
        vega_guard.check_expression(f"{word}(1)")
    except UserProblem:
        assert not known
    else:
        assert known


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_a_template_holds_it_is_accepted_or_refused_but_never_breaks(template):
    try:
        vega_guard.check(template)
    except UserProblem as problem:
        assert "the plot" in problem.what
