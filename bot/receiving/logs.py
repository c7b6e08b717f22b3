"""Logs: one JSON object on each line, of our own and of the libraries below. No token and no body is ever in one.

JSON escapes what would break a line, so text of a user's cannot forge one. Secrets that are known are struck out wherever they
turn up, and so is whatever looks like one of GitHub's.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

_STRUCK = "[secret]"
_TOKENS = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
_LONGEST = 2_000
"""Characters of one value at most: whatever is longer is not for a log."""
_LIBRARIES = ("dbos", "uvicorn", "uvicorn.error", "sqlalchemy")


class Strike:
    """Strikes secrets out of every value of a line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        pieces: set[str] = set()
        for secret in secrets:
            # A key is also struck out where only its inner lines appear.
            pieces.update(line.strip() for line in (secret, *secret.splitlines()) if len(line.strip()) >= 8)
        self._known = sorted(pieces, key=len, reverse=True)

    def __call__(self, logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A processor of structlog's."""
        return {name: self.clean(value) for name, value in line.items()}

    def clean(self, value: Any) -> Any:
        """A value without secrets, cut where it is long."""
        if isinstance(value, str):
            for secret in self._known:
                value = value.replace(secret, _STRUCK)
            value = _TOKENS.sub(_STRUCK, value)
            return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
        if isinstance(value, list | tuple):
            return [self.clean(each) for each in value]
        if isinstance(value, dict):
            return {name: self.clean(each) for name, each in value.items()}
        return value if isinstance(value, int | float | bool | None) else self.clean(str(value))


def start(level: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Write every line to `stream` (standard error unless given) from `level` on."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [_without_exceptions, Strike(secrets), structlog.processors.JSONRenderer()]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("assay").setLevel(number)
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        # DBOS prints in its own way where it finds no handler, so it is given this one.
        library.handlers[:] = [handler] if name == "dbos" else []
        library.propagate = name != "dbos"
        library.setLevel(max(number, logging.WARNING))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _without_exceptions(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception's message and its frames may quote a body or a statement's parameters; its kind and place may not."""
    found = line.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        line["error"] = type(found).__name__
        line["at"] = places(found)
    line.pop("stack_info", None)
    return line


def places(error: BaseException) -> list[str]:
    """Where an error arose, innermost last, without its message: that may quote what a user wrote."""
    frames = traceback.extract_tb(error.__traceback__ or sys.exc_info()[2])
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
