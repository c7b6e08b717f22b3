"""What people said is found in comments, as commands are, and told with everything that decides whether it counts."""

from bot.commands import DECLARED
from bot.gateway.records import IssueComment
from bot.promotion.votes import votes

CODE = "7f3a9c2e51d0"
NOW = "2026-11-25T12:00:00Z"


def said(body: str, **more: object) -> IssueComment:
    known: dict[str, object] = {
        "id": 1, "body": body, "author_id": 5, "author_login": "alice", "app_id": None, "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return IssueComment(**{**known, **more})  # type: ignore[arg-type]


def heard(*comments: IssueComment, prefix: bool = False) -> list[tuple[str, str, str]]:
    return [(each.kind, each.code, each.because) for each in votes(comments, DECLARED, prefix)]


def test_each_kind_of_vote_is_heard_with_its_code_and_reason() -> None:
    assert heard(
        said(f"/approve {CODE}"),
        said('/reject because "the night flights got worse"'),
        said("/revoke"),
        said(f'/break-glass {CODE.upper()} because "production is down since noon"'),
    ) == [
        ("approve", CODE, ""),
        ("reject", "", "the night flights got worse"),
        ("revoke", "", ""),
        ("break-glass", CODE, "production is down since noon"),
    ]


def test_a_vote_in_a_quote_in_code_or_in_passing_is_none() -> None:
    assert heard(said(f"> /approve {CODE}"), said(f"```\n/approve {CODE}\n```"), said(f"Don't /approve {CODE} yet")) == []


def test_cp_15_words_behind_the_code_are_no_vote_and_no_cancel() -> None:
    assert heard(said(f"/approve {CODE} please don't cancel")) == []


def test_a_comment_with_a_mistake_is_not_heard_at_all() -> None:
    assert heard(said(f"/approve {CODE}\n/approve")) == []


def test_tt_11_a_code_of_fewer_than_twelve_digits_is_no_vote() -> None:
    assert heard(said(f"/approve {CODE[:11]}"), said("/approve main"), said("/approve")) == []


def test_other_commands_are_no_votes() -> None:
    assert heard(said(f"/help\n/approve {CODE}"), said("/lock production")) == [("approve", CODE, "")]


def test_with_the_prefix_only_the_long_form_is_a_vote() -> None:
    assert heard(said(f"/approve {CODE}"), said(f"/assay approve {CODE}"), prefix=True) == [("approve", CODE, "")]


def test_who_said_it_and_whether_it_was_edited_goes_along() -> None:
    (plain, edited, app, ghost) = votes(
        [
            said(f"/approve {CODE}"),
            said(f"/approve {CODE}", updated_at="2026-11-25T12:00:09Z"),
            said(f"/approve {CODE}", app_id=9),
            said(f"/approve {CODE}", author_id=None, author_login=None),
        ],
        DECLARED,
    )
    assert (plain.author, plain.login, plain.type, plain.edited) == (5, "alice", "User", False)
    assert edited.edited and app.type == "Bot" and (ghost.author, ghost.login) == (None, "")
