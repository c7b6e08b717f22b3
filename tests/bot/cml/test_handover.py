"""What CML would do wrong is done by our own gateway."""

from dataclasses import dataclass, field

from bot.cml import handover
from bot.cml.watermark import Watermark
from bot.effects import CreateComment, DeleteComment, UpdateComment
from bot.gateway.records import CheckRun, CheckRunRecord, IssueComment
from tests.bot.gateway.scene import REPOSITORY, Scene

MARK = Watermark("assay check", "ab" * 20)
REAL = f'![](https://cml.dev/watermark.png#{"cd" * 20} "CML watermark assay check")'
"""As CML itself writes it."""


@dataclass
class Writes:
    """A tool that only remembers."""

    comments: list[tuple[int, str, str]] = field(default_factory=list)
    checks: list[CheckRun] = field(default_factory=list)

    def update_comment(self, number: int, body: str, title: str) -> None:
        self.comments.append((number, body, title))

    def create_check(self, run: CheckRun) -> None:
        self.checks.append(run)


def said(id: int, body: str) -> IssueComment:
    return IssueComment(id, body, 1, "somebody", None, "", "")


def run(conclusion: str, name: str = "assay / data") -> CheckRun:
    return CheckRun(name, "e" * 40, "", "completed", conclusion, "title", "summary")  # type: ignore[arg-type]


def record(id: int, conclusion: str, status: str = "completed", name: str = "assay / data") -> CheckRunRecord:
    return CheckRunRecord(id, name, "e" * 40, "", status, conclusion, None)


def test_cml_finds_the_newest_mark_of_the_first_thirty_whoever_wrote_it_and_wherever_it_stands() -> None:
    assert handover.found([], "assay check") is None
    assert handover.found([said(1, REAL), said(2, f"{REAL} quoted"), said(3, "no")], "assay check") == 2
    assert handover.found([said(1, f"x\n{MARK}\n")], "assay check") == 1
    assert handover.found([said(1, REAL)], "assay nightly") is None
    assert handover.found([*(said(at, "chatter") for at in range(30)), said(99, REAL)], "assay check") is None


def test_the_first_comment_and_the_one_that_cml_finds_are_cmls(here: Scene) -> None:
    tool = Writes()
    handover.comments(here.gateway, tool, [], [CreateComment(here.number, "one")], MARK)
    handover.comments(here.gateway, tool, [said(7, REAL)], [UpdateComment(7, here.number, "two")], MARK)
    assert tool.comments == [(here.number, "one", "assay check"), (here.number, "two", "assay check")]
    assert here.gateway.requests == 0


def test_a_strangers_mark_does_not_draw_the_report_into_the_strangers_comment(here: Scene) -> None:
    tool = Writes()
    planted = here.github.comment(REPOSITORY, here.number, REAL, author="mallory")
    present = here.gateway.comments(here.number)
    written = handover.comments(here.gateway, tool, present, [CreateComment(here.number, "ours")], MARK)
    assert tool.comments == [] and planted.body == REAL and written.comments == 1 and written.notes
    assert here.gateway.comments(here.number)[-1].body == f"ours\n\n{MARK}\n"


def test_a_comment_that_assay_wrote_before_is_rewritten_in_place_and_gets_the_mark(here: Scene) -> None:
    tool, ours = Writes(), here.gateway.create_comment(here.number, "before")
    effects = [UpdateComment(ours.id, here.number, "after")]
    handover.comments(here.gateway, tool, here.gateway.comments(here.number), effects, MARK)
    (only,) = here.gateway.comments(here.number)
    assert tool.comments == [] and only.body.startswith("after")
    assert handover.found([only], "assay check") == ours.id


def test_copies_are_deleted_by_the_gateway(here: Scene) -> None:
    copy = here.gateway.create_comment(here.number, "copy")
    assert handover.comments(here.gateway, Writes(), [], [DeleteComment(copy.id)], MARK).comments == 1
    assert here.gateway.comments(here.number) == []


def test_a_check_is_made_once_and_again_where_it_came_out_otherwise() -> None:
    tool = Writes()
    there = [record(1, "failure"), record(2, "success"), record(3, "failure", name="another")]
    assert handover.checks(tool, there, [run("success")]).checks == 0
    assert handover.checks(tool, there, [run("failure")]).checks == 1
    assert handover.checks(tool, [record(1, "success", "in_progress")], [run("success")]).checks == 1
    assert handover.checks(tool, [], [run("neutral", "a"), run("success", "b")]).checks == 2
    assert [each.conclusion for each in tool.checks] == ["failure", "success", "neutral", "success"]
