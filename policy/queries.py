"""A query that gives production's data: one SELECT, on a connection whose credentials only the environment has."""

import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from policy.models import Section

_NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_FILE = re.compile(r"duckdb://[^\s$]+")


class Query(Section):
    """One SELECT, and where it is asked."""

    sql: Annotated[str, Field(min_length=1, max_length=20_000)]
    """One SELECT (WITH is allowed). It is asked in a transaction that cannot write."""
    connection: Annotated[str, Field(max_length=500)]
    """`${NAME}`: a variable of the environment, with `postgresql://user:password@host/database` or `duckdb://file`. Or `duckdb://file`."""
    most: Annotated[int, Field(ge=1, le=100_000_000)] = 5_000_000
    """The most rows it may give; with more the look ends, and says so."""

    @model_validator(mode="after")
    def _without_secret(self) -> Self:
        if not (_NAMED.fullmatch(self.connection) or _FILE.fullmatch(self.connection)):
            raise ValueError("`connection` is a variable of the environment, such as ${PRODUCTION_DB}, or duckdb://file")
        return self

    @property
    def variable(self) -> str | None:
        """The variable that holds the connection; None where it is a file."""
        found = _NAMED.fullmatch(self.connection)
        return found[1] if found else None
