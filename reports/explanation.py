"""Each check of a part in a paragraph: what was found, what is allowed, how sure that is, and what to do.

It is the long text of a check run. A command that asks about one check is answered with its paragraph, found by the heading.
"""

import re
from collections.abc import Iterable

from policy.result import Comparison, Result, Status, Tier
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, join, put, text
from reports.section import ICONS, RANK
from reports.sections.gates import shown_numbers
from reports.sentences import advice, why

ROOM = 60_000
"""Characters; GitHub takes 65,535 of a check run's text."""
_HEADING = "### "
_TIERS = {
    Tier.PASS: "The change lies within what is allowed, as far as can be told.",
    Tier.IMPROVED: "The whole interval lies on the better side: it is better, and not by luck.",
    Tier.INCONCLUSIVE: "The interval reaches beyond what is allowed, and back within it: there are too few rows to tell.",
    Tier.REGRESSED: "It lost more than is allowed, and that is not luck, even for as many gates as there are.",
    Tier.UNUSABLE: "There is no value to judge, and what is missing is never a pass.",
}
"""What each tier says, in a sentence; docs/gates.md has the statistics."""


def explanation(parts: Iterable[Result]) -> Markdown:
    """The checks of these parts, the worst first; what has no room is counted."""
    leaves = sorted((leaf for part in parts for leaf in _checks(part)), key=lambda leaf: RANK[leaf.status])
    shown: list[str] = []
    room = ROOM
    for leaf in leaves:
        paragraph = _paragraph(leaf).source
        room -= len(paragraph) + 2
        if room < 0:
            break
        shown.append(paragraph)
    if rest := len(leaves) - len(shown):
        shown.append(f"{numbers.count(rest)} more stand in the report.")
    return Markdown("\n\n".join(shown))


def names(explained: str) -> list[str]:
    """The headings of an explanation, as they were written."""
    return [line.removeprefix(_HEADING) for line in explained.split("\n") if line.startswith(_HEADING)]


def about(explained: str, check: str) -> Markdown:
    """The paragraph about one check, heading and all; empty where there is none."""
    wanted = _HEADING + code(check).source
    lines = explained.split("\n")
    if wanted not in lines:
        return EMPTY
    start = lines.index(wanted)
    end = next((at for at in range(start + 1, len(lines)) if lines[at].startswith(_HEADING)), len(lines))
    return Markdown("\n".join(lines[start:end]).strip())


def _checks(part: Result) -> list[Result]:
    """The checks at the ends of the tree, and the data sets that are judged by a rule of their own."""
    if not part.children:
        return [part]
    found = [leaf for child in part.children for leaf in _checks(child)]
    own = part.status is Status.FAILED and all(child.status is not Status.FAILED for child in part.children)
    return [part, *found] if own else found


def _paragraph(leaf: Result) -> Markdown:
    lines = [Markdown(_HEADING) + code(leaf.name), EMPTY, put("{} {}.", ICONS[leaf.status], _capital(why(leaf)))]
    if leaf.comparison is not None:
        lines += [EMPTY, _numbers(leaf.comparison)]
    if leaf.tier is not None:
        lines += [EMPTY, Markdown(_TIERS[leaf.tier])]
    if leaf.status in (Status.FAILED, Status.WARNED) and (next_step := advice(leaf)):
        lines += [EMPTY, put("**Next:** {}.", next_step)]
    lines += [EMPTY, put("<sub>reason {}</sub>", code(leaf.reason.value))]
    return join(lines, "\n")


def _numbers(comparison: Comparison) -> Markdown:
    shown = shown_numbers(comparison)
    pieces = [
        put("was {}", Markdown(shown.base)),
        put("is {}", Markdown(shown.head)),
        put("change {}", Markdown(shown.change)),
        put("allowed {}", text(comparison.allowed, 120)),
    ]
    if comparison.confidence is not None:
        pieces.append(put("interval at {}", Markdown(numbers.share(comparison.confidence))))
    if comparison.p_regressed is not None:
        pieces.append(put("p = {} that no more than the margin was lost", Markdown(numbers.number(comparison.p_regressed))))
    if comparison.rows is not None:
        pieces.append(Markdown(f"{numbers.count(comparison.rows)} rows"))
    return join(pieces, " · ")


def _capital(sentence: Markdown) -> Markdown:
    return Markdown(re.sub(r"\A[a-z]", lambda first: first[0].upper(), sentence.source))
