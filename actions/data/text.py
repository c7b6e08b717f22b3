"""Values and column names as text that fits into facts."""

from collections.abc import Callable

NAME_LENGTH = 500
TEXT_LENGTH = 200

Mask = Callable[[str], str]
"""Hides what may not be shown: the text of a value in, the text to print out."""


def column_name(name: str) -> str:
    """A column's name as the facts can hold it: never empty, never longer than 500 characters."""
    return cut(name, NAME_LENGTH) or "(unnamed)"


def sound(name: str) -> str:
    """The name of a file as text that can be written: what is no UTF-8 in it is spelled out, such as `\\udce9`."""
    return name.encode("utf-8", "backslashreplace").decode()


def cut(text: str, length: int = TEXT_LENGTH) -> str:
    """Text of at most `length` characters; a cut shows as an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def shown(value: object, mask: Mask) -> str:
    """One value as masked text of at most 200 characters."""
    return cut(mask("null" if value is None else str(value)))
