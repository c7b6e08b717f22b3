"""The language of a text: by its script, and among those in Latin letters by their most frequent words.

A rule that can be read, not a model: it knows the languages below, and says nothing where it sees too little.
"""

from collections.abc import Sequence

import numpy as np

from actions.texts.characters import KINDS, codes, kinds

LEAST_LETTERS = 10
"""Letters below which nothing is said."""
LEAST_SHARE = 0.1
"""Share of the words that must be frequent ones of a language."""
LEAST_KANA = 0.1
"""Share of the letters that must be Japan's own for a text of Chinese signs to be Japanese: one of them is often an ornament."""
_SCRIPTS = (
    ("el", 0x0370, 0x03FF),
    ("ru", 0x0400, 0x052F),
    ("he", 0x0590, 0x05FF),
    ("ar", 0x0600, 0x06FF),
    ("hi", 0x0900, 0x097F),
    ("th", 0x0E00, 0x0E7F),
    ("ja", 0x3040, 0x30FF),
    ("zh", 0x4E00, 0x9FFF),
    ("ko", 0xAC00, 0xD7AF),
)
_DENSE = 0x3040
"""From here on letters say more each: a few are enough."""
_WORDS = {
    "de": "der die das und ist nicht ich sie es ein eine zu mit den auf für von dem im auch wir sich aber war sehr hat wie",
    "en": "the and of to is in it that was this for with you not are have but they at be on as i we very he she my",
    "es": "el la de que y en los las un una es no por con para se lo como más pero su muy este está todo del",
    "fr": "le la les de et est un une des en que qui dans pour pas il elle nous vous sur avec ce je très mais du au",
    "it": "il la di che e è un una non per con sono del della in ma si lo molto questo ho come gli le più anche",
    "nl": "de het een en van is niet ik dat te in op zijn voor met was maar je ook heeft er wij zeer dit aan",
    "pt": "o a de que e em um uma não os as para com do da é se por mais muito mas foi este eu no na",
}
LANGUAGES = frozenset({*_WORDS, *(name for name, _, _ in _SCRIPTS)})
"""All that can be told."""
_FREQUENT = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_ANY = frozenset().union(*_FREQUENT.values())


def language(text: str, words: Sequence[str]) -> str | None:
    """The ISO 639-1 code of the language of `text`, whose words in small letters are `words`; None where it cannot be told.

    A script stands for the most frequent language that is written in it (Cyrillic for `ru`, Arabic for `ar`).
    """
    points = codes(text)
    letters = points[kinds(points) == KINDS.index("L")]
    if len(letters) < LEAST_LETTERS and not (letters >= _DENSE).any():
        return None
    if not (letters >= _SCRIPTS[0][1]).any():
        return _latin(words)
    counts = {name: np.count_nonzero((letters >= low) & (letters <= high)) for name, low, high in _SCRIPTS}
    if counts["ja"] >= LEAST_KANA * len(letters) and counts["ja"] + counts["zh"] > len(letters) / 2:
        return "ja"  # Japanese mixes its own signs with Chinese ones
    most = max(counts, key=lambda name: counts[name])
    return most if counts[most] > len(letters) / 2 else _latin(words)


def _latin(words: Sequence[str]) -> str | None:
    """The language with most frequent words among these; None where they are few, or two languages have as many."""
    known = [word for word in words if word in _ANY]
    shares = sorted(((sum(word in frequent for word in known), name) for name, frequent in _FREQUENT.items()), reverse=True)
    (best, name), (second, _) = shares[:2]
    return name if best >= 2 and best > second and best >= LEAST_SHARE * len(words) else None
