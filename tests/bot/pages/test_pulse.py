"""How the project does, as a page."""

from dataclasses import replace

from bot.around import RUN
from bot.pages.pulse import REQUESTS, draw
from policy import document
from policy.ledger import Decision
from policy.pulse.pulse import Pulse, Sources, compose, priced
from policy.tokens import Used
from reports.pages import Frame, render
from tests.bot.pages.furnished import HOSTILE
from tests.bot.pages.visiting import REPOSITORY, Visiting
from tests.bot.promotion.court import POLICY as RULES
from tests.policy.pulse.diary import Diary, at
from tests.policy.pulse.test_outgoings import outgoings, run
from tests.policy.pulse.test_pulse import LEDGER, POLICY, TEXT, VERSIONS
from tests.reports.test_outgoings import asked

ADDRESS = "https://github.com/acme/flights"
WHOLE = compose(POLICY, Sources(LEDGER, VERSIONS, notes=("An incident may be over",)), at(180))


def html(found: Pulse) -> str:
    return render(draw(found, ADDRESS), Frame())


def test_an_objective_is_drawn_with_its_target_and_what_is_expected() -> None:
    text = html(WHOLE)
    assert "<svg" in text and "better: on track" in text and "the last point is expected" in text
    assert "target 0.8" in text and "Dec 31" in text
    assert "2026-12-31" in text and "≥ 0.8" in text and "carol" in text


def test_risks_lead_to_github_and_flow_stands_beside_that_of_before() -> None:
    text = html(WHOLE)
    assert f'href="{ADDRESS}/issues/12"' in text and "lock" in text
    assert "Flow to production" in text and "The last 90 days" in text and "change failure rate" in text
    assert "An incident may be over" in text


def test_with_too_few_versions_there_is_no_forecast_and_no_picture_of_one_point() -> None:
    text = html(compose(POLICY, Sources(LEDGER, VERSIONS[:1]), at(180)))
    assert "too little" in text and "the level line is the target" not in text and "the level line is the target" in html(WHOLE)


def test_what_could_not_be_read_is_named_and_the_rest_is_shown() -> None:
    text = html(compose(POLICY, Sources("there is no ledger yet", VERSIONS), at(180)))
    assert "Risks could not be read: there is no ledger yet" in text and "on track" in text and "Flow to" not in text


def test_where_there_is_nothing_the_page_says_what_to_do() -> None:
    bare = document.read("version: 1\n")
    assert "Write <code>objectives</code>" in html(compose(bare, Sources("no ledger", "no registry"), at(1)))


def test_what_runs_cost_stands_last_with_bars_and_leads_to_the_pull_requests() -> None:
    text = html(priced(WHOLE, outgoings(run("21", 7), run("0.006", None, HOSTILE))))
    assert text.index("Flow to production") < text.index("Cost of flight-delay") < text.index("This month by workflow")
    assert "March 2026, so far" in text and "21.01 USD" in text and "105.03 % of 20.00 USD" in text
    assert f'href="{ADDRESS}/pull/7"' in text and "<img" not in text
    bare = html(priced(WHOLE, outgoings()))
    assert "by workflow" not in bare and "dearest" not in bare


def test_hostile_names_are_only_text() -> None:
    book = Diary().add(Decision.LOCKED, 1, environment=HOSTILE).kept
    policy = document.read(TEXT.replace("name: better", "name: '<b>better</b>'"))
    text = html(replace(compose(policy, Sources(book, VERSIONS), at(30)), notes=(HOSTILE,)))
    assert "<b>better" not in text and "<img" not in text and "\u202e" not in text


def test_it_takes_few_requests_and_changes_nothing(lived_in: Visiting) -> None:
    browser = lived_in.browser("octocat")
    browser.get(f"/repos/{REPOSITORY}/pulse")
    lived_in.github.forget_requests()
    answer = browser.get(f"/repos/{REPOSITORY}/pulse")
    assert answer.status_code == 200 and "Risks" in answer.text and "Flow to" in answer.text, answer.text[-2000:]
    asked = lived_in.asked()
    assert len(asked) <= 8
    assert all(each.startswith("GET") or each.endswith("/graphql") for each in asked), asked


def test_without_a_policy_that_is_told(there: Visiting) -> None:
    answer = there.browser("octocat").get(f"/repos/{REPOSITORY}/pulse")
    assert answer.status_code == 200 and "Pulse" in answer.text


def test_with_cost_it_takes_more_requests_and_not_too_many(there: Visiting) -> None:
    there.github.commit(REPOSITORY, {"assay.yml": f"{RULES}cost: {{prices: {{ubuntu-latest: 0.5}}}}\n"})
    names = [RUN, *(f"assay-{index}.yml" for index in range(9))]
    there.github.commit(REPOSITORY, {f".github/workflows/{name}": "on: [push]\n" for name in names})
    for name in names:
        for _ in range(3):
            made = there.github.run(REPOSITORY, "a" * 40, "feature", path=f".github/workflows/{name}")
            there.github.job(REPOSITORY, made, 600)
    browser = there.browser("octocat")
    there.github.forget_requests()
    answer = browser.get(f"/repos/{REPOSITORY}/pulse")
    assert answer.status_code == 200 and "so far" in answer.text and "150.00 USD" in answer.text, answer.text[-2000:]
    assert len([each for each in there.asked() if "/actions/" in each]) == 1 + 20 + 10
    assert len(there.asked()) <= REQUESTS and there.changed() == ["POST /graphql"]


def test_language_models_have_a_table_and_what_is_not_known_is_said() -> None:
    shown = html(priced(compose(document.read(TEXT), Sources([], VERSIONS), at(30)), asked(Used(HOSTILE[:90], 5), unknown=2)))
    assert "Language model" in shown and "<img" not in shown
    assert "What 2 runs of this month used of language models is not known" in shown
