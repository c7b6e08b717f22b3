"""The model card as a diff: what differs and nothing else, whatever strangers name things, and never too much of it."""

import pytest

from policy.facts import DataFacts, EvaluationFacts, Facts
from policy.facts.data import DiffFacts
from policy.facts.evaluation import FairnessFact, MetricFact, Slice
from policy.facts.model import MadeFacts, ModelFacts
from policy.facts.record import RequestFacts
from reports import card, comment
from reports.card_change import Committed, section, with_words
from reports.github import to_html
from reports.story import tell
from tests.browser import Chromium
from tests.reports import samples

PATH = "cards/flight-delay.md"
BASE = MadeFacts(digest="md5:aaaa", params="sha256:pppp", lock="sha256:1111", data={"data/raw.csv": "md5:r1"})
HEAD = MadeFacts(digest="md5:bbbb", params="sha256:pppp", lock="sha256:2222", data={"data/raw.csv": "md5:r2"})
MODEL = ModelFacts(path="model.txt", base=BASE, head=HEAD)


def facts(model: ModelFacts | None = MODEL, **more: object) -> Facts:
    """A change that made the model better by new rows of its data."""
    known = {
        "data": [
            DataFacts(path="data/raw.csv", base_digest="md5:r1", head_digest="md5:r2", diff=DiffFacts(rows_base=10, rows_head=12))
        ],
        "evaluation": EvaluationFacts(
            metrics=[
                MetricFact(metric="roc_auc", source="p.csv", rows=10, base=0.7, head=0.75),
                MetricFact(metric="kept", source="p.csv", rows=10, base=0.5, head=0.5),
                MetricFact(
                    metric="roc_auc", source="p.csv", slice=Slice(column="carrier", value="HA"), rows=3, base=0.6, head=0.6
                ),
            ],
            fairness=[FairnessFact(column="origin", threshold=0.5, demographic_parity_base=0.02, demographic_parity=0.03)],
        ),
        "training": None,
    }
    return samples.facts(**{**known, **more}, model=model)


def diff(found: Facts) -> str:
    blocks = section(found).blocks
    return "\n".join(each.body.source for each in blocks)


def test_each_value_that_the_change_alters_is_told_before_and_after_and_no_other() -> None:
    told = diff(facts()).splitlines()
    assert told[0] == "```diff" and told[-1] == "```"
    assert told[1:-1] == [
        "@@ Training Data @@",
        "-| `data/raw.csv` | `md5:r1` | 10 | none |",
        "+| `data/raw.csv` | `md5:r2` | 12 | none |",
        "@@ Training Procedure @@",
        "-as the parameters say, `sha256:pppp`; lock `sha256:1111`",
        "+as the parameters say, `sha256:pppp`; lock `sha256:2222`",
        "@@ Summary @@",
        "-- Model: `model.txt` `md5:aaaa`",
        "+- Model: `model.txt` `md5:bbbb`",
        "@@ Every metric @@",
        "-| `roc_auc` | 0.7 | 10 |",
        "+| `roc_auc` | 0.75 | 10 |",
        "@@ Fairness @@",
        "-`origin`: demographic parity difference 0.02",
        "+`origin`: demographic parity difference 0.03",
    ]


def test_what_it_says_of_the_head_stands_word_for_word_in_the_card() -> None:
    found = facts()
    made = card.MadeOf("model.txt", HEAD.digest, HEAD.params, HEAD.lock, HEAD.data)
    page = card.render("flight-delay", found, samples.verdict(), made)
    added = [line[1:] for line in diff(found).splitlines() if line.startswith("+") and "parity" not in line]
    assert added and all(line in page for line in added)


def test_a_change_that_alters_nothing_of_the_card_shows_none() -> None:
    same = facts(ModelFacts(path="model.txt", base=BASE, head=BASE), data=[], evaluation=None)
    assert section(same).is_empty
    assert section(facts(None)).is_empty
    asked = facts().model_copy(update={"request": RequestFacts(id="1", command="train")})
    assert section(asked).is_empty, "what a command tried alters no card"


def test_a_model_that_is_new_has_only_lines_that_are_added() -> None:
    told = diff(facts(ModelFacts(path="model.txt", head=HEAD)))
    assert "\n+| `roc_auc` | 0.75 | 10 |" in told and "\n-" not in told


