"""The words of many texts, and how far they moved."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from actions.texts import vocabulary as module
from actions.texts.vocabulary import Vocabulary, compare
from policy.facts.texts import VocabularyFacts

COMMON = ["the", "flight", "was", "late"]
RARE = [f"word{index}" for index in range(3_000)]
WEIGHTS = [1 / (1 + index) for index in range(3_000)]


def counted(texts: Sequence[Sequence[str]]) -> Vocabulary:
    found = Vocabulary()
    for text in texts:
        found.add(text)
    return found


def moved(base: Sequence[Sequence[str]], head: Sequence[Sequence[str]]) -> VocabularyFacts:
    return compare(counted(base), counted(head), named=True)


def drawn(seed: int, texts: int) -> list[list[str]]:
    """Texts of a few to sixty words, as frequent as those of a language (Zipf's law)."""
    source = random.Random(seed)
    return [source.choices(RARE, WEIGHTS, k=source.randint(3, 60)) for _ in range(texts)]


def test_a_word_counts_once_for_each_text_and_numbers_and_keys_are_none() -> None:
    found = counted([["late", "late", "12", "k" * 41], ["late", "why", "k" * 40], ["7"], []])
    assert (found.texts, found.counts) == (2, {"late": 2, "why": 1, "k" * 40: 1})


def test_the_same_texts_have_not_moved_and_wholly_different_ones_have_moved_wholly() -> None:
    same = moved([COMMON] * 50, [COMMON] * 50)
    assert (same.distance, same.unseen, same.moved) == (0.0, 0.0, [])
    apart = moved([COMMON] * 50, [["un", "autre", "vol"]] * 50)
    assert apart.distance == pytest.approx(1) and apart.unseen == 1 and apart.chance < 0.2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(5, 400), min_size=2, max_size=8), st.lists(st.integers(5, 400), min_size=2, max_size=8))
def test_the_distance_is_that_of_scipy(before: list[int], after: list[int]) -> None:
    sides = [[[f"w{at}"] for at, count in enumerate(counts) for _ in range(count)] for counts in (before, after)]
    cells = max(len(before), len(after))
    shares = [[*counts, *[0] * (cells - len(counts))] for counts in (before, after)]
    found = moved(*sides).distance
    # Words that are too few to be compared alone are one cell: then there is less to tell apart.
    assert found is not None
    assert found <= jensenshannon(*shares, base=2) + 1e-9
    if min(*before, *after) >= 2 * module.EXPECTED * cells and len(before) == len(after):
        assert found == pytest.approx(float(jensenshannon(*shares, base=2)), abs=1e-9)


def test_many_words_are_compared_as_scipy_does() -> None:
    before, after = [40, 30, 20, 10, 5], [10, 20, 30, 45, 15]
    sides = [[[f"w{at}"] for at, count in enumerate(counts) for _ in range(count)] for counts in (before, after)]
    assert moved(*sides).distance == pytest.approx(float(jensenshannon(before, after, base=2)), abs=1e-9)


def test_texts_of_one_kind_stay_within_chance_and_what_is_mixed_in_does_not() -> None:
    far = [
        (found.distance or 0) > found.chance for found in (moved(drawn(seed, 100), drawn(seed + 500, 130)) for seed in range(40))
    ]
    assert sum(far) <= 2
    mixed = [[f"other{word}" for word in text] for text in drawn(1, 60)] + drawn(2, 140)
    found = moved(drawn(3, 150), mixed)
    assert found.distance is not None and found.distance > 1.5 * found.chance


def test_words_are_named_where_several_texts_have_them_and_it_is_asked_for() -> None:
    head = [[*COMMON, "gate"]] * 40 + [[*COMMON, "secret"]] * 2 + [[*COMMON, "bus"]] * 3
    found = moved([[*COMMON, "delay"]] * 50, head)
    assert found.unseen_words == ["gate", "bus"]
    assert [(each.word, each.base, each.head) for each in found.moved[:2]] == [
        ("delay", 1.0, 0.0),
        ("gate", 0.0, pytest.approx(40 / 45)),
    ]
    hidden = compare(counted([["delay"]] * 20), counted(head), named=False)
    assert (hidden.unseen_words, hidden.moved) == ([], []) and hidden.unseen == 1


def test_more_words_than_are_held_are_others_and_nobody_says_what_is_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WORDS", 4)
    base = counted([[*COMMON, "other", "more"]] * 10)
    assert (len(base.counts), base.others, base.total) == (4, 20, 60)
    found = compare(base, counted([COMMON] * 10), named=True)
    assert (found.unseen, found.unseen_words) == (None, []) and found.distance


def test_a_side_without_words_has_no_distance() -> None:
    assert moved([], [COMMON]).distance is None and moved([COMMON], [[]]).distance is None
