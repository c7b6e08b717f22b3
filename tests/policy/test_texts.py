"""Whether texts are what they must be."""

import pytest

from policy import data, document
from policy.errors import PolicyProblem
from policy.facts import DataFacts
from policy.facts.data import DiffFacts
from policy.facts.texts import Check, EmbeddingFacts, TextFacts, TextFinding, VocabularyFacts, WordShare
from policy.reasons import Reason
from policy.result import Result, Status
from policy.texts import Texts, Vocabulary, decide


def told(section: Texts, **update: object) -> dict[str, Result]:
    return {each.name: each for each in decide(section, TextFacts(texts=10).model_copy(update=update), "data/reviews")}


def test_only_what_is_asked_for_is_judged() -> None:
    assert set(told(Texts())) == {"encoding", "length", "duplicates"}
    assert {each.status for each in told(Texts()).values()} == {Status.PASSED}
    assert set(told(Texts(languages=["en"], duplicates="ignore"))) == {"encoding", "length", "language"}


@pytest.mark.parametrize(
    ("check", "section", "said"),
    [
        ("encoding", Texts(), "no sound UTF-8 texts (7): a.txt (x), …"),
        ("length", Texts(least_words=2, most_words=9), "have not at least 2 and at most 9 words (7): a.txt (x)"),
        ("language", Texts(languages=["en", "de"]), "another language than en, de (7): a.txt (x)"),
    ],
)
def test_what_is_not_allowed_fails_with_its_examples(check: Check, section: Texts, said: str) -> None:
    result = told(section, findings=[TextFinding(check=check, count=7, examples=["a.txt (x)"])])[check]
    assert result.status is Status.FAILED and said in result.why


def test_what_is_named_whole_has_no_dots_behind_it() -> None:
    exact = Texts(least_words=3, most_words=3)
    why = told(exact, findings=[TextFinding(check="length", count=1, examples=["a.txt (2 words)"])])["length"].why
    assert why.endswith("at least 3 and at most 3 words (1): a.txt (2 words)")


@pytest.mark.parametrize(("policy", "status"), [("warn", Status.WARNED), ("fail", Status.FAILED)])
def test_what_reads_alike_is_worth_what_the_policy_says(policy: str, status: Status) -> None:
    result = told(Texts.model_validate({"duplicates": policy}), duplicates=1, groups=[["a.txt", "b.txt"]])["duplicates"]
    assert result.status is status and "(1): a.txt = b.txt" in result.why


def test_a_column_that_holds_no_text_fails() -> None:
    (result,) = told(Texts(column="review"), problem=Reason.TEXTS_NO_COLUMN).values()
    assert result.status is Status.FAILED and result.why == "the data has no column review that holds text"


def test_a_table_with_texts_keeps_its_key_and_what_else_is_asked_of_tables() -> None:
    (section,) = document.read("version: 1\ndata: [{path: a.csv, text: {column: review}, personal: block}]\n").data
    assert section.key is None and not section.of_files
    assert data.Dataset(path="a", text=Texts()).of_files and data.Dataset(path="a", text=Texts()).key == ["path"]


WORDS = VocabularyFacts(texts_base=90, texts_head=80, distance=0.5, chance=0.3, unseen=0.041, unseen_words=["bus", "gate"])
SHIFT = WordShare(word="late", base=0.5, head=0.02)


@pytest.mark.parametrize(
    ("limits", "status"), [({}, Status.FAILED), ({"fail": 0.41}, Status.WARNED), ({"warn": 0.41, "fail": 0.41}, Status.PASSED)]
)
def test_words_are_judged_by_how_far_they_moved_beyond_chance(limits: dict[str, float], status: Status) -> None:
    section = Texts.model_validate({"vocabulary": limits})
    result = told(section, vocabulary=WORDS.model_copy(update={"moved": [SHIFT]}))["vocabulary"]
    assert result.status is status and "0.4 beyond chance" in result.why
    said = "most of all late 50% to 2%; unseen at the base are 4.1% of the words: bus, gate"
    assert result.why.endswith(said) is (status is not Status.PASSED)


def test_what_chance_alone_explains_has_not_moved() -> None:
    result = told(Texts(vocabulary=Vocabulary()), vocabulary=WORDS.model_copy(update={"chance": 0.6, "unseen": None}))[
        "vocabulary"
    ]
    assert result.status is Status.PASSED and "moved by 0 beyond chance" in result.why


def test_words_that_may_be_personal_are_not_named() -> None:
    result = told(Texts(vocabulary=Vocabulary()), vocabulary=WORDS.model_copy(update={"unseen_words": []}))["vocabulary"]
    assert result.why.endswith("most of all not named; unseen at the base are 4.1% of the words: not named")


