"""What can be wrong with DVC's side of a repository, told as problems of the two kinds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policy.problems import OutsideProblem, Problem, UserProblem


class MissingObject(UserProblem):
    """The bytes of a path are nowhere: not in the work tree, not in the cache, not in the remote.

    Whoever asked for a data set turns this into the reason `object-missing`.
    """


@contextmanager
def translated(root: Path, where: str = "") -> Iterator[None]:
    """Turn what DVC and its file systems raise into problems.

    DVC's own exceptions are about what the user wrote, except a lock that another process holds. Anything else that
    comes out of a file system or a remote's client (their exceptions have no common base) is the world's.
    Files are named from the DVC root, wherever the process stands.
    """
    from dvc.config import ConfigError
    from dvc.exceptions import DownloadError, DvcException
    from dvc.lock import LockError

    def told(error: BaseException) -> str:
        return one_line(error).replace(f"{os.path.relpath(root)}/", "").replace(f"{root}/", "")

    try:
        yield
    except Problem:
        raise
    except LockError as error:
        raise OutsideProblem(
            "another DVC process holds the lock of this repository", where, "Let it end, then try again"
        ) from error
    except DownloadError as error:
        raise OutsideProblem(f"the download did not succeed: {told(error)}", where, "Try again") from error
    except ConfigError as error:
        raise UserProblem(f"DVC's configuration does not hold: {told(error)}", where, "`dvc config --list` shows it") from error
    except DvcException as error:
        raise UserProblem(f"DVC cannot read this: {told(error)}", where, "`dvc status` shows the same; mend the file") from error


def one_line(error: BaseException) -> str:
    """The message of an exception and of what caused it, on one line of at most 300 characters."""
    texts: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(texts) < 3:
        text = " ".join(str(cause).split()) or type(cause).__name__
        if not any(text in told for told in texts):
            texts.append(text)
        cause = cause.__cause__
    return ": ".join(text.rstrip(".:") for text in texts)[:300]
