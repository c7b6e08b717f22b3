"""What a rollback looks like: red, plain, and with the way to stop it or do it again."""

from policy.rollbacks import decide
from reports.markdown import Markdown
from reports.rollbacks import again, back, body, card, review, review_title, title
from tests.policy.test_rollbacks import GROUND, PLACE, SUBJECT, WORD
from tests.reports.test_promoted import LEAVE


def test_the_card_says_whether_it_goes_back_and_why() -> None:
    found = card(decide(SUBJECT, WORD, PLACE, GROUND), Markdown("It is started.")).source
    assert found.startswith("### 🔴 `m` goes back to version 2 in `production`")
    assert "`alice` answers for it: production answers nothing" in found and "It is started." in found
    assert "/approve" not in found


def test_the_card_says_what_keeps_it_and_what_to_do() -> None:
    found = card(decide(SUBJECT, None, PLACE, GROUND)).source
    assert "does not go back" in found and "say `/rollback` in a new comment" in found


def test_the_text_quotes_the_reason_harmlessly() -> None:
    found = body("m", 2, "production", "alice", 7, "down @team <b>", 3).source
    assert "where version 3 runs" in found and "in #7" in found
    assert "`@team <b>`" in found
    assert "where version" not in body("m", 2, "production", "alice", 7, "down", None).source
    assert title("m", 2, "production") == "Roll m back to version 2 in production"


def test_what_to_say_and_what_changed() -> None:
    assert again("m", "2", "production") == '/rollback m in production to 2 because "..."'
    assert "rolled back to version `2`" in back("2", "production", "2026-05-01 12:00 UTC").source


def test_the_review_tells_this_rollback_from_others() -> None:
    assert LEAVE.digest in review(LEAVE).source and "Review the rollback of" in review_title(LEAVE)
