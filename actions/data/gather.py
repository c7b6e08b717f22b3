"""Everything about one data set: finds its bytes at base and head, and asks the rooms around it.

Unchanged data is not read again: its contract held when it was merged. It is read where the contract itself changed, or
where there is no base to have held.
"""

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from actions.data.measured import Measured
from actions.data.text import Mask
from actions.datafile import DataFile, Tracked
from actions.formats import Unreadable
from actions.frames import reading, scan
from actions.progress import Progress
from actions.repository import MissingObject, Repository
from policy.data import Dataset
from policy.drift import Drift
from policy.facts import DataFacts
from policy.facts.data import ColumnDrift, ContractFacts, DiffFacts, DriftFacts, LeakageFinding, OverlapFacts, PersonalFacts
from policy.facts.images import ImageFacts
from policy.facts.texts import EmbeddingFacts, TextFacts
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.texts import Texts

if TYPE_CHECKING:
    from actions.drift.cache import ProfileCache
    from actions.drift.compare import Source
    from actions.texts.vocabulary import Vocabulary


def gather(
    repository: Repository, section: Dataset, base: str, progress: Progress, *, parts: Collection[str], whole: bool = False
) -> DataFacts:
    """The facts of one data set for the parts `data` and `drift`; one that cannot be read says why in `problem`.

    Raises:
        OutsideProblem: the remote cannot be reached.
        UserProblem: the contract cannot be loaded.
    """
    path = section.path
    try:
        head = repository.tracked(path)
        if head is None:
            return DataFacts(path=path, problem=Reason.DATA_MISSING, problem_detail="neither git nor DVC tracks it")
        before = repository.tracked(path, base)
        facts = _named(path, before, head).model_copy(update={"relabelled": _relabelled(repository, section, base)})
        now, then = _contracts(repository, section, base)
        if facts.unchanged and now == then and not whole and not _others_changed(repository, section, base):
            return facts
        progress.step(f"reading {path}")
        return _Reading(repository, section, before, head, progress, then not in (None, now)).facts(facts, parts)
    except MissingObject as problem:
        return DataFacts(path=path, problem=Reason.OBJECT_MISSING, problem_detail=problem.what[:2_000])
    except Unreadable as problem:
        return DataFacts(path=path, problem=problem.reason, problem_detail=problem.what[:2_000])


def _named(path: str, before: Tracked | None, head: Tracked) -> DataFacts:
    return DataFacts(
        path=path,
        base_digest=before.digest if before else None,
        head_digest=head.digest,
        file=head.file,
        line=head.line,
        bytes_head=head.size,
    )


def _contracts(repository: Repository, section: Dataset, base: str) -> tuple[bytes | None, bytes | None]:
    """The contract's file now and at the base. One that is new has not been loosened, so only an edited one is said."""
    if section.contract is None:
        return None, None
    file = section.contract.rpartition(":")[0]
    return repository.read(file), repository.read(file, base)


def _others_changed(repository: Repository, section: Dataset, base: str) -> bool:
    """Whether a data set that this one must not share rows with has changed."""
    return any(_digest(repository, other, None) != _digest(repository, other, base) for other in section.disjoint_from)


def _relabelled(repository: Repository, section: Dataset, base: str) -> bool:
    """Whether the table changed that names the classes of images."""
    labels = section.labels
    return labels is not None and _digest(repository, labels, None) != _digest(repository, labels, base)


def _digest(repository: Repository, path: str, revision: str | None) -> str | None:
    tracked = repository.tracked(path, revision)
    return tracked.digest if tracked else None


