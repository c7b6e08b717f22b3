"""Text as the numbers of word pieces, as BERT's models read it (Wu and others, "Google's neural machine translation", 2016).

Words and signs are cut off at spaces and punctuation; a word is then the longest pieces that the vocabulary has, from its start.
"""

import unicodedata
from collections.abc import Iterator, Mapping

LONGEST = 100
"""Characters of a word; a longer one is unknown."""
_CHINESE = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def pieces(text: str, vocabulary: Mapping[str, int], *, lower: bool, most: int) -> list[int]:
    """At most `most` numbers, the marks of beginning and end among them. `lower`: small letters, without accents."""
    found = [vocabulary["[CLS]"]]
    for word in _words(text, lower):
        found += _cut(word, vocabulary)
        if len(found) >= most:
            break
    return [*found[: most - 1], vocabulary["[SEP]"]]


def _words(text: str, lower: bool) -> Iterator[str]:
    spaced = "".join(_spaced(character) for character in text)
    for word in spaced.split():
        plain = _plain(word) if lower else word
        start = 0
        for at, character in enumerate(plain):
            if _is_mark(character):
                if start < at:
                    yield plain[start:at]
                yield character
                start = at + 1
        if start < len(plain):
            yield plain[start:]


def _spaced(character: str) -> str:
    """The character, with spaces about a Chinese one; nothing for what cannot be seen."""
    point = ord(character)
    if character in "\t\n\r" or unicodedata.category(character) == "Zs":
        return " "
    if point in (0, 0xFFFD) or unicodedata.category(character)[0] == "C":
        return ""
    return f" {character} " if any(low <= point <= high for low, high in _CHINESE) else character


def _plain(word: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(each) != "Mn")


def _is_mark(character: str) -> bool:
    """Punctuation, and every sign of ASCII that is no letter, digit or space."""
    return unicodedata.category(character)[0] == "P" or (character.isascii() and not character.isalnum())


def _cut(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """The pieces of a word; one unknown piece where it cannot be made of pieces."""
    unknown = [vocabulary["[UNK]"]]
    if len(word) > LONGEST:
        return unknown
    found: list[int] = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in vocabulary), None)
        if end is None:
            return unknown
        found.append(vocabulary[prefix + word[start:end]])
        start = end
    return found
