"""The files of a data set at a revision, and what is measured of those that are images or texts; each content is read once."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from actions.datafile import DataFile, Tracked
from actions.formats import Unreadable
from actions.progress import Progress
from actions.repository import Repository
from policy.data import Dataset
from policy.reasons import Reason

if TYPE_CHECKING:
    from actions.drift.compare import Source
    from actions.images.table import Table as Images
    from actions.texts.table import Table as Texts


class Measured:
    """One data set of the policy, asked by revision."""

    def __init__(self, repository: Repository, section: Dataset, progress: Progress) -> None:
        self._repository, self._section, self._progress = repository, section, progress
        self._files: dict[str, list[DataFile]] = {}
        self._images: dict[str, Images] = {}
        self._labelled: dict[tuple[str, str], Images] = {}
        self._texts: dict[str, Texts | None] = {}

    def files(self, tracked: Tracked) -> list[DataFile]:
        """The files as they are."""
        if tracked.digest not in self._files:
            self._files[tracked.digest] = self._repository.files(tracked)
        return self._files[tracked.digest]

    def rows(self, tracked: Tracked) -> list[DataFile]:
        """The files whose rows are those of the data set; of a folder of images or texts its table."""
        if not self._section.of_files:
            return self.files(tracked)
        table = self.images(tracked) or self.texts(tracked)
        return [] if table is None or table.whole is None else [table.whole]

    def images(self, tracked: Tracked) -> "Images | None":
        """None where this is no folder of images."""
        if self._section.images is None:
            return None
        if tracked.digest not in self._images:
            from actions.images.table import table

            self._progress.step(f"images of {self._section.path}")
            self._images[tracked.digest] = table(self.files(tracked), self._section.path)
        found = self._images[tracked.digest]
        return found if self._section.images.labels is None else self._with_labels(tracked, found)

    def _with_labels(self, tracked: Tracked, found: "Images") -> "Images":
        """The images with their classes by the table of the same revision; without any where there was none at the base."""
        from actions.images.labels import labelled, unlabelled

        labels, path = self._labels(tracked), self._section.path
        key = (tracked.digest, labels.digest if labels else "")
        if key not in self._labelled:
            given = self._repository.files(labels) if labels else []
            self._labelled[key] = labelled(found, given, path) if labels else unlabelled(found, path)
        return self._labelled[key]

    def _labels(self, tracked: Tracked) -> Tracked | None:
        """The table that names the classes, at the same revision; None where no classes are named, or were not at the base."""
        named = self._section.labels
        labels = self._repository.tracked(named, tracked.revision) if named else None
        if named and labels is None and tracked.revision is None:
            what = f"the labels {named} are not there: neither git nor DVC tracks them"
            raise Unreadable(what, where=named, next="mend `images.labels` in assay.yml", reason=Reason.DATA_MISSING)
        return labels

    def texts(self, tracked: Tracked) -> "Texts | None":
        """None where the policy asks for no texts, or the table has no column of them."""
        section = self._section.text
        if section is None:
            return None
        if tracked.digest not in self._texts:
            from actions.texts import column, table

            self._progress.step(f"texts of {self._section.path}")
            files, path = self.files(tracked), self._section.path
            found = table.table(files, path) if section.column is None else column.table(files, section.column)
            self._texts[tracked.digest] = found
        return self._texts[tracked.digest]

    def looks(self, tracked: Tracked) -> "Source":
        """Images or texts as drift sees them, profiled once for their content and for what is measured of them."""
        from actions.drift.compare import Source
        from actions.images.table import VERSION as IMAGES
        from actions.texts.table import VERSION as TEXTS

        text = self._section.text
        kind = f"images {IMAGES}" if text is None else f"texts {TEXTS}" if text.column is None else f"texts {TEXTS} {text.column}"
        labels = self._labels(tracked)
        return Source(" ".join([kind, *([labels.digest] if labels else []), tracked.digest]), self._looks(tracked))

    def _looks(self, tracked: Tracked) -> Callable[[], list[DataFile]]:
        from actions.texts.table import nothing

        def files() -> list[DataFile]:
            table = self.images(tracked) or self.texts(tracked)
            return [nothing(self._section.path) if table is None else table.looks]

        return files
