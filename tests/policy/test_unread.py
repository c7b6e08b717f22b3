"""What was out of reach is told from what is wrong."""

import pytest

from policy.facts import DataFacts, ErrorFact, PipelineFacts
from policy.reasons import Reason
from policy.unread import unread
from tests.policy.test_verdict import facts


def test_facts_that_read_everything_lack_nothing() -> None:
    assert not unread(facts())


@pytest.mark.parametrize("problem", [Reason.DATA_MISSING, Reason.OBJECT_MISSING, Reason.REMOTE_UNREACHABLE])
def test_data_that_was_not_there_was_out_of_reach(problem: Reason) -> None:
    assert unread(facts(data=[DataFacts(path="raw.csv", problem=problem)]))


def test_a_remote_that_did_not_answer_was_out_of_reach() -> None:
    assert unread(facts(pipeline=PipelineFacts(problem=Reason.REMOTE_UNREACHABLE)))
    assert unread(facts(errors=[ErrorFact(part="data", reason=Reason.OUTSIDE, what="the remote")]))


def test_data_that_is_broken_was_read() -> None:
    assert not unread(facts(data=[DataFacts(path="raw.csv", problem=Reason.DATA_CORRUPT)]))
