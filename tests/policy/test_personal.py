"""What findings of personal data mean for the verdict."""

from typing import Any

import pytest

from policy.facts.data import PersonalFacts, PersonalFinding
from policy.personal import Personal, decide
from policy.reasons import Reason
from policy.result import Status


def facts(*findings: tuple[str, str], **more: Any) -> PersonalFacts:
    made = [PersonalFinding(column=column, kind=kind, count=3, share=0.25, read="whole", **more) for column, kind in findings]
    return PersonalFacts(rows_read=12, columns_read=4, findings=made)


def test_without_a_section_the_part_is_skipped() -> None:
    result = decide(None, facts(("mail", "email")))
    assert (result.name, result.status, result.reason) == ("personal data", Status.SKIPPED, Reason.NOT_CONFIGURED)


def test_a_search_without_facts_is_red() -> None:
    result = decide(Personal(), None)
    assert (result.status, result.reason) == (Status.FAILED, Reason.MISSING_PART)
    assert "personal data" in result.why


def test_nothing_found_passes_and_says_how_much_was_read() -> None:
    result = decide(Personal(), facts())
    assert (result.status, result.why) == (Status.PASSED, "no personal data was found in 4 columns")


@pytest.mark.parametrize(("word", "status"), [("block", Status.FAILED), ("warn", Status.WARNED)])
def test_block_fails_and_warn_warns(word: str, status: Status) -> None:
    result = decide(Personal.model_validate(word), facts(("mail", "email"), ("tel", "phone")))
    assert result.status is status
    assert [(child.name, child.status) for child in result.children] == [("email in mail", status), ("phone in tel", status)]


def test_a_single_finding_speaks_for_the_part_and_says_what_to_do() -> None:
    result = decide(Personal(), facts(("pid", "national_id"), form="PL PESEL"))
    assert result.why == "pid holds what looks like personal data: PL PESEL, 3 values (25 % of those read)"
    assert "allow national_id" in result.advice


def test_a_kind_allowed_in_a_column_drops_out_there_and_only_there() -> None:
    section = Personal(allow={"mail": ["email"]})
    assert decide(section, facts(("mail", "email"))).status is Status.PASSED
    result = decide(section, facts(("mail", "email"), ("mail", "phone"), ("other", "email")))
    assert [child.name for child in result.children] == ["phone in mail", "email in other"]


def test_a_kind_that_the_policy_does_not_ask_for_drops_out() -> None:
    assert decide(Personal(kinds=["card"]), facts(("mail", "email"))).status is Status.PASSED


def test_a_kind_that_only_a_newer_runner_knows_counts() -> None:
    assert decide(Personal(kinds=["card"]), facts(("face", "biometric"))).status is Status.FAILED


def test_a_sampled_share_says_that_it_is_sampled() -> None:
    found = PersonalFacts(
        rows_read=9, columns_read=1, findings=[PersonalFinding(column="m", kind="email", count=9, share=1, read="sample")]
    )
    assert "of those sampled" in decide(Personal(), found).why
