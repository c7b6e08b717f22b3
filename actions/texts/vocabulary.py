"""The words of many texts, and how far they moved between two sets of texts.

A word counts once for each text that has it, so that no single text moves anything by repeating itself, and words can be
taken for independent draws: of every text, with the word's share. That is what makes the part of chance known.
"""

import math
from collections.abc import Iterable

import numpy as np

from actions.drift.distances import Shares, jensen_shannon
from actions.drift.numbers import Floats
from policy.facts.texts import VocabularyFacts, WordShare

MOST_WORDS = 1_000_000
"""So many different words are held; further ones count as others."""
LONGEST = 40
"""Characters of a word; what is longer (keys, hashes) is none."""
CELLS = 1_000
"""So many of the most frequent words are compared one by one, and the rest together."""
EXPECTED = 5
"""Fewer texts with a word, on either side, are too few to compare it alone: its share is mostly chance."""
KNOWN = 3
"""A word is named only where so many texts have it: what one text says is nobody else's."""
_NAMED = 5
_NORMAL_99 = 2.326


class Vocabulary:
    """In how many of some texts each word stands. Numbers are no words."""

    def __init__(self) -> None:
        self.texts = 0
        """Texts with any word."""
        self.counts: dict[str, int] = {}
        self.others = 0
        """Words, each once a text, that are not among `counts` because there were too many."""

    def add(self, words: Iterable[str]) -> None:
        """Count one text's words."""
        found = {word for word in words if len(word) <= LONGEST and not word.isnumeric()}
        self.texts += bool(found)
        for word in found:
            if word in self.counts or len(self.counts) < MOST_WORDS:
                self.counts[word] = self.counts.get(word, 0) + 1
            else:
                self.others += 1

    @property
    def total(self) -> int:
        """All words, each counted once for each text."""
        return sum(self.counts.values()) + self.others


def compare(base: Vocabulary, head: Vocabulary, *, named: bool) -> VocabularyFacts:
    """How far the words of `head` moved from those of `base`; example words only where `named`."""
    facts = VocabularyFacts(texts_base=base.texts, texts_head=head.texts)
    if not base.texts or not head.texts:
        return facts
    cells = _cells(base, head)
    before, after = _shares(base, cells), _shares(head, cells)
    distance = jensen_shannon(Shares.exactly(before), Shares.exactly(after)).value
    unseen = {} if base.others else {word: count for word, count in head.counts.items() if word not in base.counts}
    found: dict[str, object] = {"distance": distance, "chance": _chance(base, head, cells)}
    if not base.others:
        found["unseen"] = sum(unseen.values()) / head.total
    if named:
        found["unseen_words"] = sorted(
            (word for word in unseen if unseen[word] >= KNOWN), key=lambda word: (-unseen[word], word)
        )[:_NAMED]
        found["moved"] = _moved(base, head, cells, before, after)
    return facts.model_copy(update=found)


def _cells(base: Vocabulary, head: Vocabulary) -> list[str]:
    """The words that are compared one by one: frequent enough on both sides together that each can be expected to have them."""
    smaller = min(base.total, head.total) / (base.total + head.total)
    both = {word: count + head.counts.get(word, 0) for word, count in base.counts.items()}
    both |= {word: count for word, count in head.counts.items() if word not in base.counts}
    enough = [word for word, count in both.items() if count * smaller >= EXPECTED]
    return sorted(enough, key=lambda word: (-both[word], word))[:CELLS]


def _shares(vocabulary: Vocabulary, cells: list[str]) -> Floats:
    """The share of each cell of all words, and last that of all others."""
    counts = [vocabulary.counts.get(word, 0) for word in cells]
    return np.array([*counts, vocabulary.total - sum(counts)], dtype=np.float64) / vocabulary.total


def _chance(base: Vocabulary, head: Vocabulary, cells: list[str]) -> float:
    """The distance that two sets of the same kind of texts, of these sizes, stay below in 99 of 100 cases.

    Near 0 the divergence in bits is sum (p - q)^2 / (8 ln 2 m), m the mean of p and q: a sum of squares, each with the variance
    of a share of texts. So it is about chi-square distributed, with as many degrees of freedom as words less those in every text
    (Lin, "Divergence measures based on the Shannon entropy", 1991; the quantile by Wilson and Hilferty, 1931).
    """
    texts = base.texts + head.texts
    freedom = sum(1 - (base.counts.get(word, 0) + head.counts.get(word, 0)) / texts for word in cells) + 1
    part = 2 / (9 * freedom)
    quantile = freedom * (1 - part + _NORMAL_99 * math.sqrt(part)) ** 3
    return min(1.0, math.sqrt(quantile * (1 / base.total + 1 / head.total) / (8 * math.log(2))))


def _moved(base: Vocabulary, head: Vocabulary, cells: list[str], before: Floats, after: Floats) -> list[WordShare]:
    """The words that moved most, with their shares of the texts."""
    middle = (before + after) / 2
    weight = (before - after) ** 2 / np.where(middle > 0, middle, 1.0)
    known = [at for at, word in enumerate(cells) if max(base.counts.get(word, 0), head.counts.get(word, 0)) >= KNOWN]
    most = sorted((at for at in known if weight[at] > 0), key=lambda at: (-weight[at], cells[at]))[:_NAMED]
    return [
        WordShare(
            word=cells[at],
            base=base.counts.get(cells[at], 0) / base.texts,
            head=head.counts.get(cells[at], 0) / head.texts,
        )
        for at in most
    ]
