"""Whom to ask for a review of data that differs: whoever answers for it, by `data.owner` of the policy. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from policy.data import Dataset


@dataclass(frozen=True)
class Reviewers:
    """Who owns what differs, and of them the people and the teams (slugs) who can be asked and are not asked yet."""

    owners: tuple[str, ...]
    users: tuple[str, ...]
    teams: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there is somebody to ask."""
        return bool(self.users or self.teams)


def reviewers(data: Sequence[Dataset], files: Sequence[str], full_name: str, aside: Collection[str]) -> Reviewers:
    """Who is to look at a change of `files` in the repository `full_name`; `aside` are logins and slugs who are not asked."""
    owners = {each.owner for each in data if each.owner and _differs(each, files)}
    known = {name.lower() for name in aside}
    users = sorted(owner for owner in owners if not owner.startswith("@") and owner.lower() not in known)
    organisation = full_name.partition("/")[0].lower()
    pairs = sorted(owner.removeprefix("@").split("/", 1) for owner in owners if owner.startswith("@") and "/" in owner)
    # GitHub asks only teams of the repository's own organisation.
    teams = [slug for owner, slug in pairs if owner.lower() == organisation and slug.lower() not in known]
    return Reviewers(tuple(sorted(owners)), tuple(users), tuple(teams))


def _differs(section: Dataset, files: Sequence[str]) -> bool:
    """Whether a data set or its labels changed, itself or in what tracks it. A stage's out changes with `dvc.lock`."""
    paths = [PurePosixPath(path) for path in (section.path, section.labels) if path]
    for name in files:
        file = PurePosixPath(name)
        if file.name == "dvc.lock" or any(path in (file, *file.parents) or name == f"{path}.dvc" for path in paths):
            return True
    return False
