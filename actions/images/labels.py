"""The classes of images by a table in the place of folders: each of its rows names an image and its class."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.frames import reading, scan
from actions.images.table import Table, made

if TYPE_CHECKING:
    import polars as pl

PATH, CLASS = "path", "class"
"""The columns of the table; others are left alone. The path is the image's below the folder."""
_NAMELESS = "(no path)"


def labelled(found: Table, labels: Sequence[DataFile], folder: str) -> Table:
    """The images with the classes that the table gives them; null where it gives none, or two. What does not fit is told.

    Raises:
        Unreadable: the table cannot be read, or lacks one of the columns.
    """
    import polars as pl

    given = _read(labels)
    classes = given.drop_nulls(CLASS).group_by(PATH).agg(pl.col(CLASS).unique().sort())
    several = classes.filter(pl.col(CLASS).list.len() > 1)
    single = classes.filter(pl.col(CLASS).list.len() == 1).select(PATH, pl.col(CLASS).list.first())
    order = found.rows.columns
    rows = found.rows.drop(CLASS).join(single, on=PATH, how="left", maintain_order="left").select(order)
    bare = rows.filter(pl.col(CLASS).is_null()).join(several, on=PATH, how="anti")
    lone = given.select(PATH).unique().join(rows, on=PATH, how="anti")
    unfit = [
        several.select(PATH, said=pl.format("{} and {}", pl.col(CLASS).list.get(0), pl.col(CLASS).list.get(1))),
        bare.select(PATH, said=pl.lit("no label")),
        lone.select(PATH, said=pl.lit("no image")),
    ]
    return made(rows, found.others, folder, pl.concat(unfit).sort(PATH, "said"))


def unlabelled(found: Table, folder: str) -> Table:
    """The images without classes: the table came later."""
    return made(found.rows.drop(CLASS), found.others, folder)


def _read(labels: Sequence[DataFile]) -> "pl.DataFrame":
    """Path and class of each row, as text: what has an empty class has none."""
    import polars as pl

    lazy = scan(labels)
    with reading(labels):
        names = lazy.collect_schema().names()
        for name in (PATH, CLASS):
            if name not in names:
                raise Unreadable(f"{labels[0].name} has no column `{name}`", where=labels[0].name, next="name it so")
        text = lazy.select(pl.col(PATH).cast(pl.String).fill_null(_NAMELESS), pl.col(CLASS).cast(pl.String))
        return text.with_columns(pl.when(pl.col(CLASS) != "").then(pl.col(CLASS))).collect()
