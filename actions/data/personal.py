"""The search for personal data: a sample of every column, then the whole column where the sample raises suspicion.

Precision comes first: ordinary integers, timestamps, hashes and codes must raise nothing. A form of personal value
counts only where at least half of the different values that look like it pass its check, and where as many would pass
by accident less than once in a million columns (the Chernoff bound of the binomial tail). A word in the column's name
(`customer_email`, `iban`) makes the second condition unnecessary.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from actions.data.kinds import DataType
from actions.data.masking import mask
from actions.data.recognizers import RECOGNIZERS, SEPARATORS, Recognizer, bare, normal, words
from actions.data.sample import sampled
from actions.data.text import column_name
from policy.facts.data import PersonalFacts, PersonalFinding
from policy.personal import Personal

SAMPLE = 20_000
"""Rows of the sample."""
TRIED = 500
"""Different candidates tried per column and form to raise a suspicion."""
TRIED_BYTES = 16 * 1024 * 1024
"""Bytes of different values that are looked through to raise a suspicion, so that long texts cost no more than short ones."""
COUNTED = 20_000
"""Different values up to which a whole column is counted; one with more is judged by its sample."""
ACCIDENT = 1e-6
LONGEST_CODE = 24
"""Bytes of a value, separators included, that may as a whole be a code."""
EXAMPLES = 3
FINDINGS = 2_000


def find(frame: pl.LazyFrame, section: Personal, *, seed: int = 0, rows: int | None = None) -> PersonalFacts:
    """Columns with values that look personal, of the kinds the policy asks for and does not allow in that column.

    `rows` is the size of the sample. The same frame, seed and size give the same facts. Columns of text and integers are
    searched, also inside lists and structs; floats only where the column's name speaks of numbers such as cards.
    """
    leaves = [leaf for name, kind in frame.collect_schema().items() for leaf in _leaves(name, kind, pl.col(name), name, section)]
    names = list(dict.fromkeys(leaf.column for leaf in leaves))
    sample, total = sampled(frame, names, rows or SAMPLE, seed)
    search = _Search(frame, sample, total)
    sparse = search.sparse_emails(leaves)
    found = [finding for leaf in leaves for finding in search.findings(leaf, suspect_email=leaf in sparse)]
    return PersonalFacts(rows_read=sample.height if names else 0, columns_read=len(names), findings=_strongest(found)[:FINDINGS])


@dataclass(frozen=True, eq=False)
class _Leaf:
    """A column, or a part of a nested one, as text; and what it may hold."""

    column: str
    words: frozenset[str]
    text: pl.Expr
    number: bool
    recognizers: tuple[Recognizer, ...]


def _leaves(column: str, kind: DataType, value: pl.Expr, path: str, section: Personal) -> Iterator[_Leaf]:
    if kind in (pl.List, pl.Array):
        yield from _leaves(column, kind.inner, value.explode(), path, section)
    elif kind == pl.Struct:
        for field in kind.fields:
            yield from _leaves(column, field.dtype, value.struct.field(field.name), f"{path}.{field.name}", section)
    elif kind in (pl.String, pl.Categorical, pl.Enum) or kind.is_integer() or kind.is_float():
        leaf = _leaf(column, kind, value, path, section)
        if leaf.recognizers:
            yield leaf


def _leaf(column: str, kind: DataType, value: pl.Expr, path: str, section: Personal) -> _Leaf:
    said, number = words(path), bool(kind.is_numeric())
    asked = set(section.kinds) - set(section.allow.get(column_name(column), ()))
    possible = [each for each in RECOGNIZERS if each.kind in asked and each.possible(said, number=number)]
    if kind.is_float():
        possible = [each for each in possible if each.hinted(said)]
        value = value.filter(value.is_finite() & (value == value.floor()) & (value.abs() < 1e18)).cast(pl.Int64)
    return _Leaf(column, said, value.cast(pl.String).alias("value"), number, tuple(possible))


@dataclass(frozen=True)
class _Evidence:
    """What one recognizer makes of one column: different candidates, those valid, and the rows they are in."""

    recognizer: Recognizer
    candidates: int
    valid: int
    rows: int
    values: int
    examples: tuple[str, ...]

    def suspicious(self) -> bool:
        return self.valid > 0 and 2 * self.valid >= self.candidates

    def convincing(self, said: frozenset[str]) -> bool:
        if not self.suspicious():
            return False
        return self.recognizer.hinted(said) or accident(self.valid, self.candidates, self.recognizer.chance) < ACCIDENT


def accident(valid: int, candidates: int, chance: float) -> float:
    """A bound on the probability that at least `valid` of `candidates` pass a check that each passes with `chance`.

    exp(-n KL(v/n || p)), the Chernoff bound of the binomial tail (Hoeffding, 1963, theorem 1); 1 below the mean.
    """
    share = valid / candidates
    if share <= chance:
        return 1.0
    divergence = share * math.log(share / chance)
    if share < 1:
        divergence += (1 - share) * math.log((1 - share) / (1 - chance))
    return math.exp(-candidates * divergence)


@dataclass(frozen=True)
class _Search:
    frame: pl.LazyFrame
    sample: pl.DataFrame
    total: int

    def findings(self, leaf: _Leaf, *, suspect_email: bool) -> list[PersonalFinding]:
        values = _values(self.sample.lazy(), leaf)
        some = values.filter(pl.col("value").str.len_bytes().cum_sum() <= TRIED_BYTES)
        tried = [_evidence(some, recognizer, limit=TRIED) for recognizer in leaf.recognizers]
        suspects = [each.recognizer for each in tried if each.suspicious() or (suspect_email and each.recognizer.kind == "email")]
        if not suspects:
            return []
        whole = self.sample.height == self.total
        if not whole and (read := self._whole(leaf, values, suspects)) is not None:
            values, whole = read, True
        counted = [_evidence(values, recognizer) for recognizer in suspects]
        return [_finding(leaf, each, whole=whole) for each in counted if each.convincing(leaf.words)]

    def sparse_emails(self, leaves: Sequence[_Leaf]) -> set[_Leaf]:
        """The texts in which an e-mail address stands anywhere: one in a million rows escapes any sample.

        Other kinds are not searched for like this: an address shows itself by its @, at the speed of reading.
        """
        texts = {str(place): leaf for place, leaf in enumerate(leaves) if not leaf.number and _email(leaf)}
        if not texts or self.sample.height == self.total:
            return set()
        counts = [leaf.text.str.contains(_email(leaf)[0].pattern).any().alias(name) for name, leaf in texts.items()]
        row = self.frame.select(counts).collect(engine="streaming").row(0, named=True)
        return {texts[name] for name, seen in row.items() if seen}

    def _whole(self, leaf: _Leaf, sample: pl.DataFrame, suspects: Sequence[Recognizer]) -> pl.DataFrame | None:
        """All values of the column that may be what is suspected, or None where too many differ to try them all."""
        matching = pl.any_horizontal(_matches(recognizer) for recognizer in suspects)
        seen = sample.filter(matching)
        repeated = 4 * seen.height <= seen["rows"].sum()
        if not repeated and seen.height * self.total > COUNTED * max(1, self.sample.height):
            return None
        everything = self.frame.select(leaf.text)
        present = everything.select(pl.col("value").count()).collect(engine="streaming").item()
        found = _grouped(_with_code(everything).filter(matching).select("value"), COUNTED + 1)
        if found.height > COUNTED:
            return None
        return found.with_columns(values=pl.lit(present, dtype=pl.Int64))


def _email(leaf: _Leaf) -> list[Recognizer]:
    return [recognizer for recognizer in leaf.recognizers if recognizer.kind == "email"]


def _values(sample: pl.LazyFrame, leaf: _Leaf) -> pl.DataFrame:
    """The different values of a column's sample : `value`, `code`, `rows`; and `values`, all that are not null."""
    found = _grouped(sample.select(leaf.text), None)
    return found.with_columns(values=pl.col("rows").sum())


