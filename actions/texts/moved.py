"""Drift of a table with a column of texts: the texts are judged by their measures, and not each as a category."""

from actions.drift.compare import MOST_COLUMNS
from policy.drift import ColumnDriftRule, Drift
from policy.facts.data import DriftFacts
from policy.problems import UserProblem


def without(section: Drift, column: str) -> Drift:
    """The section without the column of texts, unless it names that column itself."""
    if column in section.columns:
        return section
    return section.model_copy(update={"columns": {**section.columns, column: ColumnDriftRule(ignore=True)}})


def beside(table: DriftFacts, texts: DriftFacts) -> DriftFacts:
    """Both as one. A column of the table that is called like a measure keeps its name, and the measure is left out.

    Raises UserProblem where there are more columns than can be reported.
    """
    taken = {column.column for column in table.columns}
    columns = [*table.columns, *(column for column in texts.columns if column.column not in taken)]
    if len(columns) > MOST_COLUMNS:
        what = f"{len(columns):,} columns are more than drift can report ({MOST_COLUMNS:,})"
        raise UserProblem(what, next="ignore some under drift.columns in assay.yml")
    return table.model_copy(update={"columns": columns})
