"""What the policy's section on images asks of a folder, answered from its table."""

from typing import TYPE_CHECKING

from actions.data.text import cut
from actions.images.alike import groups
from actions.images.table import Table
from policy.facts.images import Check, ClassCount, ImageFacts, ImageFinding
from policy.images import Images

if TYPE_CHECKING:
    import polars as pl

_SHOWN = 5
_CLASSES = 1_000


def find(section: Images, head: Table, base: Table | None) -> ImageFacts:
    """The facts about the images at the head; the base gives the classes it had."""
    alike = _alike(section, head.rows)
    classes = _classes(head.rows, None if base is None else base.rows)
    return ImageFacts(
        files=head.rows.height,
        others=head.others,
        findings=[finding for finding in _findings(section, head) if finding.count],
        duplicates=sum(len(group) - 1 for group in alike),
        groups=[[cut(name) for name in group[:_SHOWN]] for group in alike[:_SHOWN]],
        classes=classes[:_CLASSES],
        classes_total=len(classes),
    )


def _findings(section: Images, head: Table) -> list[ImageFinding]:
    import polars as pl

    rows = head.rows
    found = [_finding("decodes", rows.filter(pl.col("broken").is_not_null()), pl.col("broken"))]
    least, most = section.least_side, section.most_side
    sides = pl.format("{} x {}", "width", "height")
    if least is not None or most is not None:
        wrong = pl.lit(False)
        if least is not None:
            wrong = wrong | (pl.min_horizontal("width", "height") < least)
        if most is not None:
            wrong = wrong | (pl.max_horizontal("width", "height") > most)
        found.append(_finding("size", rows.filter(wrong), sides))
    if section.modes is not None:
        found.append(_finding("mode", rows.filter(~pl.col("mode").is_in(section.modes)), pl.col("mode")))
    if section.formats is not None:
        found.append(_finding("format", rows.filter(~pl.col("format").is_in(section.formats)), pl.col("format")))
    if head.unfit is not None:
        found.append(_finding("labels", head.unfit, pl.col("said")))
    return found


def _finding(check: Check, wrong: "pl.DataFrame", said: "pl.Expr") -> ImageFinding:
    """The count, and the first by name with what they are."""
    first = wrong.head(_SHOWN).select("path", said.alias("said"))
    return ImageFinding(check=check, count=wrong.height, examples=[cut(f"{path} ({what})") for path, what in first.iter_rows()])


def _alike(section: Images, rows: "pl.DataFrame") -> list[list[str]]:
    if section.duplicates == "ignore":
        return []
    import polars as pl

    whole = rows.filter(pl.col("signature").is_not_null())
    names = whole["path"].to_list()
    return [[names[index] for index in group] for group in groups(whole["signature"].to_list(), section.within)]


def _classes(head: "pl.DataFrame", base: "pl.DataFrame | None") -> list[ClassCount]:
    """The classes of either side, the smallest at the head first."""
    if base is not None and "class" not in base.columns:
        base = None
    now, then = _counts(head), {} if base is None else _counts(base)
    names = sorted({*now, *then}, key=lambda name: (now.get(name, 0), name))
    return [
        ClassCount(name=cut(name, 500), base=None if base is None else then.get(name, 0), head=now.get(name, 0)) for name in names
    ]


def _counts(rows: "pl.DataFrame") -> dict[str, int]:
    counted = rows.drop_nulls("class").group_by("class").len()
    return dict(counted.iter_rows())
