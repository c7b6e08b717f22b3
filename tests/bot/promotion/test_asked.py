"""The text of a request says what is asked for, and is read again only where it is whole."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.promotion.asked import Asked, body, marked, read, title
from policy.registry import is_model_name
from tests.bot.promotion.court import Shelf
from tests.policy.test_origin import SOME

ASKED = Asked("flight-delay", 3, "production", "mona", 5, 12, "4711-0")
FOUND = Shelf([SOME, SOME, SOME]).lineage("flight-delay@3")
WORDS = st.text(min_size=1, max_size=60)


@given(
    st.builds(
        Asked,
        WORDS.filter(is_model_name),
        st.integers(1, 10**9),
        st.just("staging"),
        WORDS,
        st.integers(1),
        st.integers(1),
        WORDS,
    )
)
def test_what_is_asked_for_is_read_again_whatever_it_is_called(asked: Asked) -> None:
    first, *rest = body(asked, FOUND).split("\n")
    assert read(first) == asked == read(body(asked, FOUND))
    assert first.count("-->") == 1 and first.endswith("-->") and "--" not in first[4:-3]
    assert rest


def test_the_title_says_what_for_whom() -> None:
    assert title(ASKED) == "Promote flight-delay version 3 to production"


def test_the_text_tells_where_it_comes_from_and_how_to_answer_and_mentions_nobody() -> None:
    found = body(ASKED, FOUND)
    assert "`aaaaaaa" in found or "aaaaaaaa" in found
    assert "/approve CODE" in found and "in #12" in found and "@mona" not in found


GOOD = body(ASKED, FOUND)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Please promote it",
        " " + GOOD,
        "\n" + GOOD,
        GOOD.replace(" v1 ", " v2 "),
        GOOD.replace('"version": 3', '"version": "3"'),
        GOOD.replace('"version": 3', '"version": 0'),
        GOOD.replace('"version": 3', '"version": true'),
        GOOD.replace('"by_id": 5', '"by_id": null'),
        GOOD.replace('"environment": "production"', '"environment": "../x"'),
        GOOD.replace('"model": "flight-delay"', '"model": "a/b"'),
        GOOD.replace('"by": "mona", ', ""),
        GOOD.replace('"by": "mona"', '"by": "mona", "more": 1'),
        "<!-- assay:request v1 [1] -->",
        "<!-- assay:request v1 {" + "[" * 1500 + "} -->",
    ],
)
def test_anything_else_asks_for_nothing(source: str) -> None:
    assert source == GOOD or read(source) is None


def test_the_marker_holds_nothing_but_what_is_asked_for() -> None:
    data = json.loads(GOOD.split("\n")[0].removeprefix("<!-- assay:request v1 ").removesuffix(" -->"))
    assert data == {name: value for name, value in vars(ASKED).items() if name != "rollback"}
    assert '"rollback": true' in marked(replace(ASKED, rollback=True))
    assert read(marked(replace(ASKED, rollback=True))) == replace(ASKED, rollback=True)
