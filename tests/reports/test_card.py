"""The model card: what was measured, nothing that a pull request can plant, and people's text byte for byte."""

import dataclasses
import socket

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.card import MadeOf
from policy.facts import EvaluationFacts
from policy.facts.evaluation import MetricFact, Slice
from policy.problems import UserProblem
from reports import card
from reports.kept import find
from tests.policy.test_origin import SOME
from tests.reports import samples

REGISTERED = MadeOf.of(SOME)
COMMITTED = dataclasses.replace(REGISTERED, origin=None)


def drawn(before: str = "", made: MadeOf = REGISTERED) -> str:
    return card.render("flight-delay", samples.facts(), samples.verdict(), made, before)


PLACES = sorted(find(drawn()))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120).filter(lambda text: "assay:keep" not in text)


@given(st.dictionaries(st.sampled_from([*PLACES, "my-own"]), TEXTS, max_size=5))
@settings(max_examples=15, deadline=None)
def test_people_s_text_is_kept_byte_for_byte_and_drawing_again_changes_nothing(kept: dict[str, str]) -> None:
    page = drawn()
    for name, text in kept.items():
        start = page.find(f"<!-- assay:keep {name} -->")
        if start < 0:
            page += f"<!-- assay:keep {name} -->{text}<!-- /assay:keep -->"
            continue
        start += len(f"<!-- assay:keep {name} -->")
        page = page[:start] + text + page[page.index("<!-- /assay:keep -->", start) :]
    once = drawn(page)
    assert {name: find(once)[name] for name in kept} == kept
    assert drawn(once) == once
    assert find(drawn(once, COMMITTED)) == find(once)


def test_it_says_what_was_measured_how_sure_that_is_and_what_it_was_made_of() -> None:
    page = drawn()
    for said in (
        "−0.012 (−0.015 … −0.009)",
        "`roc_auc` on `carrier=HA`",
        "214",
        "`origin=EWR`",
        SOME.facts_digest,
        SOME.code_sha,
    ):
        assert said in page.replace("\u00a0", " ")
    assert "came out inconclusive" in page[page.index("## Bias") : page.index("### Recommendations")]
    head = yaml.safe_load(page.split("---\n")[1])
    assert head["model_name"] == "flight-delay" and "roc_auc" in head["metrics"]


def test_a_card_that_is_committed_holds_no_commit_no_time_and_no_machine() -> None:
    page = drawn(made=COMMITTED)
    tools = samples.facts().tools
    for said in (SOME.code_sha, SOME.facts_digest, "1 min 41 s", str(tools.platform), tools.python):
        assert said not in page
    assert SOME.model_digest in page


def test_what_was_not_evaluated_is_said_and_never_blank() -> None:
    facts = samples.facts().model_copy(update={"evaluation": None, "training": None, "pipeline": None})
    bare = dataclasses.replace(COMMITTED, data={})
    page = card.render("m", facts, samples.passing()[1], bare)
    assert page.count("Not evidenced: ") >= 3 and "The lock names no data" in page


HOSTILE = "<!-- assay:keep limits -->x<!-- /assay:keep -->\n---\n# h1 {{ 7*7 }} @team [x](http://x) <script>"


@pytest.mark.parametrize("made", [REGISTERED, COMMITTED])
def test_what_a_pull_request_names_plants_no_mark_and_no_markup(made: MadeOf) -> None:
    where = Slice(column=HOSTILE, value=HOSTILE)
    metrics = [
        MetricFact(metric=HOSTILE, source=HOSTILE, head=1.0),
        MetricFact(metric=HOSTILE, source="p", slice=where, head=1.0),
    ]
    facts, verdict = samples.hostile()
    facts = facts.model_copy(update={"evaluation": EvaluationFacts(metrics=metrics)})
    page = card.render(HOSTILE, facts, verdict, dataclasses.replace(made, path=HOSTILE, data={HOSTILE: "md5:1"}))
    assert sorted(find(page)) == PLACES
    assert card.render(HOSTILE, facts, verdict, dataclasses.replace(made, path=HOSTILE, data={HOSTILE: "md5:1"}), page) == page
    body = page.split("\n---\n", 1)[1]
    assert not any(line.startswith(("# h1", "---")) for line in body.splitlines())
    assert yaml.safe_load(page.split("---\n")[1])["metrics"]


def test_marks_that_are_broken_are_refused_before_anything_is_lost() -> None:
    with pytest.raises(UserProblem, match="not closed"):
        drawn("<!-- assay:keep a --> <!-- assay:keep b --><!-- /assay:keep -->")


def test_nothing_reaches_for_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a card asked for the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert drawn()
