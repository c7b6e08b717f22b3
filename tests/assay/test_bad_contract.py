"""A contract that does not work turns the data red, with its file and line, and never takes the command with it."""

import re

import pytest

from actions.data import contract
from tests.assay.conftest import CONTRACT, Assay, red, told
from tests.assay.rendered import harmless
from tests.repositories import Repo

BAD = {
    "import no_such_module\n": r"contracts/raw\.py:1: it cannot be imported: No module named 'no_such_module'",
    "x = 1\nclass Raw(:\n": r"contracts/raw\.py:2: the contract is not valid Python: invalid syntax",
    "import sys\nsys.exit(0)\n": r"contracts/raw\.py:2: the code calls sys\.exit",
    "import os\nos._exit(0)\n": r"contracts/raw\.py: the process ended with exit code 0 and no answer",
    "1 / 0\n": r"contracts/raw\.py:1: ZeroDivisionError: division by zero",
    "Raw = 3\n": r"contracts/raw\.py: 'Raw' is no pandera model",
    "x = 3\n": r"contracts/raw\.py: there is no 'Raw' in it",
    "import ctypes\nctypes.string_at(0)\n": r"contracts/raw\.py:2: the process crashed \(SIGSEGV\)",
    "raise RuntimeError('[bold]x[/]\\n\\x1b[2J')\n": r"contracts/raw\.py:1: RuntimeError: \[bold\]x\[/\]",
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text.splitlines()[0])
def test_a_contract_that_does_not_work_is_told_with_file_and_line(assay: Assay, mine: Repo, text: str) -> None:
    mine.write("contracts/raw.py", text).commit()
    why, advice = red(assay("check", "--no-remote", cwd=mine.root))
    assert re.fullmatch(BAD[text], why)
    assert advice


def test_a_contract_that_hangs_is_stopped(assay: Assay, mine: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(contract.check.__kwdefaults__, "timeout", 1.0)
    mine.write("contracts/raw.py", "import time\n\ntime.sleep(600)\n").commit()
    why, _ = red(assay("check", "--no-remote", cwd=mine.root))
    assert re.fullmatch(r"contracts/raw\.py:3: it took longer than 1 s and was stopped", why)


def test_what_a_contract_prints_goes_nowhere(assay: Assay, mine: Repo) -> None:
    mine.write("contracts/raw.py", "print('::set-output name=x::y')\nprint('x' * 100_000)\n" + CONTRACT).commit()
    done = assay("check", "--no-remote", cwd=mine.root)
    assert done.code == 0, done.out
    assert "set-output" not in done.out + done.err


def test_a_contract_that_is_gone_a_folder_or_a_link_out_is_named(assay: Assay, mine: Repo) -> None:
    path = mine.root / "contracts/raw.py"
    mine.remove("contracts/raw.py").commit()
    why, advice = red(assay("check", "--no-remote", cwd=mine.root))
    assert (why, advice) == ("contracts/raw.py: the contract does not exist", "add it, or correct `contract` in assay.yml")
    mine.write("contracts/raw.py/x", "").commit()
    assert red(assay("check", "--no-remote", cwd=mine.root))[0] == "contracts/raw.py: the contract cannot be read: Is a directory"
    mine.remove("contracts/raw.py")
    path.symlink_to("/etc/passwd")
    mine.commit()
    why, _ = red(assay("check", "--no-remote", cwd=mine.root))
    assert why == "contracts/raw.py: the symbolic link leads out of the repository"


ALONE = {
    "contracts/none.py:Raw": "contracts/none.py: the contract does not exist",
    "../x.py:Raw": "../x.py: the contract lies outside the repository",
    "contracts": "contracts: a contract is named by its file and its model. Write --contract path.py:Model",
    "contracts/raw.py:": "contracts/raw.py:: a contract is named by its file and its model",
}


@pytest.mark.parametrize("name", ALONE)
def test_a_contract_named_wrongly_on_the_command_line_is_told(assay: Assay, mine: Repo, name: str) -> None:
    (line,) = told(assay("data", "data/raw.csv", "--contract", name, cwd=mine.root), 2)
    assert line.startswith(f"assay: {ALONE[name]}")


def test_a_contract_that_fails_on_thousands_of_rules_leaves_a_report_that_fits(assay: Assay, mine: Repo) -> None:
    hostile = "@team <img src=x onerror=alert(1)> --> ``` | [x](javascript:alert(1)) "
    fields = "".join(f"    f{i}: int = pa.Field(alias={hostile + str(i) * 20!r})\n" for i in range(2_500))
    mine.write("contracts/raw.py", f"import pandera.polars as pa\n\n\nclass Raw(pa.DataFrameModel):\n{fields}").commit()
    why, _ = red(assay("check", "--no-remote", cwd=mine.root))
    assert why.startswith("2,500 rules of contracts/raw.py:Raw do not hold, the widest @team <img src=x")
    comment = harmless(mine.root / ".assay")
    assert re.search(r"[\d,]+ (of [\d,]+ rows are not shown|more rules)", comment), "what was left out is counted"
