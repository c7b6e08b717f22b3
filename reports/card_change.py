"""How a change alters the model card, as a diff: the values that the facts know of both sides, and the words that people wrote.

The values are what the template's places would say at base and at head, so they are drawn by the code that draws the card. Gates,
intervals and limits judge the change itself: the rest of the report has them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policy.card import MadeOf
from policy.facts import DataFacts, EvaluationFacts, Facts
from policy.facts.model import MadeFacts
from policy.result import Status
from reports import card, kept, numbers
from reports.difference import changed
from reports.headline import experiment
from reports.markdown import Markdown, code, fence, put, shorten, text
from reports.section import Block, Section

KEY = "card"
_MOST_LINES = 60
_LONGEST_LINE = 400
_MOST_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class Committed:
    """The card as the repository has it, `path`, before and after the change: None where there is none.

    `unread` says why the texts cannot be told, in words.
    """

    path: str
    before: str | None = None
    after: str | None = None
    unread: str = ""


def section(facts: Facts) -> Section:
    """The fold of the card's values; empty where the facts name no model, or the change alters none."""
    found = facts.model
    if found is None or experiment(facts) is not None:
        return _folded((), ())
    if found.problem:
        return _folded((put("What the model is made of cannot be told: {}.", text(found.problem)),), ())
    if found.head is None:
        return _folded((put("No lock of this commit names {}, so nothing could be registered.", code(found.path)),), ())
    old = _values(_at_base(facts), found.path, found.base) if found.base else {}
    lines = list(_differences(old, _values(facts, found.path, found.head)))
    note = (_STAGES_RAN,) if lines and facts.training and facts.training.stages else ()
    return _folded(note, _blocks(Markdown("What is generated:"), lines))


_STAGES_RAN = Markdown("Stages were run for this check: the digests are those of the lock as it was committed.")


def with_words(told: tuple[Section, ...], committed: Committed) -> tuple[Section, ...]:
    """The sections of a story, with what people wrote in the card put into the fold of the card, or as one before the last."""
    note, block = _words(committed)
    if not note and not block:
        return told
    there = next((each for each in told if each.key == KEY), None)
    more = _folded((*(there.paragraphs if there else ()), *note), (*(there.blocks if there else ()), *block))
    if there is not None:
        return tuple(more if each is there else each for each in told)
    return (*told[:-1], more, *told[-1:])


def _folded(paragraphs: tuple[Markdown, ...], blocks: tuple[Block, ...]) -> Section:
    return Section(KEY, "Model card: what this change alters", paragraphs=paragraphs, blocks=blocks)


def _blocks(title: Markdown, lines: list[str]) -> tuple[Block, ...]:
    """The lines as a diff that a comment can bear; what is left out is said."""
    if not lines:
        return ()
    kept_lines: list[str] = []
    size = 0
    for line in lines[:_MOST_LINES]:
        cut = shorten(line, _LONGEST_LINE)
        size += len(cut)
        if kept_lines and size > _MOST_CHARACTERS:
            break
        kept_lines.append(cut)
    lost = len(lines) - len(kept_lines)
    more = [f"@@ and {numbers.count(lost)} more lines, which `assay card` writes @@"] if lost else []
    return (Block(Status.PASSED, title, fence("\n".join([*kept_lines, *more]), "diff")),)


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """The lines that differ, below the heading that they stand under."""
    for heading in dict.fromkeys([*new, *old]):
        found = changed(_lines(old.get(heading, "")), _lines(new.get(heading, "")))
        if found:
            yield f"@@ {heading} @@"
            yield from found


def _lines(told: str) -> list[str]:
    return told.strip("\n").split("\n") if told.strip("\n") else []


# Values


def _values(facts: Facts, path: str, made: MadeFacts) -> dict[str, str]:
    told = card.values(facts, MadeOf(path, made.digest, made.params, made.lock, made.data))
    return {heading: value.source for heading, value in told.items()} | _fairness(facts.evaluation)


def _fairness(found: EvaluationFacts | None) -> dict[str, str]:
    """The gaps between groups, a line for each: in the card they stand with those of the base, as a comparison."""
    gaps = [
        (each.column, name, value)
        for each in (found.fairness if found else [])
        for name, value in (("demographic parity", each.demographic_parity), ("equalised odds", each.equalised_odds))
        if value is not None
    ]
    told = [f"{code(column).source}: {name} difference {numbers.number(value)}" for column, name, value in gaps]
    return {"Fairness": "\n".join(told)} if told else {}


def _at_base(facts: Facts) -> Facts:
    """The facts as they would be told of the base alone."""
    found = facts.evaluation
    if found is not None:
        metrics = [each.model_copy(update={"head": each.base}) for each in found.metrics if each.base is not None]
        fairness = [
            each.model_copy(
                update={"demographic_parity": each.demographic_parity_base, "equalised_odds": each.equalised_odds_base}
            )
            for each in found.fairness
        ]
        found = found.model_copy(update={"metrics": metrics, "fairness": fairness})
    return facts.model_copy(update={"evaluation": found, "data": [_data_at_base(each) for each in facts.data]})


def _data_at_base(told: DataFacts) -> DataFacts:
    """Its rows are those of the base, where the two were compared; nobody knows them where the base could not be read."""
    if told.diff is not None:
        return told.model_copy(update={"diff": told.diff.model_copy(update={"rows_head": told.diff.rows_base})})
    if told.unchanged or told.contract is None:
        return told
    return told.model_copy(update={"contract": told.contract.model_copy(update={"rows": None})})


# Words


def _words(committed: Committed) -> tuple[tuple[Markdown, ...], tuple[Block, ...]]:
    """What people wrote and changed; a note in its place where it cannot be told."""
    if committed.unread:
        return (put("What people changed in {} is not shown: {}.", code(committed.path), text(committed.unread)),), ()
    try:
        old, new = (_written(each or "") for each in (committed.before, committed.after))
    except ValueError as error:
        return (put("What people changed in {} cannot be told: {}.", code(committed.path), text(str(error))),), ()
    return (), _blocks(put("What people wrote in {}:", code(committed.path)), list(_differences(old, new)))


def _written(page: str) -> dict[str, str]:
    """The places that hold somebody's words, and not what the template begins with."""
    return {name: words for name, words in kept.find(page).items() if words.strip() not in ("", "#", card.NEEDED)}
