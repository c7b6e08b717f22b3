"""The verdicts on open pull requests."""

from bot.gateway.glancing import Change
from bot.gateway.records import CheckRunRecord
from bot.pages.verdicts import REQUESTS, Judged, draw, parts
from reports.pages import Frame, render
from tests.bot.pages.furnished import HOSTILE, check
from tests.bot.pages.visiting import REPOSITORY, Visiting

ADDRESS = f"/repos/{REPOSITORY}/verdicts"


def run(id: int, name: str, conclusion: str | None = "success", status: str = "completed") -> CheckRunRecord:
    return CheckRunRecord(id, name, "a" * 40, "", status, conclusion, 1)


def test_checks_are_told_by_their_part_the_newest_of_several() -> None:
    found = parts(
        [run(2, "assay / data", "failure"), run(1, "assay / data"), run(3, "assay / drift (release/1)"), run(4, "build")]
    )
    assert {part: each.id for part, each in found.items()} == {"data": 2, "drift": 3}
    assert parts([run(1, "assay / nonsense"), run(2, "assay drift"), run(3, "xassay / data")]) == {}


def test_every_state_of_a_check_is_said_in_words() -> None:
    change = Change(7, HOSTILE, "mona", "a" * 40, True, "2026-05-01T00:00:00Z", "https://github.com/acme/flights/pull/7")
    for conclusion, said in (
        ("success", "holds"),
        ("failure", "fails"),
        ("neutral", "look"),
        ("skipped", "not judged"),
        ("odd", "look"),
    ):
        text = render(draw([Judged(change, {"data": run(1, "assay / data", conclusion)})]), Frame())
        assert f"</span> {said}</div>" in text and "<img" not in text and "a draft" in text
    assert "under way" in render(draw([Judged(change, {"data": run(1, "x", None, "in_progress")})]), Frame())


def test_where_there_is_none_the_page_says_what_to_do() -> None:
    assert "No pull request is open" in render(draw([]), Frame())


def test_only_our_apps_checks_count_and_few_requests_are_made(lived_in: Visiting) -> None:
    pulls = lived_in.github.repository(REPOSITORY).pulls.values()
    young = next(each for each in pulls if each.head_ref == "young")
    check(lived_in, young.head_sha, "assay / data", "failure", app=4242)
    browser = lived_in.browser("octocat")
    lived_in.github.forget_requests()
    text = browser.get(ADDRESS).text
    assert text.count("</span> fails</div>") == 1, "a check of the same name by somebody else is none of ours"
    assert "A better model" in text and text.count("under way") == 1
    assert len(lived_in.asked()) <= REQUESTS and not lived_in.changed()
