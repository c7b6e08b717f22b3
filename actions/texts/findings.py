"""What the policy's section on texts asks of a folder, answered from its table."""

from typing import TYPE_CHECKING

from actions.data.text import cut
from actions.images.alike import groups
from actions.texts.table import Table
from policy.facts.texts import Check, TextFacts, TextFinding
from policy.texts import Texts

if TYPE_CHECKING:
    import polars as pl

_SHOWN = 5


def find(section: Texts, head: Table) -> TextFacts:
    """The facts about the texts at the head."""
    alike = _alike(section, head.rows)
    return TextFacts(
        files=head.rows.height,
        others=head.others,
        findings=[finding for finding in _findings(section, head.rows) if finding.count],
        duplicates=sum(len(group) - 1 for group in alike),
        groups=[[cut(name) for name in group[:_SHOWN]] for group in alike[:_SHOWN]],
    )


def _findings(section: Texts, rows: "pl.DataFrame") -> list[TextFinding]:
    import polars as pl

    wrong = pl.col("words") < section.least_words
    if section.most_words is not None:
        wrong = wrong | (pl.col("words") > section.most_words)
    found = [
        _finding("encoding", rows.filter(pl.col("fault").is_not_null()), pl.col("fault")),
        _finding("length", rows.filter(wrong), pl.format("{} words", "words")),
    ]
    if section.languages is not None:
        found.append(_finding("language", rows.filter(~pl.col("language").is_in(section.languages)), pl.col("language")))
    return found


def _finding(check: Check, wrong: "pl.DataFrame", said: "pl.Expr") -> TextFinding:
    """The count, and the first by name with what they are."""
    first = wrong.head(_SHOWN).select("path", said.alias("said"))
    return TextFinding(
        check=check, count=wrong.height, examples=[f"{cut(path, 100)} ({what})" for path, what in first.iter_rows()]
    )


def _alike(section: Texts, rows: "pl.DataFrame") -> list[list[str]]:
    if section.duplicates == "ignore":
        return []
    import polars as pl

    whole = rows.filter(pl.col("signature").is_not_null())
    names = whole["path"].to_list()
    return [[names[index] for index in group] for group in groups(whole["signature"].to_list(), section.within)]
