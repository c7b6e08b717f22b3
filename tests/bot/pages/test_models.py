"""The model, its environments and its versions."""

from dataclasses import replace

from bot.pages.models import SIZE, Present, draw
from policy.lineage import Step
from reports.pages import Frame, render
from tests.bot.pages.furnished import HOSTILE, START, shelf
from tests.bot.pages.visiting import REPOSITORY, Visiting
from tests.bot.promotion.court import POLICY

LINEAGE = shelf(["a" * 40, "b" * 40, "c" * 40, "d" * 40])
PRESENT = Present("flight-delay", ["staging", "production", "shadow"], LINEAGE, "https://github.com/acme/flights")


def html(present: Present) -> str:
    return render(draw(present), Frame())


def test_each_environment_shows_the_version_that_its_alias_points_to_in_the_policys_order() -> None:
    text = html(PRESENT)
    places = [text.index(f"<code>{each}</code>") for each in ("staging", "production", "shadow")]
    assert places == sorted(places)
    assert "no version yet" in text and "only an alias" in text and "2026-05-05 09:30 UTC" in text


def test_a_version_that_assay_did_not_register_is_red_and_says_why() -> None:
    assert "the tag `assay.schema` is missing" in html(PRESENT)


def test_versions_lead_to_their_pull_request_and_commit_at_github() -> None:
    text = html(PRESENT)
    assert 'href="https://github.com/acme/flights/pull/43"' in text
    assert f'href="https://github.com/acme/flights/commit/{"c" * 40}"' in text


def test_hostile_text_in_the_name_of_a_model_is_only_text() -> None:
    text = html(replace(PRESENT, model=HOSTILE, environments=["production"]))
    assert "<img" not in text and "\u202e" not in text


def test_many_versions_have_pages() -> None:
    steps = tuple(Step(number, START, None) for number in range(1, SIZE + 4))
    many = replace(PRESENT, lineage=replace(LINEAGE, steps=steps))
    first, second = html(many), html(replace(many, number=2))
    assert first.count(">version ") - second.count(">version ") >= SIZE - 3 and "version 3<" in second
    assert "Environments" in first and "Environments" not in second


def test_where_there_is_nothing_the_page_says_what_to_do() -> None:
    assert "assay.yml" in html(Present("", [], None, ""))
    assert "ASSAY_REGISTRY_REPOSITORY" in html(Present("m", [], None, ""))


def test_it_takes_few_requests_and_changes_nothing(lived_in: Visiting) -> None:
    browser = lived_in.browser("octocat")
    browser.get(f"/repos/{REPOSITORY}/models")
    lived_in.github.forget_requests()
    answer = browser.get(f"/repos/{REPOSITORY}/models")
    assert answer.status_code == 200 and "version 3" in answer.text
    assert len(lived_in.asked()) <= 3 and not lived_in.changed()


def test_a_model_that_the_registry_does_not_know_is_told(there: Visiting) -> None:
    class Empty:
        def lineage(self, name: str) -> object:
            from policy.problems import UserProblem

            raise UserProblem("the registry knows no version of it", name, "`assay register` makes the first")

    there.registry[REPOSITORY] = Empty()  # type: ignore[assignment]
    answer = there.browser("octocat").get(f"/repos/{REPOSITORY}/models")
    assert answer.status_code == 200
    assert "The registry knows no version of it" in answer.text and "`assay register` makes the first" in answer.text


def test_a_policy_that_is_broken_or_not_there_is_told_on_the_page(there: Visiting) -> None:
    browser = there.browser("octocat")
    for text, said in (("version: 7\n", "assay.yml:1"), ("<script>", ""), (None, "There is no policy")):
        there.github.commit(REPOSITORY, {"assay.yml": text})
        answer = browser.get(f"/repos/{REPOSITORY}/models")
        assert answer.status_code == 200 and said in answer.text and "<script" not in answer.text
        assert "There is nothing to show now" in answer.text
    there.github.commit(REPOSITORY, {"assay.yml": POLICY})
