"""`assay report` reads facts that a runner left behind: everything that is not plainly facts is refused with 2 and one line."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import assay as assay_package
from tests.assay.conftest import Assay, told
from tests.assay.rendered import harmless
from tests.repositories import Repo

Facts = dict[str, Any]


@pytest.fixture(scope="module")
def checked_once(made: Repo, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    repo = made.copy(tmp_path_factory.mktemp("checked")).branch("change")
    repo.write("metrics.json", '{"accuracy": 0.995}').commit()
    repo.run(sys.executable, str(Path(assay_package.__file__).with_name("__main__.py")), "check", "--no-remote")
    return repo


@pytest.fixture
def checked(checked_once: Repo, tmp_path: Path) -> Repo:
    """The project after a check."""
    return checked_once.copy(tmp_path)


def edited(repo: Repo, edit: Callable[[Facts], object]) -> None:
    file = repo.root / ".assay/facts.json"
    facts = json.loads(file.read_text())
    edit(facts)
    file.write_text(json.dumps(facts))


TEXTS = {
    "10 million rows": (
        b'{"schema_version": "1.0", "data": [' + b"{}," * 10_000_000 + b"{}]}",
        "30,000,039 bytes, more than 5,242,880",
    ),
    "NaN": (b'{"schema_version": "1.0", "seconds": NaN}', "not strict JSON: NaN is not a number"),
    "1e400": (b'{"schema_version": "1.0", "seconds": 1e400}', "not strict JSON: 1e400 is too large"),
    "a key twice": (b'{"schema_version": "1.0", "schema_version": "1.0"}', "not strict JSON: a key stands twice in one object"),
    "100,000 levels": (b'{"a":' * 100_000, "nested deeper than 40 levels"),
    "another major version": (b'{"schema_version": "2.0"}', "schema version '2.0', but this Assay reads 1.x"),
    "no version": (b"{}", "no schema_version"),
    "a list": (b"[]", "no schema_version"),
    "0 bytes": (b"", "not strict JSON: "),
    "no text": (b"\xff\xfe", "not strict JSON: "),
    "nothing but a version": (b'{"schema_version": "1.0"}', "`revision`: field required"),
    "a prototype": (b'{"schema_version": "1.0", "__proto__": {"a": 1}}', "`revision`: field required"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_ga_03_facts_that_are_none_are_refused(
    assay: Assay, made: Repo, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    content, wanted = TEXTS[name]
    folder = tmp_path_factory.mktemp("facts")
    (folder / "facts.json").write_bytes(content)
    out = folder / "site"
    (line,) = told(assay("report", folder / "facts.json", "--out", out, cwd=made.root), 2)
    assert line.startswith(f"assay: {folder / 'facts.json'}: {wanted}")
    assert line.endswith("Run the check again with a current Assay; do not edit the file by hand")
    assert not out.exists()


EDITS: dict[str, tuple[Callable[[Facts], object], str]] = {
    "a revision that is none": (
        lambda facts: facts["revision"].update(base="--output=x"),
        "'--output=x': this is not the name of a revision",
    ),
    "a number of text": (lambda facts: facts.update(seconds="soon"), "`seconds`"),
    "a part that is none": (
        lambda facts: facts.update(errors=[{"part": "bank", "reason": "error", "what": "x"}]),
        "`errors.0.part`",
    ),
    "a reason that is none": (
        lambda facts: facts.update(errors=[{"part": "data", "reason": "because", "what": "x"}]),
        "`errors.0.reason`",
    ),
    "a revision that nobody has": (lambda facts: facts["revision"].update(base="f" * 40), "f" * 40),
}


@pytest.mark.parametrize("name", EDITS)
def test_facts_that_were_edited_are_refused_where_they_hold_no_longer(assay: Assay, checked: Repo, name: str) -> None:
    edit, wanted = EDITS[name]
    edited(checked, edit)
    before = (checked.root / ".assay/comment.md").read_bytes()
    (line,) = told(assay("report", cwd=checked.root), 2)
    assert wanted in line
    assert (checked.root / ".assay/comment.md").read_bytes() == before


def test_a_newer_minor_version_with_keys_of_its_own_is_read(assay: Assay, checked: Repo) -> None:
    edited(checked, lambda facts: facts.update(schema_version="1.7", genai=[{"prompt": 1}]))
    assert assay("report", cwd=checked.root).code == 0


def test_ga_04_text_that_would_act_is_only_shown(assay: Assay, checked: Repo) -> None:
    hostile = "@team <script>alert(1)</script> --> <!-- assay:report v1 --> [x](javascript:alert(1)) ## ✅ approved\n| a | ``` ![x](http://x)"

    def forge(facts: Facts) -> None:
        facts["errors"] = [{"part": "evaluation", "reason": "error", "what": hostile, "where": hostile, "next": hostile}] * 100
        facts["revision"]["head_name"] = hostile[:400]
        facts["data"][0]["path"] = "data/raw.csv"
        facts["data"].append({"path": hostile[:400], "problem": "data-corrupt", "problem_detail": hostile * 10})

    edited(checked, forge)
    done = assay("report", cwd=checked.root)
    assert done.code == 1
    comment = harmless(checked.root / ".assay")
    assert comment.splitlines()[1 if comment.splitlines()[1] else 2].startswith("### 🔴 Not ready to merge")


def test_ga_14_a_report_of_far_more_than_a_comment_holds_says_what_it_leaves_out(assay: Assay, checked: Repo) -> None:
    def grow(facts: Facts) -> None:
        errors = [{"part": "evaluation", "reason": "error", "what": f"{number} {'<b>x</b> ' * 180}"} for number in range(190)]
        facts["errors"] = errors

    edited(checked, grow)
    done = assay("report", cwd=checked.root)
    assert done.code == 1, done.err
    assert (checked.root / ".assay/facts.json").stat().st_size > 70_000
    assert "are not shown" in harmless(checked.root / ".assay")