def _grouped(values: pl.LazyFrame, limit: int | None) -> pl.DataFrame:
    groups = values.drop_nulls().group_by("value").agg(pl.len().cast(pl.Int64).alias("rows"))
    found = (groups if limit is None else groups.head(limit)).collect(engine="streaming")
    return _with_code(found.lazy()).collect().sort(pl.col("value").hash(0), "value")


def _with_code(values: pl.LazyFrame) -> pl.LazyFrame:
    """Short values once more without separators, as `code`: in two steps, so that long texts cost nothing."""
    short = pl.when(pl.col("value").str.len_bytes() <= LONGEST_CODE).then(pl.col("value"))
    return values.with_columns(short.alias("code")).with_columns(pl.col("code").str.replace_all(SEPARATORS, ""))


def _matches(recognizer: Recognizer) -> pl.Expr:
    return pl.col("code" if recognizer.whole else "value").str.contains(recognizer.pattern)


def _evidence(values: pl.DataFrame, recognizer: Recognizer, limit: int | None = None) -> _Evidence:
    """Try the candidates; `limit` tries the first values alone, and then `rows` counts only those."""
    matching = values.filter(_matches(recognizer)).head(limit or values.height)
    parts = pl.concat_list("code") if recognizer.whole else pl.col("value").str.extract_all(recognizer.pattern)
    tried: dict[str, bool] = {}
    rows = 0
    examples: list[str] = []
    for candidates, count in matching.select(parts.alias("parts"), "rows").iter_rows():
        hits = [candidate for candidate in map(_candidate(recognizer), candidates) if _try(tried, recognizer, candidate)]
        rows += count if hits else 0
        examples += hits[: EXAMPLES - len(examples)]
    present = int(values["values"].item(0)) if values.height else 0
    return _Evidence(recognizer, len(tried), sum(tried.values()), rows, present, tuple(examples))


def _candidate(recognizer: Recognizer) -> Callable[[str], str]:
    return bare if recognizer.whole else normal


def _try(tried: dict[str, bool], recognizer: Recognizer, candidate: str) -> bool:
    if candidate not in tried:
        tried[candidate] = recognizer.valid(candidate)
    return tried[candidate]


def _finding(leaf: _Leaf, evidence: _Evidence, *, whole: bool) -> PersonalFinding:
    return PersonalFinding(
        column=column_name(leaf.column),
        kind=evidence.recognizer.kind,
        form=evidence.recognizer.form,
        count=evidence.rows,
        share=min(1.0, evidence.rows / max(1, evidence.values)),
        read="whole" if whole else "sample",
        examples=list(dict.fromkeys(mask(example) for example in evidence.examples)),
    )


def _strongest(found: Sequence[PersonalFinding]) -> list[PersonalFinding]:
    """One finding for each column and kind: the form that most values have."""
    best: dict[tuple[str, str], PersonalFinding] = {}
    for finding in found:
        place = finding.column, finding.kind
        if place not in best or finding.count > best[place].count:
            best[place] = finding
    return sorted(best.values(), key=lambda finding: -finding.share)
