"""One comment stays, and it is ours."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.effects import CreateComment, DeleteComment, UpdateComment
from bot.gateway.records import Identity, IssueComment
from bot.sticky import Marker, decide, marker_of, ours, overtaken
from tests.bot.material import HEAD

ME = Identity("github-actions[bot]", 41898282, 15368)
WANTED = Marker(123, 7, "check", "0123456789abcdef", HEAD, "2026-11-23T10:00:00Z")


def comment(id: int, body: str, author: int = 41898282, login: str = "github-actions[bot]") -> IssueComment:
    return IssueComment(id, body, author, login, None, "2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z")


def decided(*present: IssueComment, wanted: Marker = WANTED, **more: Any) -> list[Any]:
    return decide(present, ME, wanted, lambda: f"{wanted}\nnews", **more)


def older(**changed: Any) -> Marker:
    return Marker(**{**vars(WANTED), "digest": "f" * 16, "began": "2026-11-23T09:00:00Z", **changed})


def test_a_marker_reads_as_it_was_written() -> None:
    assert marker_of(f"{WANTED}\r\nHello") == WANTED
    assert marker_of(f"{older(began='')}") == older(began="")


def test_the_marker_is_the_one_that_the_design_names() -> None:
    assert str(older(began="")).startswith("<!-- assay:report 123 7 check v1 ffffffffffffffff")


def test_a_first_report_is_created_and_a_second_run_writes_nothing() -> None:
    first = decided()
    assert first == [CreateComment(7, f"{WANTED}\nnews")]
    assert decided(comment(1, first[0].body)) == []


def test_what_changed_is_written_into_the_same_comment() -> None:
    assert decided(comment(1, f"{older()}\nold")) == [UpdateComment(1, 7, f"{WANTED}\nnews")]


def test_ga_15_a_marker_planted_by_a_stranger_is_a_strangers_text() -> None:
    planted = comment(1, f"{WANTED}\nall is well", author=666, login="mallory")
    assert decided(planted) == [CreateComment(7, f"{WANTED}\nnews")]
    renamed = comment(1, f"{WANTED}\nall is well", author=666, login="github-actions[bot]")
    assert decided(renamed) == [CreateComment(7, f"{WANTED}\nnews")]


def test_ga_15_a_marker_quoted_further_down_in_our_own_comment_does_not_count() -> None:
    assert ours([comment(1, f"Somebody wrote:\n{WANTED}")], ME, WANTED) == []


def test_where_our_id_is_not_known_the_login_decides() -> None:
    me = Identity("github-actions[bot]")
    mine, theirs = comment(1, f"{WANTED}", author=9), comment(2, f"{WANTED}", author=9, login="github-actions")
    assert [each.id for each, _ in ours([mine, theirs], me, WANTED)] == [1]


def test_copies_are_deleted_and_the_oldest_stays() -> None:
    present = [comment(3, f"{WANTED}\nnews"), comment(1, f"{older()}\nold"), comment(2, f"{WANTED}\nnews")]
    assert decided(*present) == [UpdateComment(1, 7, f"{WANTED}\nnews"), DeleteComment(2), DeleteComment(3)]


def test_a_slow_old_run_never_writes_over_a_newer_one() -> None:
    assert decided(comment(1, f"{WANTED}\nnews"), wanted=older()) == []
    newer_copy = [comment(1, f"{older()}\nold"), comment(2, f"{WANTED}\nnews")]
    assert decided(*newer_copy, wanted=older(digest="e" * 16, began="2026-11-23T08:00:00Z")) == []


def test_a_rerun_with_another_outcome_writes() -> None:
    again = Marker(**{**vars(WANTED), "digest": "9" * 16, "began": "2026-11-23T11:00:00Z"})
    assert decided(comment(1, f"{WANTED}\nnews"), wanted=again) == [UpdateComment(1, 7, f"{again}\nnews")]


def test_a_new_head_with_the_same_outcome_is_told() -> None:
    other = Marker(**{**vars(WANTED), "head": "d" * 40, "began": "2026-11-23T11:00:00Z"})
    assert decided(comment(1, f"{WANTED}\nnews"), wanted=other) == [UpdateComment(1, 7, f"{other}\nnews")]


def test_reports_of_other_kinds_pull_requests_and_repositories_are_left_alone() -> None:
    others = [older(kind="nightly"), older(number=8), older(repository=9)]
    present = [comment(number, f"{marker}") for number, marker in enumerate(others)]
    assert decided(*present) == [CreateComment(7, f"{WANTED}\nnews")]


def test_without_leave_to_create_only_what_stands_is_kept_true() -> None:
    assert decided(create=False) == []
    assert decided(comment(1, f"{older()}\nold"), create=False) == [UpdateComment(1, 7, f"{WANTED}\nnews")]


def test_the_body_is_drawn_only_where_it_is_needed() -> None:
    def never() -> str:
        raise AssertionError("drawn")

    assert decide([comment(1, f"{WANTED}\nnews")], ME, WANTED, never) == []


def test_times_that_are_not_known_overtake_nobody() -> None:
    assert not overtaken("", "2026") and not overtaken("2026", "") and overtaken("2027", "2026")


@given(st.text())
def test_no_text_is_taken_for_a_marker_by_accident(body: str) -> None:
    found = marker_of(body)
    assert found is None or str(found) == body.split("\n", 1)[0].rstrip("\r ")


@given(st.lists(st.tuples(st.sampled_from([WANTED, older(), older(kind="other")]), st.booleans()), max_size=6))
def test_after_one_run_a_second_finds_nothing_to_do(present: list[tuple[Marker, bool]]) -> None:
    there = [comment(at, f"{marker}\nx", author=41898282 if mine else 1) for at, (marker, mine) in enumerate(present)]
    for effect in decided(*there):
        match effect:
            case CreateComment(_, body):
                there.append(comment(99, body))
            case UpdateComment(id, _, body):
                there = [comment(id, body) if each.id == id else each for each in there]
            case DeleteComment(id):
                there = [each for each in there if each.id != id]
    assert decided(*there) == []
    assert len(ours(there, ME, WANTED)) == 1
