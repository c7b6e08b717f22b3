"""What a runner says about the texts of a folder or a column: counts, names and measures, and never the text itself."""

from typing import Annotated, Literal

from pydantic import Field

from policy.models import Name, Record, Text
from policy.reasons import Reason

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Check = Literal["encoding", "length", "language"]


class TextFinding(Record):
    """Texts that one check of the policy does not allow, with the first of them and what they are."""

    check: Check
    count: Count
    examples: Annotated[list[Text], Field(max_length=10)] = []


class WordShare(Record):
    """A word, and the shares of the texts at base and head that have it."""

    word: Text
    base: Share
    head: Share


class VocabularyFacts(Record):
    """How far the words of the texts moved from those at the base. A word counts once for each text that has it."""

    texts_base: Count
    """Texts with any word; `texts_head` likewise."""
    texts_head: Count
    distance: Share | None = None
    """The Jensen-Shannon distance of the shares of words; None where a side has no words."""
    chance: Share = 0.0
    """The distance that chance alone stays below in 99 of 100 cases."""
    unseen: Share | None = None
    """The share of the head's words that the base has nowhere; None where the base has too many words to know."""
    unseen_words: Annotated[list[Text], Field(max_length=10)] = []
    """The most frequent of them; none where the texts may be personal."""
    moved: Annotated[list[WordShare], Field(max_length=10)] = []
    """The words that moved most; none where the texts may be personal."""


class EmbeddingFacts(Record):
    """How well texts of base and head can be told apart by the vectors that a model makes of them."""

    model: Name
    rows: Count
    """How many texts of each side were looked at."""
    auc: Share | None = None
    """0.5: not at all; 1: every text betrays where it is from; None: there were too few texts."""
    p: Share = 1.0


class TextFacts(Record):
    """The texts at the head. `texts` counts the files that are named like one, or the rows; `others` the files that are not."""

    texts: Count
    others: Count = 0
    problem: Reason | None = None
    """Why there are no texts to judge: there is no such column, or it holds none."""
    findings: Annotated[list[TextFinding], Field(max_length=10)] = []
    duplicates: Count = 0
    """Texts beyond the first of each group that reads alike."""
    groups: Annotated[list[Annotated[list[Text], Field(max_length=5)]], Field(max_length=10)] = []
    """The largest such groups, by the first names in each."""
    vocabulary: VocabularyFacts | None = None
    """None: nobody compared it, or there is no base."""
    embeddings: EmbeddingFacts | None = None
    """None: nobody compared them, or there is no base."""
