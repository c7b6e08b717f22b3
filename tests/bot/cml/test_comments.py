"""One comment, found by its mark through all pages, and only if our own account wrote it."""

import threading

import pytest

from bot.cml import comments
from bot.cml.target import Target
from bot.cml.watermark import Watermark
from bot.gateway.records import IssueComment
from bot.gateway.wider import WiderGateway
from policy.problems import UserProblem
from tests.bot.cml.conftest import NAME, Scene

BOT = "github-actions[bot]"


def by_cml(label: str = "") -> str:
    title = f"CML watermark {label}".strip()
    return f'# Old report\n\n![](https://cml.dev/watermark.png#{"a" * 40} "{title}")'


def write(scene: Scene, report: str, *, label: str = "", update: bool = True, marked: bool = True) -> comments.Written:
    mark = Watermark(label, scene.head) if marked else None
    text, _ = comments.body(report, mark)
    return comments.write(scene.gateway(), Target("issue", str(scene.number)), text, mark, update=update)


def bodies(scene: Scene) -> list[str]:
    return [comment.body for comment in scene.github.comments(NAME, scene.number)]


def test_a_comment_that_cml_wrote_is_updated_in_place(scene: Scene) -> None:
    old = scene.github.comment(NAME, scene.number, by_cml(), BOT)
    written = write(scene, "# New report")
    assert (written.id, written.created) == (old.id, False)
    assert bodies(scene) == [f"# New report\n\n{Watermark('', scene.head)}"]


def test_it_is_found_beyond_the_first_page_of_thirty_and_of_a_hundred(scene: Scene) -> None:
    for number in range(130):
        scene.github.comment(NAME, scene.number, f"discussion {number}")
    old = scene.github.comment(NAME, scene.number, by_cml(), BOT)
    assert write(scene, "# New").id == old.id
    assert len(bodies(scene)) == 131


def test_ga_15_a_stranger_who_copies_the_mark_keeps_their_comment(scene: Scene) -> None:
    scene.github.comment(NAME, scene.number, by_cml(), "mallory")
    assert write(scene, "# Ours").created
    assert bodies(scene)[0] == by_cml()
    assert not write(scene, "# Ours, again").created
    assert len(bodies(scene)) == 2


def test_the_newest_of_several_is_updated_as_cml_does(scene: Scene) -> None:
    scene.github.comment(NAME, scene.number, by_cml(), BOT)
    newest = scene.github.comment(NAME, scene.number, by_cml(), BOT)
    scene.github.comment(NAME, scene.number, by_cml("other"), BOT)
    assert write(scene, "# New").id == newest.id


def test_comments_of_several_titles_live_side_by_side(scene: Scene) -> None:
    one, two = write(scene, "one", label="one"), write(scene, "two", label="two")
    assert write(scene, "one again", label="one").id == one.id
    assert write(scene, "two again", label="two").id == two.id


def test_create_always_writes_a_new_one(scene: Scene) -> None:
    write(scene, "a", update=False)
    write(scene, "a", update=False, marked=False)
    assert bodies(scene)[1] == "a"
    assert len(bodies(scene)) == 2


def test_an_unchanged_report_writes_nothing(scene: Scene) -> None:
    write(scene, "the same")
    scene.github.forget_requests()
    write(scene, "the same")
    assert {seen.method for seen in scene.github.requests} == {"GET"}


def test_ga_14_a_report_of_70000_characters_is_a_comment(scene: Scene) -> None:
    write(scene, "größe\n" * 20_000)
    assert len(bodies(scene)[0]) <= 65_536
    assert "ends here" in bodies(scene)[0]
    assert not write(scene, "short").created


def test_a_report_cannot_carry_the_mark_of_assays_own_comment(scene: Scene) -> None:
    write(scene, "<!-- assay:report 1 1 check v1 0123456789abcdef -->")
    assert "<!-- assay:report" not in bodies(scene)[0]


def test_a_token_that_may_not_write_is_told_the_permissions_to_add(scene: Scene) -> None:
    gateway = scene.gateway(scene.github.token(NAME, "read"))
    with pytest.raises(UserProblem, match="pull-requests: write"):
        comments.write(gateway, Target("issue", str(scene.number)), "x", None, update=False)


def test_two_runs_that_update_at_once_leave_one_comment(scene: Scene) -> None:
    threads = [threading.Thread(target=write, args=(scene, f"# Run {run}")) for run in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bodies(scene)) == 1


class Late(WiderGateway):
    """A gateway whose first comment comes a moment after another run's."""

    scene: Scene

    def create_comment(self, number: int, body: str) -> IssueComment:
        write(self.scene, "# The other run's")
        return super().create_comment(number, body)


def test_a_run_that_comes_second_takes_its_comment_back_and_updates_the_first(scene: Scene) -> None:
    gateway = Late.of(scene.gateway())
    gateway.scene = scene
    mark = Watermark("", scene.head)
    comments.write(gateway, Target("issue", str(scene.number)), comments.body("# Ours", mark)[0], mark, update=True)
    assert bodies(scene) == [f"# Ours\n\n{mark}"]


def test_a_comment_on_a_commit_is_updated_too(scene: Scene) -> None:
    mark, target = Watermark("", scene.head), Target("commit", scene.head)
    for report in ("one", "two"):
        comments.write(scene.gateway(), target, comments.body(report, mark)[0], mark, update=True)
    comments.write(scene.gateway(), target, "three", mark, update=False)
    assert [each.body for each in scene.gateway().commit_comments(scene.head)] == [f"two\n\n{mark}", "three"]


class TakenBack(WiderGateway):
    """A gateway before whose first rewriting another run takes its comment back."""

    scene: Scene

    def update_comment(self, comment_id: int, body: str) -> None:
        if comment_id in self.scene.github.repository(NAME).comments and not hasattr(self, "gone"):
            self.gone = comment_id
            self.delete_comment(comment_id)
        super().update_comment(comment_id, body)


def test_a_comment_that_is_taken_back_meanwhile_is_looked_for_again(scene: Scene) -> None:
    first = scene.github.comment(NAME, scene.number, by_cml(), BOT)
    scene.github.comment(NAME, scene.number, by_cml(), BOT)
    gateway = TakenBack.of(scene.gateway())
    gateway.scene = scene
    mark = Watermark("", scene.head)
    written = comments.write(gateway, Target("issue", str(scene.number)), "# Ours", mark, update=True)
    assert written.id == first.id
    assert bodies(scene) == ["# Ours"]
