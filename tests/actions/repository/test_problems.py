"""What DVC raises, told in one line."""

from pathlib import Path

import pytest

from actions.repository.problems import one_line, translated
from policy.problems import OutsideProblem, UserProblem


def test_a_message_is_one_line_with_its_causes_and_without_repetition() -> None:
    inner = ValueError("first\n   second.")
    outer = RuntimeError("outer: first second.")
    outer.__cause__ = inner
    assert one_line(outer) == "outer: first second"
    assert one_line(KeyError()) == "KeyError"
    assert len(one_line(ValueError("x" * 1_000))) == 300


def test_each_kind_of_exception_is_told_to_the_one_who_can_mend_it() -> None:
    from dvc.config import ConfigError
    from dvc.exceptions import DownloadError, DvcException
    from dvc.lock import LockError

    cases = [
        (ConfigError("c"), UserProblem),
        (DvcException("d"), UserProblem),
        (DownloadError(2), OutsideProblem),
        (LockError("l"), OutsideProblem),
    ]
    for raised, kind in cases:
        with pytest.raises(kind), translated(Path("/x")):
            raise raised


def test_files_are_named_from_the_dvc_root(tmp_path: Path) -> None:
    from dvc.exceptions import DvcException

    with pytest.raises(UserProblem, match=r"cannot read this: bad file 'a/dvc\.yaml'"), translated(tmp_path):
        raise DvcException(f"bad file '{tmp_path}/a/dvc.yaml'")


def test_a_problem_passes_through() -> None:
    with pytest.raises(OutsideProblem, match="as it was"), translated(Path("/x")):
        raise OutsideProblem("as it was")