def test_what_cannot_be_told_is_said_and_not_left_out() -> None:
    gone, unread = ModelFacts(path="m", base=BASE), ModelFacts(path="m", problem="dvc.yaml: broken")
    assert "nothing could be registered" in section(facts(gone)).paragraphs[0].source
    assert "cannot be told: " in section(facts(unread)).paragraphs[0].source


def page(**places: str) -> str:
    return "# A card\n" + "\n\n".join(f"<!-- assay:keep {name} -->{text}<!-- /assay:keep -->" for name, text in places.items())


def words(before: str | None, after: str | None) -> str:
    found = with_words((), Committed(PATH, before, after))
    return "\n".join(each.body.source for one in found for each in one.blocks)


def test_the_words_of_people_that_the_change_alters_are_told_by_their_place() -> None:
    before = page(direct_use="\nTo plan gates.\nNothing else.\n", license="mit")
    after = page(direct_use="\nTo plan gates and crews.\nNothing else.\n", license="mit", glossary=f"\n{card.NEEDED}\n")
    assert words(before, after).splitlines() == [
        "```diff",
        "@@ direct_use @@",
        "-To plan gates.",
        "+To plan gates and crews.",
        "```",
    ]
    assert words(before, None).count("\n-") == 3, "a card that is deleted takes its words with it"
    assert with_words((), Committed(PATH, before, before.replace("# A card", "# Another"))) == ()


def test_words_and_values_stand_in_one_fold() -> None:
    told = with_words(tell(facts(), samples.verdict()).sections, Committed(PATH, None, page(license="mit")))
    (fold,) = [each for each in told if each.key == "card"]
    assert [each.title.source for each in fold.blocks] == ["What is generated:", f"What people wrote in `{PATH}`:"]


def test_marks_that_are_broken_are_said() -> None:
    (fold,) = with_words((), Committed(PATH, "", "<!-- assay:keep a --> x"))
    assert "cannot be told" in fold.paragraphs[0].source and "<!--" not in fold.paragraphs[0].source
    (fold,) = with_words((), Committed(PATH, unread="it is too long"))
    assert "is not shown: it is too long" in fold.paragraphs[0].source


HOSTILE = "````\n</details><script>alert(1)</script> @team #1 <!-- assay:report x --> \u202e | `x`\n" + "`" * 90


@pytest.mark.parametrize("place", ["names", "words"])
def test_ga_04_hostile_text_stays_within_its_block(place: str, chromium: Chromium) -> None:
    made = MadeFacts(digest=HOSTILE[:400], params=HOSTILE[:400], lock=HOSTILE[:400], data={HOSTILE[:400]: HOSTILE[:400]})
    model = ModelFacts(path=HOSTILE[:400], base=BASE, head=made) if place == "names" else None
    metrics = [MetricFact(metric=HOSTILE[:400], source="p", base=1.0, head=2.0)] if place == "names" else []
    found = facts(model, evaluation=EvaluationFacts(metrics=metrics))
    committed = Committed(PATH, None, page(direct_use=HOSTILE)) if place == "words" else None
    body = comment.render(found, samples.verdict(), card=committed)
    assert body.count("<!--") == 1, "our own marker and no other"
    with chromium.look(f"<div class=markdown-body>{to_html(body)}</div>") as looked:
        looked.open_all()
        fold = looked.page.locator("details", has=looked.page.get_by_text("Model card: what this change alters"))
        assert fold.count() == 1 and fold.locator("pre").count() == 1
        assert "alert(1)" in fold.locator("pre").inner_text(), "shown, and not run"
        assert looked.page.locator("script, details details").count() == 0 and looked.errors == []


def test_ga_04_a_card_as_long_as_github_takes_leaves_a_comment_that_github_takes() -> None:
    long = page(direct_use="x y\n" * 250_000)
    body = comment.render(facts(), samples.verdict(), card=Committed(PATH, None, long))
    assert len(body.encode()) <= comment.LIMIT and "more lines" in body and "roc_auc" in body
    assert max(map(len, words(None, page(a="z" * 100_000)).splitlines())) <= 400
