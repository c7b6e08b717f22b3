"""What production is compared with: a data set at a revision, or what was kept of it when its version was registered.

What is compared column by column needs the profile alone. The rows are fetched where something asks for them, and not before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from actions.datafile import DataFile, Tracked
from actions.drift.cache import ProfileCache
from actions.drift.profile import Profile
from actions.drift.reading import profile
from actions.monitor.stored import Measured, Stored
from actions.monitor.window import rate
from actions.repository import Repository
from actions.repository.problems import MissingObject
from policy.monitored import Monitor
from policy.performance import MonitoredPredictions
from policy.problems import Problem, UserProblem

_MOST_NAMED = 10


class Rows:
    """The rows of a reference: fetched once, where something asks for them; where they cannot be had, what asked is noted."""

    def __init__(self, fetch: Callable[[], Sequence[DataFile]]) -> None:
        self._fetch = fetch
        self._files: Sequence[DataFile] | None = None
        self.problem = ""
        """Why they cannot be had."""
        self.left_out: list[str] = []
        """What asked for them in vain."""

    @classmethod
    def of(cls, files: Sequence[DataFile]) -> "Rows":
        """Rows that are here."""
        return cls(lambda: files)

    def asked(self, part: str) -> Sequence[DataFile] | None:
        """Their files; None where they cannot be had: then `part`, which is what they are for, is left out."""
        if self._files is None and not self.problem:
            try:
                self._files = self._fetch()
            except Problem as problem:
                self.problem = (f"{problem.where}: {problem.what}" if problem.where else problem.what)[:1_000]
        if self._files is None and part not in self.left_out:
            self.left_out.append(part)
        return self._files


@dataclass(frozen=True)
class Reference:
    """A profile, and how to come by the rows. `stored`: what a registration kept of it; None: it is the data set itself."""

    profile: Profile
    rows: Rows
    stored: Stored | None = None

    @classmethod
    def at(cls, repository: Repository, section: Monitor, revision: str) -> "Reference":
        """The data set at a full commit SHA.

        Raises:
            UserProblem: it is not there, cannot be read, or has no rows.
            OutsideProblem: DVC's remote cannot be reached.
        """
        tracked = repository.tracked(section.reference_path, revision)
        if tracked is None:
            what = f"the reference does not exist at {revision[:12]}"
            next_step = "Name a data set of the repository in `monitor.reference`, or another --reference"
            raise UserProblem(what, section.reference_path, next_step)
        files = repository.files(tracked)
        return cls(profiled(repository, tracked, files), Rows.of(files))

    @classmethod
    def of(cls, repository: Repository, section: Monitor, revision: str, stored: Stored) -> "Reference":
        """What was kept of the data set at a full commit SHA; the data set itself where the policy names another one by now.

        Raises:
            UserProblem: what was kept is of other data than the commit holds there.
        """
        if stored.path != section.reference_path:
            return cls.at(repository, section, revision)

        def fetch() -> Sequence[DataFile]:
            tracked = _tracked(repository, stored, revision)
            if tracked is None:
                raise MissingObject(f"its digest at {revision[:12]} cannot be told", stored.path)
            return repository.files(tracked)

        tracked = _tracked(repository, stored, revision)
        if tracked is not None and tracked.digest != stored.digest:
            what = (
                f"the profile kept with the version is of {stored.digest[:50]}, and {revision[:12]} holds {tracked.digest[:50]}"
            )
            raise UserProblem(what, stored.path, "Look who changed the version in the registry, or name a --reference")
        return cls(stored.profile, Rows(fetch), stored)

    def filled(self, names: Sequence[str]) -> Profile:
        """The profile with the values of columns that are withheld, from the rows where they can be had."""
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        files = self.rows.asked(f"drift of {', '.join(name[:60] for name in names[:_MOST_NAMED])}{more}"[:1_000])
        if files is None:
            return self.profile
        found = profile(files, columns=names).named()
        return Profile(self.profile.rows, tuple(found.get(each.name, each) for each in self.profile.columns))

    def per_day(self, time: str | None) -> float | None:
        """Rows a day by a column; None where it has no times, or they lie less than a day apart."""
        if time is None:
            return None
        if self.stored is not None and self.stored.time == time:
            return self.stored.per_day
        files = self.rows.asked("volume")
        return None if files is None else rate(files, time)

    def measured(self, section: MonitoredPredictions | None) -> Mapping[str, Measured]:
        """The metrics that are known without a row."""
        return self.stored.measured(section) if self.stored is not None else {}


def profiled(repository: Repository, tracked: Tracked, files: Sequence[DataFile]) -> Profile:
    """The profile of a data set whose bytes are here, made once ever. Raises UserProblem where it has no rows."""
    cache = ProfileCache(repository.scratch / "profiles")
    known = cache.get(tracked.digest)
    if known is None:
        known = profile(files)
        cache.put(tracked.digest, known)
    if known.rows == 0:
        raise UserProblem("the reference has no rows", tracked.path, "Name another one in `monitor.reference`")
    return known


def _tracked(repository: Repository, stored: Stored, revision: str) -> Tracked | None:
    """What the commit says of the path; None where that takes a listing that cannot be had."""
    try:
        return repository.tracked(stored.path, revision)
    except Problem:
        return None
