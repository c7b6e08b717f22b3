"""The title of a run names the answer that waits for its end, and no other title does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import asking
from policy.asking import Asked


@given(
    st.integers(1, 10**19 - 1),
    st.integers(0, 9_999),
    st.integers(1, 10**12 - 1),
    st.sampled_from(["retrain", "tune"]),
    st.booleans(),
)
def test_what_is_written_is_read_again(comment: int, place: int, number: int, command: str, full: bool) -> None:
    title = f"assay {command} {asking.named(f'{comment}-{place}', number)}{' full' if full else ''}"
    found = asking.titled(title)
    assert found is not None and (found.command, found.key, found.number) == (command, f"{comment}-{place}", number)
    assert found.comment == comment


@given(st.text(max_size=60))
def test_cp_whatever_a_title_says_it_is_read_or_not(title: str) -> None:
    assert asking.titled(title) is None or title.startswith("assay ")


@pytest.mark.parametrize(
    "title",
    [
        "assay retrain 12-0",
        "assay retrain ",
        "assay retrain monitor-0123456789abcdef",
        "assay train 12-0 #7",
        "assay retrain 12-0 #0",
        "assay retrain 12-0 #7 ",
        "assay retrain 12-0 #7\n",
        "assay retrain 12-0 #7 full #8",
        "assay retrain ٣-0 #7",
        "assay retrain 12 #7",
    ],
)
def test_no_other_title_is_one(title: str) -> None:
    assert asking.titled(title) is None


def test_it_is_known_which_comment_asked() -> None:
    assert asking.titled("assay tune 12-3 #7") == Asked("tune", "12-3", 7)
