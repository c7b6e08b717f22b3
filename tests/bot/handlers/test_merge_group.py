"""A pull request joins the merge queue."""

from bot import dispatching
from policy.facts.reading import write
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import checks, judged, told


def test_the_event_itself_asks_for_nothing(here: Scene) -> None:
    chat = judged(here)
    assert dispatching.handle(chat.around, "merge_group", {"action": "checks_requested", "merge_group": {}}) is Reason.NOT_OURS
    assert chat.asked == []


def test_the_end_of_the_groups_check_is_published_on_the_groups_commit(here: Scene) -> None:
    chat = judged(here)
    queue = f"gh-readonly-queue/main/pr-{here.number}-{here.base}"
    group = here.github.commit(REPOSITORY, {"data/rows.csv.dvc": "2"}, branch=queue, start="main")
    run = here.github.run(REPOSITORY, group, queue, event="merge_group")
    left = told(chat, head=group, merge_base=here.base)
    here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": write(left)})
    assert chat.happen(run, "completed") is Reason.PUBLISHED
    shown = [each for each in here.github.repository(REPOSITORY).checks.values() if each.head_sha == group]
    assert {each.conclusion for each in shown} <= {"success", "skipped"} and len(shown) == 5
    assert checks(chat) == {}
