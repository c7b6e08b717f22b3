"""What the headline and the table of parts say."""

import pytest

from policy.reasons import Reason
from policy.result import Result, Status, Tier, combine
from reports.story import Story, tell
from tests.reports.examples import BASE, PATH, REGRESSION, bare_facts, check, full_facts, full_verdict, gate, revision, verdict_of


def part(story: Story, name: str) -> tuple[str, str]:
    found = next(each for each in story.parts if each.name == name)
    return found.result.source, found.against.source


def told(*parts: Result) -> Story:
    return tell(full_facts(), verdict_of(*parts))


def test_one_failing_check_is_the_headline() -> None:
    headline = told(combine("evaluation", [REGRESSION, gate("pr_auc", 0.5, 0.5)])).headline
    assert headline.sentence.source.startswith("Not ready to merge: `roc_auc` lost 0.012 (0.009 … 0.015), more")
    assert headline.next.source.startswith(
        "undo what made `roc_auc` worse; if the loss is meant, widen `may_lose` in `assay.yml`"
    )


def test_several_failing_checks_are_counted_behind_the_first() -> None:
    lost = [check(str(number), Status.FAILED, Reason.DATA_EMPTY, path=f"data/{number}.csv") for number in range(3)]
    headline = told(combine("data", lost), combine("evaluation", [REGRESSION])).headline
    assert headline.sentence.source == "Not ready to merge: `data/0.csv` holds no rows; 3 more checks fail (`1`, `2`, `roc_auc`)"
    assert headline.next.source.startswith("check the step that wrote it; then undo what made `roc_auc` worse")


def test_a_warning_may_be_merged() -> None:
    headline = told(combine("data", [check("pii", Status.WARNED, Reason.DATA_EMPTY, path="a")])).headline
    assert headline.sentence.source == "Can be merged, but have a look: `a` holds no rows"
    assert headline.icon.source == "🟡"


def test_nothing_to_do_is_said() -> None:
    headline = told(check("data", Status.PASSED, Reason.HOLDS)).headline
    assert (headline.icon.source, headline.next.source) == ("🟢", "nothing; whoever reviews it may merge.")


def test_every_part_says_how_it_came_out_and_how_it_stands_against_the_base() -> None:
    story = tell(full_facts(), full_verdict())
    assert part(story, "data")[1] == "12 removed, 58,862 added, 3 changed"
    assert part(story, "drift") == ("2 of 7 columns moved", "`dep_delay` 0.21 ▂▅█▅▃▂, `visib` 0.14 ▂▂▂▅█")
    assert part(story, "training") == ("2 of 3 stages ran, 1 restored", "1 min 12 s of 1 h")
    assert part(story, "evaluation") == ("1 of 4 gates fails", "`roc_auc` 0.741 → 0.729")
    assert part(story, "fairness") == ("1 gap within its limit", "`origin`: largest gap 0.03")


def test_the_base_has_its_name_and_its_commit_or_its_commit_alone_where_that_is_its_name() -> None:
    named, bare = tell(bare_facts(), full_verdict()), tell(bare_facts(revision=revision(base_name=BASE[:12])), full_verdict())
    assert named.base.source == f"`main` @ `{BASE[:7]}`" and bare.base.source == f"`{BASE[:7]}`"


def test_green_parts_say_what_was_checked() -> None:
    story = told(
        combine("data", [combine(PATH, [check("contract", Status.PASSED, Reason.HOLDS)])]),
        combine("drift", [combine(PATH, [check("dep_delay", Status.PASSED, Reason.HOLDS)])]),
        combine("evaluation", [gate("log_loss", 0.5, 0.4, tier=Tier.IMPROVED), gate("roc_auc", 0.7, 0.7)]),
    )
    assert part(story, "data")[0] == "contract holds on 225,008 rows"
    assert part(story, "drift")[0] == "none of 1 column moved"
    assert part(story, "evaluation") == ("2 gates hold, 1 improved", "`log_loss` 0.5 → 0.4")


def test_a_skipped_part_says_why() -> None:
    story = told(check("fairness", Status.SKIPPED, Reason.NOT_CONFIGURED), check("data", Status.PASSED, Reason.HOLDS))
    assert part(story, "fairness") == ("the policy does not ask for this", "")


def test_the_policy_has_a_line_only_where_there_is_something_to_say_of_it() -> None:
    fine = check("governance", Status.PASSED, Reason.POLICY_UNCHANGED)
    edited = check("governance", Status.WARNED, Reason.POLICY_CHANGED, path="assay.yml", base="main")
    assert [each.name for each in told(fine).parts] == []
    assert part(told(edited), "governance")[0] == "this change edits `assay.yml`; it was judged by the policy of `main`"


def test_a_dirty_tree_is_said_in_the_footer() -> None:
    story = tell(bare_facts(revision=revision(dirty=True)), full_verdict())
    assert "checked `9ab41d0` and what is not committed in 1 min 31 s" in story.footer.source


@pytest.mark.parametrize("key", ["gates", "checks", "drift", "contract", "diff", "personal", "training", "fairness", "lineage"])
def test_every_section_is_found_by_its_key(key: str) -> None:
    section = tell(full_facts(), full_verdict()).section(key)
    assert section is not None
    assert section.key == key


def test_an_empty_section_is_not_there() -> None:
    assert tell(bare_facts(), verdict_of(check("data", Status.PASSED, Reason.HOLDS))).section("drift") is None
