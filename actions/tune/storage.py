"""Where trials are kept: a journal in a file, or a database that several machines share."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from policy.problems import OutsideProblem, UserProblem

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

_PLAIN = "postgresql://"
_DRIVEN = "postgresql+psycopg://"
_TRIES = 5
"""How often a new database is tried whose tables others make at the same moment."""


def open_storage(address: str | None, scratch: Path) -> "BaseStorage":
    """The storage at an address (`postgresql://...`), or a journal at a path; None: a journal in the scratch folder.

    Raises:
        UserProblem: Optuna, or the driver of the database, is not installed; or the address is none.
        OutsideProblem: the database cannot be reached.
    """
    try:
        import optuna
    except ImportError as error:
        raise UserProblem(f"tuning needs {error.name}", "assay tune", "Install assay[tune]") from None
    optuna.logging.set_verbosity(logging.ERROR)
    if address is not None and "://" in address:
        return _database(address)
    return _journal(scratch / "tune/journal.log" if address is None else Path(address))


def _database(address: str) -> "BaseStorage":
    from optuna.storages import RDBStorage
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    # Of the drivers for PostgreSQL we bring psycopg, and the plain address would ask for its predecessor.
    driven = address.replace(_PLAIN, _DRIVEN, 1) if address.startswith(_PLAIN) else address
    kind = address.partition("://")[0]
    try:
        return _made(lambda: RDBStorage(driven, engine_kwargs={"pool_pre_ping": True}))
    except ImportError as error:
        missing = f" ({error.name})" if error.name else ""
        raise UserProblem(f"the driver of the database is not installed{missing}", f"--storage {kind}://", "Install it") from None
    except (ArgumentError, ValueError):
        # The message holds the address, and the address may hold a password.
        raise UserProblem("this is no address of a database", f"--storage {kind}://", "postgresql://user@host/name") from None
    except SQLAlchemyError as error:
        what = f"the database of trials cannot be used: {type(error).__name__}"
        raise OutsideProblem(what, f"--storage {kind}://", "See that it runs and that the name and password hold") from None


def _made(make: "Callable[[], BaseStorage]") -> "BaseStorage":
    """The storage, also where another worker makes the same tables right now: whoever is second finds them at the next try."""
    from sqlalchemy.exc import IntegrityError, ProgrammingError

    for _ in range(_TRIES - 1):
        try:
            return make()
        except (IntegrityError, ProgrammingError):
            time.sleep(0.5)
    return make()


def _journal(path: Path) -> "BaseStorage":
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _mend(path)
        return JournalStorage(JournalFileBackend(str(path)))
    except OSError as error:
        raise UserProblem(f"the journal of trials cannot be used ({error.strerror})", str(path), "Name another file") from None
    except ValueError:
        raise UserProblem("this is no journal of trials", str(path), "Name another file with --storage") from None


@contextmanager
def reachable() -> Iterator[None]:
    """A database that goes away while the block runs is a problem of the world's.

    Raises:
        OutsideProblem: it did.
    """
    from optuna.exceptions import StorageInternalError

    try:
        yield
    except StorageInternalError as error:
        what = "the database of trials does not answer any more"
        raise OutsideProblem(what, "assay tune", "Run it again when it does: what ended is kept") from error


def _mend(path: Path) -> None:
    """Drop the half of a line that a process left which was killed while it wrote; all that follows would be unreadable.

    Raises:
        ValueError: it does not begin as a journal does.
    """
    from optuna.storages.journal import JournalFileSymlinkLock

    if not path.exists():
        return
    with _held(JournalFileSymlinkLock(str(path))):
        raw = path.read_bytes()
        if first := raw.partition(b"\n")[0]:
            json.loads(first)
        if raw and not raw.endswith(b"\n"):
            with path.open("rb+") as file:
                file.truncate(raw.rfind(b"\n") + 1)


@contextmanager
def _held(lock: "object") -> Iterator[None]:
    lock.acquire()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        lock.release()  # type: ignore[attr-defined]