class _Reading:
    """One data set whose bytes are read: each method is one question to it."""

    def __init__(
        self,
        repository: Repository,
        section: Dataset,
        before: Tracked | None,
        head: Tracked,
        progress: Progress,
        contract_edited: bool,
    ) -> None:
        self.repository, self.section, self.progress = repository, section, progress
        self.contract_edited = contract_edited
        self.before, self.head = before, head
        self.measured = Measured(repository, section, progress)

    @cached_property
    def head_files(self) -> list[DataFile]:
        return self.measured.rows(self.head)

    @cached_property
    def base_files(self) -> list[DataFile] | None:
        """Fetched only where asked for: with both profiles cached, drift needs no data at all."""
        return None if self.before is None else self.measured.rows(self.before)

    def facts(self, named: DataFacts, parts: Collection[str]) -> DataFacts:
        """The questions of the parts that are asked for."""
        section = self.section
        found: dict[str, object] = {}
        if "data" in parts:
            # Personal data first: what was found is hidden in the examples of everything after it.
            found = {
                "personal": self.personal,
                "contract": self._contract() if section.contract else None,
                "diff": self._diff(),
                "overlaps": [self._overlap(other) for other in section.disjoint_from],
                "leakage": self._leakage(),
                "images": self._images(),
                "text": self._text(),
            }
        if "drift" in parts:
            found["drift"] = self._drift()
        return named.model_copy(update=found)

    def _contract(self) -> ContractFacts:
        from actions.data.contract import check

        self.progress.step(f"contract of {self.section.path}")
        contract, key = str(self.section.contract), self.section.key
        found = check(contract, self.head_files, root=self.repository.root, key=key, mask=self.mask)
        return found.model_copy(update={"changed": self.contract_edited})

    def _diff(self) -> DiffFacts:
        from actions.data.diff import compare

        self.progress.step(f"difference of {self.section.path}")
        base = None if self.base_files is None else scan(self.base_files)
        with reading(self.head_files):
            return compare(base, scan(self.head_files), self.section.key, mask=self.mask)

    def _drift(self) -> DriftFacts | None:
        """None where there is no base to have moved from."""
        if self.before is None or self.section.drift is None:
            return None
        from actions.drift.cache import ProfileCache
        from actions.drift.compare import Source, drift

        self.progress.step(f"drift of {self.section.path}")
        section, cache = self.section.drift, ProfileCache(self.repository.scratch / "profiles")
        if self.section.of_files:
            found = drift(self.measured.looks(self.before), self.measured.looks(self.head), section, cache=cache)
        else:
            base = Source(self.before.digest, lambda: self.base_files or [])
            found = self._table_drift(base, Source(self.head.digest, lambda: self.head_files), section, cache)
        return found.model_copy(update={"columns": [_masked(column, self.mask) for column in found.columns]})

    def _table_drift(self, base: "Source", head: "Source", section: Drift, cache: "ProfileCache") -> DriftFacts:
        """Of a table, with what is measured of its texts where the policy names a column of them."""
        from actions.drift.compare import drift
        from actions.texts.moved import beside, without

        column = self.section.text.column if self.section.text else None
        if column is None or self.before is None:
            return drift(base, head, section, cache=cache)
        texts = drift(self.measured.looks(self.before), self.measured.looks(self.head), section, cache=cache)
        return beside(drift(base, head, without(section, column), cache=cache), texts)

    def _images(self) -> ImageFacts | None:
        if self.section.images is None:
            return None
        from actions.images.findings import find

        head = self.measured.images(self.head)
        base = None if self.before is None else self.measured.images(self.before)
        return None if head is None else find(self.section.images, head, base)

    def _text(self) -> TextFacts | None:
        if self.section.text is None:
            return None
        from actions.texts.findings import find

        head, words = self.measured.texts(self.head), self._base_words(self.section.text)
        found = find(self.section.text, head, words, named=self.section.personal is None)
        return found if head is None else found.model_copy(update={"embeddings": self._embeddings(self.section.text)})

    def _embeddings(self, section: Texts) -> EmbeddingFacts | None:
        """None where there is no base, or the policy names no model."""
        if section.embeddings is None or self.before is None:
            return None
        from actions.texts import meaning, models
        from actions.texts.encoder import load

        self.progress.step(f"meaning of the texts of {self.section.path}")
        encoder = load(models.find(section.embeddings.model))
        base, head = (meaning.sample(self.measured.files(tracked), section.column) for tracked in (self.before, self.head))
        return meaning.compare(encoder, section.embeddings.model, base, head)

    def _base_words(self, section: Texts) -> "Vocabulary | None":
        """Of the base, where they are asked for; none of a base without such a column."""
        from actions.texts.vocabulary import Vocabulary

        if section.vocabulary is None or self.before is None:
            return None
        before = self.measured.texts(self.before)
        return Vocabulary() if before is None else before.vocabulary

    @cached_property
    def mask(self) -> Mask:
        from actions.data.masking import masker

        return masker(self.personal)

    @cached_property
    def personal(self) -> PersonalFacts | None:
        if self.section.personal is None:
            return None
        from actions.data.personal import find

        self.progress.step(f"personal data in {self.section.path}")
        with reading(self.head_files):
            return find(scan(self.head_files), self.section.personal)

    def _overlap(self, other: str) -> OverlapFacts:
        from actions.data.overlap import overlap

        self.progress.step(f"overlap of {self.section.path} with {other}")
        tracked = self.repository.tracked(other)
        if tracked is None:
            raise UserProblem("the data set that must be disjoint does not exist", other, "Mend `disjoint_from` in assay.yml")
        files = self.repository.files(tracked)
        with reading(files):
            return overlap(scan(self.head_files), scan(files), self.section.key or [], other, mask=self.mask)

    def _leakage(self) -> list[LeakageFinding] | None:
        if self.section.leakage is None:
            return None
        from actions.data.leakage import find

        self.progress.step(f"leakage of the label in {self.section.path}")
        with reading(self.head_files):
            return find(scan(self.head_files), self.section.leakage.label)


def _masked(column: ColumnDrift, mask: Mask) -> ColumnDrift:
    """Categories are values of the data, so they are shown like any other value."""
    if column.kind != "category":
        return column
    hidden = {name: [mask(value) for value in getattr(column, name)] for name in ("labels", "new_categories", "gone_categories")}
    return column.model_copy(update=hidden)
