"""Stages, what they cost, and their last words."""

from policy.facts import PipelineFacts, TrainingFacts
from policy.facts.training import StageRun
from reports.section import Section
from reports.story import tell
from tests.reports.examples import full_facts, full_verdict


def section(key: str, **facts: object) -> Section:
    found = tell(full_facts(**facts), full_verdict()).section(key)
    assert found is not None
    return found


def test_stages_show_time_and_memory_and_what_was_restored() -> None:
    found = section("training")
    assert found.brief == "2 of 3 stages ran, 1 restored"
    assert found.rows[1].line == "| `train` | executed |  | 1 min 4 s | 1 min 58 s | 1.2 GiB |"


def test_a_stage_that_failed_stands_first_and_an_endless_tail_is_cut_and_said() -> None:
    stages = [StageRun(name="a", outcome="executed"), StageRun(name="b", outcome="failed", tail=["x" * 2_000] * 30)]
    found = section("training", training=TrainingFacts(stages=stages))
    assert str(found.rows[0].cells[0]) == "`b`"
    body = str(found.blocks[0].body)
    assert len(body) < 9_000
    assert "earlier lines not shown" in body


def test_a_stage_that_failed_without_a_word_says_so() -> None:
    found = section("training", training=TrainingFacts(stages=[StageRun(name="b", outcome="failed")]))
    assert str(found.blocks[0].body) == "It printed nothing."


def test_data_that_was_never_pushed_is_listed() -> None:
    assert section("missing_remote").rows[0].line == "| `models/old.txt` | `storage` |"


def test_a_remote_that_was_not_asked_is_said() -> None:
    found = section("pipeline", pipeline=PipelineFacts(remote="storage"))
    assert str(found.paragraphs[0]) == "The remote `storage` was not asked which objects it has."
