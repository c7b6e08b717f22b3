"""What the policy's section on texts asks of a folder or column, answered from its table."""

import polars as pl

from actions.data.text import cut
from actions.images.alike import groups
from actions.texts.table import Table
from actions.texts.vocabulary import Vocabulary, compare
from policy.facts.texts import Check, TextFacts, TextFinding
from policy.reasons import Reason
from policy.texts import Texts

_SHOWN = 5


def find(section: Texts, head: Table | None, base: Vocabulary | None = None, *, named: bool = True) -> TextFacts:
    """The facts about the texts at the head; None: there is no such column of texts. `base` has the words of the base.

    Words are named only where `named`.
    """
    if head is None:
        return TextFacts(texts=0, problem=Reason.TEXTS_NO_COLUMN)
    rows = head.rows.with_columns(_name(head.rows).alias("name"))
    alike = _alike(section, rows)
    return TextFacts(
        texts=head.rows.height,
        others=head.others,
        findings=[finding for finding in _findings(section, rows) if finding.count],
        duplicates=sum(len(group) - 1 for group in alike),
        groups=[[cut(name) for name in group[:_SHOWN]] for group in alike[:_SHOWN]],
        vocabulary=compare(base, head.vocabulary, named=named) if section.vocabulary and base else None,
    )


def _name(rows: pl.DataFrame) -> pl.Expr:
    """How a text is called: by its path, or by the number of its row; never by what it says."""
    return pl.col("path") if "path" in rows.columns else pl.format("row {}", pl.col("row"))


def _findings(section: Texts, rows: pl.DataFrame) -> list[TextFinding]:
    missing = pl.col("words").is_null() & pl.col("fault").is_null()
    wrong = (pl.col("words") < section.least_words) | (missing & (section.least_words > 0))
    if section.most_words is not None:
        wrong = wrong | (pl.col("words") > section.most_words)
    said = pl.when(missing).then(pl.lit("no text")).when(pl.col("words") == 1).then(pl.lit("1 word"))
    found = [
        _finding("encoding", rows.filter(pl.col("fault").is_not_null()), pl.col("fault")),
        _finding("length", rows.filter(wrong), said.otherwise(pl.format("{} words", "words"))),
    ]
    if section.languages is not None:
        found.append(_finding("language", rows.filter(~pl.col("language").is_in(section.languages)), pl.col("language")))
    return found


def _finding(check: Check, wrong: pl.DataFrame, said: pl.Expr) -> TextFinding:
    """The count, and the first by name with what they are."""
    first = wrong.head(_SHOWN).select("name", said.alias("said"))
    return TextFinding(
        check=check, count=wrong.height, examples=[f"{cut(name, 100)} ({what})" for name, what in first.iter_rows()]
    )


def _alike(section: Texts, rows: pl.DataFrame) -> list[list[str]]:
    if section.duplicates == "ignore":
        return []
    whole = rows.filter(pl.col("signature").is_not_null())
    names = whole["name"].to_list()
    return [[names[index] for index in group] for group in groups(whole["signature"].to_list(), section.within)]
