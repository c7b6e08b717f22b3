"""What people wrote is kept byte for byte, and where that cannot be told, nothing is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.kept import fill, find, slot

NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80).filter(lambda text: "assay:keep" not in text)
PAGE = f"# A\n\n{slot('one')}\n\nmiddle {slot('two')} end\n"


@given(st.dictionaries(NAMES | st.sampled_from(["one", "two"]), TEXTS, max_size=4))
@settings(max_examples=50)
def test_what_was_kept_is_found_again_and_filling_twice_changes_nothing(kept: dict[str, str]) -> None:
    once = fill(PAGE, kept, {"one": "1"})
    found = find(once)
    assert {name: found[name] for name in kept} == kept
    assert found.keys() == kept.keys() | {"one", "two"}
    assert fill(PAGE, found, {"one": "another default"}) == once


def test_a_place_that_nobody_filled_has_its_default() -> None:
    assert find(fill(PAGE, {}, {"one": "1"})) == {"one": "1", "two": ""}


def test_a_text_without_a_place_stands_at_the_end() -> None:
    assert fill(PAGE, {"gone": "\nmine\r\n"}, {}).endswith("end\n\n<!-- assay:keep gone -->\nmine\r\n<!-- /assay:keep -->\n")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<!-- assay:keep a -->x", "no counterpart"),
        ("x<!-- /assay:keep -->", "no counterpart"),
        ("<!-- assay:keep a -->x<!-- assay:keep b -->y<!-- /assay:keep -->", "not closed"),
        (slot("a") + slot("a"), "there twice"),
        ("<!-- assay:keep A b -->x<!-- /assay:keep -->", "no plain name"),
    ],
)
def test_marks_that_do_not_say_what_to_keep_are_refused(page: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        find(page)
