"""`assay card`: written once, current afterwards, and people's words stay through all of it."""

from pathlib import Path

import pytest

from policy.facts import EvaluationFacts, OverrideFact
from policy.facts.evaluation import MetricFact
from policy.facts.reading import write
from tests.assay.conftest import Assay, told
from tests.registry import Release, release
from tests.repositories import Repo

METRICS = EvaluationFacts(metrics=[MetricFact(metric="accuracy", source="metrics.json", base=0.7, head=0.71)])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("template")).with_pipeline()


@pytest.fixture
def ready(template: Repo, tmp_path: Path) -> Release:
    found = release(template, tmp_path / "ready")
    (found.repo.root / ".assay").mkdir()
    (found.repo.root / ".assay/.gitignore").write_text("*\n")
    keep(found)
    return found


def keep(ready: Release, **changes: object) -> None:
    (ready.repo.root / ".assay/facts.json").write_bytes(write(ready.facts(**{"evaluation": METRICS, **changes})))


def test_it_is_written_once_stays_current_when_committed_and_keeps_what_people_wrote(assay: Assay, ready: Release) -> None:
    root = ready.repo.root
    path = root / f"cards/{ready.model}.md"
    done = assay("card", "--check", cwd=root)
    assert done.code == 1 and f"cards/{ready.model}.md is missing" in done.out and not path.exists()
    done = assay("card", ready.model, cwd=root)
    assert done.code == 0 and "wrote cards/" in done.out and "`accuracy`" in path.read_text("utf-8")
    ready.repo.commit("the card")
    assert assay("card", "--check", cwd=root).code == 0
    mine = path.read_bytes().replace(
        b"<!-- assay:keep direct_use -->\n[More Information Needed]\n", b"<!-- assay:keep direct_use -->\r\nTo plan gates.\r\n"
    )
    path.write_bytes(mine)
    assert assay("card", "--check", cwd=root).code == 0
    path.write_bytes(mine + b"a line in nobody's place\n")
    done = assay("card", "--check", cwd=root)
    assert done.code == 1 and "would change: run `assay card`" in done.out
    assert assay("card", cwd=root).code == 0 and path.read_bytes() == mine
    keep(ready, evaluation=EvaluationFacts(metrics=[METRICS.metrics[0].model_copy(update={"head": 0.8})]))
    assert assay("card", "--check", cwd=root).code == 1


def test_what_cannot_make_a_card_is_told_in_a_line(assay: Assay, ready: Release, tmp_path: Path) -> None:
    root = ready.repo.root
    (line,) = told(assay("card", "another", cwd=root), 2)
    assert "assay.yml names another model" in line
    (line,) = told(assay("card", "--facts", "nowhere.json", cwd=root), 2)
    assert "Run `assay check` first" in line
    broken = tmp_path / "broken.md"
    broken.write_text("<!-- assay:keep x -->")
    (line,) = told(assay("card", "-o", broken, cwd=root), 2)
    assert "no counterpart" in line and broken.read_text() == "<!-- assay:keep x -->"
    keep(ready, nothing_to_check=True)
    (line,) = told(assay("card", cwd=root), 2)
    assert "they hold no evaluation" in line
    keep(ready, overrides=[OverrideFact(file="params.yaml", key="x", before="1", after="2")])
    (line,) = told(assay("card", cwd=root), 2)
    assert "what was not committed" in line
