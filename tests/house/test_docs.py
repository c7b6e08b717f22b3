"""What is written is true: keys, commands, links and blocks of the documents."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from assay.cli import VERBS
from policy import document, fixtures
from policy.models import meanings
from policy.reasons import Reason
from policy.simulation import differences, simulate

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("examples/**/*.md")])


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_policy_shown_in_a_document_is_valid(page: Path) -> None:
    for text in blocks(page, "yaml"):
        if re.search(r"^version: 1", text, re.MULTILINE):
            document.read(text, name(page))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_fixture_shown_in_a_document_comes_out_as_it_says(page: Path) -> None:
    shown = blocks(page, "yaml")
    policies = [document.read(text) for text in shown if re.search(r"^version: 1", text, re.MULTILINE)]
    for text in shown:
        if re.search(r"^expect:", text, re.MULTILINE):
            fixture = fixtures.read(text, name(page))
            assert differences(fixture.expect, simulate(fixture, policies[0])) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_verb_and_target_named_in_a_document_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for text in blocks(page, "console"):
        for line in text.splitlines():
            words = line.split("#")[0].split()
            if words[:1] == ["make"]:
                assert words[1] in targets, line
            if words[:1] == ["assay"] and len(words) > 1 and not words[1].startswith("-"):
                assert words[1] in VERBS, line


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    if name(page) == "docs/reasons.md":
        return
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{name(page)} links to {target}"


def sections(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in re.findall(r"policy\.[\w.]+", str(field.annotation)):
            module, _, attribute = inner.rpartition(".")
            found = getattr(__import__(module, fromlist=[attribute]), attribute, None)
            if isinstance(found, type) and issubclass(found, BaseModel) and not attribute.startswith("_") and found is not model:
                yield from sections(found)


@pytest.mark.parametrize("section", dict.fromkeys(sections(document.Policy)), ids=lambda section: section.__name__)
def test_every_key_of_the_policy_says_what_it_means(section: type[BaseModel]) -> None:
    silent = [key for key, field in section.model_fields.items() if key not in meanings(section)]
    assert not silent, f"{section.__name__}: {', '.join(silent)} without a docstring"


def test_every_reason_is_a_sentence_with_an_own_code() -> None:
    codes = [reason.value for reason in Reason]
    assert len(codes) == len(set(codes))
    for reason in Reason:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", reason.value)
        assert not reason.sentence.endswith("."), reason
        assert not reason.advice.endswith("."), reason


def test_a_change_of_source_tells_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
    inside = subprocess.run(["git", "rev-parse", "--verify", "-q", "origin/main"], cwd=ROOT, capture_output=True, check=False)
    if inside.returncode == 0:
        changed = subprocess.run(
            ["git", "diff", "--name-only", "origin/main...HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()
        rooms = ("assay/", "policy/", "reports/", "actions/")
        source = [file for file in changed if file.startswith(rooms) and file.endswith(".py")]
        assert not source or "CHANGELOG.md" in changed
