"""The user's own dvc."""

from pathlib import Path

import pytest

from actions.repository.command import pull, push, reproduce, update
from policy.problems import UserProblem
from tests.repositories import environment


def test_the_dvc_of_the_users_path_is_taken(tmp_path: Path) -> None:
    own = tmp_path / "dvc"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert reproduce({"PATH": str(tmp_path)}, [], pull=False) == [str(own), "repro", "--allow-missing"]


def test_a_target_is_never_an_option() -> None:
    command = reproduce(environment(), ["--force", "train"], pull=True)
    assert command[1:] == ["repro", "--allow-missing", "--pull", "--", "--force", "train"]


@pytest.mark.parametrize("given", [{}, {"PATH": ""}, {"PATH": "/nowhere"}])
def test_no_dvc_says_how_to_get_it(given: dict[str, str]) -> None:
    with pytest.raises(UserProblem, match="pip install dvc"):
        reproduce(given, [], pull=True)


def test_one_stage_alone_and_everything_anew_are_options_of_dvc() -> None:
    alone = reproduce(environment(), ["train"], pull=False, single=True)
    assert alone[1:] == ["repro", "--allow-missing", "--single-item", "--", "train"]
    # A forced run must not pass over an out that a stage did not write.
    assert reproduce(environment(), [], pull=True, full=True)[1:] == ["repro", "--pull", "--force"]


def test_what_is_pulled_pushed_and_updated_is_never_an_option() -> None:
    assert pull(environment(), ["-x", "data/raw.csv"])[1:] == ["pull", "--", "-x", "data/raw.csv"]
    assert push(environment(), ["train"])[1:] == ["push", "--", "train"]
    assert update(environment(), ["-x.dvc"])[1:] == ["update", "--", "-x.dvc"]
