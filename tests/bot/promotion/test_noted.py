"""What a card notes of earlier forms is read as it was written, and can neither be seen nor end its line."""

from hypothesis import given
from hypothesis import strategies as st

from bot.promotion import noted
from tests.policy.test_digests import SUBJECT


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), max_size=4))
def test_what_is_written_is_read_again(names: list[str]) -> None:
    subjects = [SUBJECT.model_copy(update={"model": name}) for name in names]
    written = noted.written(subjects)
    assert noted.read(f"### A card\n\n{written}") == subjects
    assert all(line.count("--") == 2 and line.count("<") == line.count(">") == 1 for line in written.splitlines())


def test_a_form_that_is_too_long_is_left_out() -> None:
    long = SUBJECT.model_copy(update={"data": {f"data/{number}": "d" * 100 for number in range(100)}})
    assert noted.read(noted.written([long, SUBJECT])) == [SUBJECT]


def test_lines_that_are_none_of_ours_are_passed_over() -> None:
    assert noted.read('<!-- assay:subject {"model": 3} -->\n<!-- assay:subject {] -->\ntext') == []


def test_what_is_entered_is_noted_and_read_again_in_lines_that_nobody_sees() -> None:
    keys = ["requested-12", "rejected-12-7f3a9c2e51d0-4711"]
    written = noted.written([SUBJECT], keys)
    assert noted.entered(f"### A card\n\n{written}") == keys and noted.read(written) == [SUBJECT]
    assert noted.entered(noted.written([SUBJECT])) == noted.entered("<!-- assay:entered A; -->") == []
