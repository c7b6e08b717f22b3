"""Making somebody's Markdown fit where GitHub takes only so much: cut at a line, what is open closed, the cut told."""

import re

from reports.folding import size

COMMENT_LIMIT = 65_536
CHECK_LIMIT = 65_535
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)


def fit(report: str, limit: int, note: str, ending: str = "") -> tuple[str, bool]:
    """`report`, then `ending`, in at most `limit` bytes of UTF-8, and whether that took a cut.

    No way of counting characters exceeds bytes. A report that is too long loses whole lines at its end; `note` (Markdown) says
    so, before `ending`.
    """
    whole = _joined(report, ending)
    if size(whole) <= limit:
        return whole, False
    room = limit - size(_joined(note, ending)) - 2
    kept: list[str] = []
    state = _Open()
    used = 0
    for line in report.split("\n"):
        after = state.after(line)
        cost = size(line) + 1
        if used + cost + size(after.closing()) > room:
            break
        kept.append(line)
        used += cost
        state = after
    cut = "".join(f"{line}\n" for line in kept)
    return _joined(f"{cut}{state.closing()}\n{note}", ending), True


class _Open:
    """The fence that is open after a line, and how many `<details>` are."""

    def __init__(self, fence: str = "", details: int = 0) -> None:
        self._fence = fence
        self._details = details

    def after(self, line: str) -> "_Open":
        found = _FENCE.match(line)
        if self._fence:
            closes = bool(found and found[1][0] == self._fence[0] and len(found[1]) >= len(self._fence) and not found[2].strip())
            return _Open("" if closes else self._fence, self._details)
        if found and not (found[1][0] == "`" and "`" in found[2]):
            return _Open(found[1], self._details)
        change = sum(-1 if closing else 1 for closing in _DETAILS.findall(line))
        return _Open("", max(0, self._details + change))

    def closing(self) -> str:
        """The lines that close what is open."""
        return (f"{self._fence}\n" if self._fence else "") + "\n</details>\n" * self._details


def _joined(text: str, ending: str) -> str:
    return f"{text.rstrip()}\n\n{ending}" if ending else text