@pytest.mark.parametrize(
    ("found", "status", "reason"),
    [
        (None, Status.FAILED, Reason.MISSING_PART),
        (VocabularyFacts(texts_base=0, texts_head=3), Status.SKIPPED, Reason.WORDS_NEW),
        (VocabularyFacts(texts_base=3, texts_head=0), Status.FAILED, Reason.WORDS_GONE),
    ],
)
def test_words_that_cannot_be_compared_pass_only_where_the_base_has_none(
    found: VocabularyFacts | None, status: Status, reason: Reason
) -> None:
    result = told(Texts(vocabulary=Vocabulary()), vocabulary=found)["vocabulary"]
    assert (result.status, result.reason) == (status, reason)


def test_the_words_of_new_texts_are_compared_with_nothing() -> None:
    results = decide(Texts(vocabulary=Vocabulary()), TextFacts(texts=1), "data/reviews", new=True)
    assert [(each.status, each.reason) for each in results if each.name == "vocabulary"] == [(Status.SKIPPED, Reason.NEW_DATA)]


APART = EmbeddingFacts(model="minilm", rows=400, auc=0.7, p=1e-9)


@pytest.mark.parametrize(
    ("limits", "found", "status"),
    [
        ({}, APART, Status.WARNED),
        ({"fail": 0.7}, APART, Status.FAILED),
        ({"warn": 0.71}, APART, Status.PASSED),
        ({"fail": 0.6}, APART.model_copy(update={"p": 0.01}), Status.PASSED),
        ({}, EmbeddingFacts(model="minilm", rows=3), Status.WARNED),
        ({}, None, Status.FAILED),
    ],
)
def test_what_texts_are_about_is_judged_by_how_surely_a_model_tells_them_apart(
    limits: dict[str, float], found: EmbeddingFacts | None, status: Status
) -> None:
    section = Texts.model_validate({"embeddings": {"model": "minilm", **limits}})
    result = told(section, embeddings=found)["embeddings"]
    assert result.status is status and result.why


def test_a_data_set_that_is_new_is_compared_with_nothing() -> None:
    section = data.Dataset(path="data/reviews", text=Texts.model_validate({"vocabulary": {}, "embeddings": "minilm"}))
    diff = DiffFacts(rows_base=0, rows_head=1, removed=0)
    new = DataFacts(path="data/reviews", head_digest="b", diff=diff, text=TextFacts(texts=1))
    assert data.decide(section, new).status is Status.PASSED
    assert data.decide(section, new.model_copy(update={"base_digest": "a"})).status is Status.FAILED


def test_embeddings_say_which_model_and_how_far() -> None:
    section = Texts.model_validate({"embeddings": "minilm"})
    why = told(section, embeddings=APART)["embeddings"].why
    assert why == "by minilm, the texts can be told from those of the base: AUC 0.7, and 0.6 is the limit (400 of each side)"
    (*_, new) = decide(section, TextFacts(texts=1), "data/reviews", new=True)
    assert (new.name, new.status, new.reason) == ("embeddings", Status.SKIPPED, Reason.NEW_DATA)


def test_texts_that_nobody_read_fail_unless_they_are_unchanged() -> None:
    (section,) = document.read("version: 1\ndata: [{path: data/reviews, text: {}}]\n").data
    assert section.key == ["path"]
    diff = DiffFacts(rows_base=1, rows_head=1, removed=0)
    new = DataFacts(path="data/reviews", base_digest="a", head_digest="b", diff=diff)
    assert [leaf.reason for leaf in data.decide(section, new).causes()] == [Reason.MISSING_PART]
    assert data.decide(section, new.model_copy(update={"head_digest": "a", "diff": None})).status is Status.PASSED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("text: {least_words: 9, most_words: 8}", "least_words (9) is above most_words (8)"),
        ("text: {languages: [xx]}", "languages"),
        ("text: {vocabulary: {warn: 0.3}}", "warn (0.3) is above fail (0.2)"),
        ("text: {embeddings: {model: a, warn: 0.9}}", "warn (0.9) is above fail (0.75)"),
        ("text: {embeddings: {}}", "model"),
        ("text: {}, images: {}", "name one of them"),
        ("text: {}, personal: block", "unless it names a `column`"),
        ("text: {column: review}, images: {}", "name one of them"),
    ],
)
def test_a_section_that_contradicts_itself_is_refused(text: str, said: str) -> None:
    with pytest.raises(PolicyProblem) as caught:
        document.read(f"version: 1\ndata: [{{path: a, {text}}}]\n")
    assert said in str(caught.value)
