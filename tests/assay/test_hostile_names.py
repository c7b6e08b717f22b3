"""Names that look like commands, options or markup are only names: of branches, data sets, columns and folders."""

import io
import re

import polars as pl
import pytest

from tests.assay.conftest import POLICY, Assay, red, rows
from tests.assay.rendered import harmless
from tests.repositories import Repo

BRANCHES = [
    'a";id>pwned;"',
    "$(touch${IFS}pwned)",
    "`touch${IFS}pwned`",
    "@team/<img>",
    "größe-大小",
    "a-->",
    "%0a;set-output",
    "a|b",
]


@pytest.mark.parametrize("name", BRANCHES)
def test_ga_06_the_name_of_a_branch_is_only_a_name(assay: Assay, mine: Repo, name: str) -> None:
    mine.write("metrics.json", '{"accuracy": 0.2}').commit()
    mine.git("update-ref", f"refs/heads/{name}", "HEAD")
    mine.git("symbolic-ref", "HEAD", f"refs/heads/{name}")
    assert red(assay("evaluate", cwd=mine.root))[0] == "accuracy is 0.2, below the floor of 0.5"
    harmless(mine.root / ".assay")
    mine.branch("later").write("metrics.json", '{"accuracy": 0.1}').commit()
    assert red(assay("evaluate", "--base", name, cwd=mine.root))[0].startswith("accuracy is 0.1")
    harmless(mine.root / ".assay")
    assert not list(mine.root.rglob("pwned"))


SETS = [
    "data/größe und maß.csv",
    'data/$(touch pwned);"&.csv',
    "data/大小 [x](y) @team.csv",
    "data/<b>--> `x`|.csv",
    "-rf.csv",
    "data/*.csv",
]


@pytest.mark.parametrize("name", SETS)
def test_the_name_of_a_data_set_is_only_a_name(assay: Assay, mine: Repo, name: str) -> None:
    policy = POLICY.replace("train:", f"  - {{path: '{name}', key: [id], drift: {{warn: 0.5, fail: 2}}}}\ntrain:")
    mine.switch("main").write(name, rows(90)).dvc_add(name).write("assay.yml", policy).commit().branch("next")
    mine.write(name, rows(100, "100,-5\n100,-5\n")).dvc_add(name).commit()
    why, _ = red(assay("check", "--no-remote", cwd=mine.root))
    assert name in why, "keys repeat in it"
    harmless(mine.root / ".assay")
    assert not list(mine.root.rglob("pwned"))


def test_ga_14_fifteen_hundred_hostile_columns_leave_a_comment_that_fits_and_counts_what_it_leaves_out(
    assay: Assay, mine: Repo
) -> None:
    def table(values: list[float]) -> bytes:
        names = [f"@team|<script>alert(1)</script>-->`\n{'x' * 40}{number}" for number in range(1_500)]
        file = io.BytesIO()
        pl.DataFrame({"id": range(60), **dict.fromkeys(names, values * 20)}).write_parquet(file)
        return file.getvalue()

    policy = POLICY.replace("train:", "  - {path: data/x.parquet, key: [id], drift: {warn: 0.5, fail: 2}}\ntrain:")
    mine.switch("main").write("data/x.parquet", table([1.0, 2.0, 3.0])).dvc_add("data/x.parquet")
    mine.write("assay.yml", policy).commit().branch("next")
    mine.write("data/x.parquet", table([50.0, 60.0, 80.0])).dvc_add("data/x.parquet").commit()
    done = assay("check", "--no-remote", cwd=mine.root)
    red(done)
    assert "\x1b" not in done.out
    comment = harmless(mine.root / ".assay")
    assert re.search(r"1,[45]\d\d", comment)
    assert "not shown" in comment
