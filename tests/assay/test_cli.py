"""The front door: help, exit codes, and errors of one line."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from assay.cli import VERBS, load

ROOT = Path(__file__).parents[2]


def assay(*arguments: str, cwd: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "160", **env}
    command = [sys.executable, str(ROOT / "assay" / "__main__.py"), *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_has_help_with_examples_and_the_table_says_what_it_does(name: str) -> None:
    text = load(name).help or ""
    assert "Example" in text, f"assay {name} --help shows no example"
    module = import_module(VERBS[name].module)
    assert getattr(module, "command", module).__doc__
    assert VERBS[name].module == f"assay.verbs.{name}"


def test_help_names_every_verb_without_importing_one(tmp_path: Path) -> None:
    done = assay("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert all(verb in done.stdout for verb in VERBS)
    code = (
        "import sys; sys.argv=['assay','--help']; from assay.cli import run\n"
        "try: run(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'polars', 'dvc', 'numpy', 'pandera', 'pydantic', 'jinja2'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_an_unknown_verb_is_answered_with_the_one_that_was_meant(tmp_path: Path) -> None:
    done = assay("chek", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "assay: No such command 'chek'. Did you mean `check`? See `assay --help`\n"


def test_an_unknown_option_is_a_usage_error(tmp_path: Path) -> None:
    done = assay("check", "--nope", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("assay: No such option: --nope")
    assert done.stderr.endswith("See `assay check --help`\n")


def test_every_error_of_a_policy_is_told_at_once_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "assay.yml").write_text("version: 2\ndatta: []\n")
    done = assay("policy", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "assay: assay.yml:1: `version`: found 2; input should be 1",
        "assay: assay.yml:2: `datta`: unknown key; did you mean `data`?",
    ]


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    assert "Traceback" in assay("policy", "--debug", cwd=tmp_path).stderr
    assert "Traceback" not in assay("policy", cwd=tmp_path).stderr


def test_the_schema_is_printed_whole(tmp_path: Path) -> None:
    assert assay("policy", "--schema", cwd=tmp_path).stdout == (ROOT / "docs" / "assay.schema.json").read_text("utf-8")
