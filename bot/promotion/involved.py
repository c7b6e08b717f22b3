"""Who had a part in what is asked for, out of its commits. Pure.

Authors, committers and co-authors are told by GitHub's numeric ids. Where GitHub knows no account for an address, nobody can say
who it is, and policy decides what that means.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.gateway.requesting import Commit, Person
from policy.votes import Involved, Part

_CO_AUTHOR = re.compile(r"^co-authored-by:[^<\n]*<([^>\n]{1,200})>\s*$", re.IGNORECASE | re.MULTILINE)
_NO_REPLY = re.compile(r"(?:(?P<id>\d{1,19})\+)?(?P<login>[A-Za-z0-9-]{1,39}(?:\[bot\])?)@users\.noreply\.github\.com")
_GITHUB = "noreply@github.com"
"""The committer of what GitHub itself made, such as a merge by its button. It is nobody."""


def involved(commits: Sequence[Commit]) -> list[Involved]:
    """Everybody behind these commits, each once for each part."""
    return list(dict.fromkeys(_involved(commits)))


def _involved(commits: Iterable[Commit]) -> Iterator[Involved]:
    for commit in commits:
        yield _part("author", commit.author)
        if commit.committer.email.lower() != _GITHUB:
            yield _part("committer", commit.committer)
        for email in _CO_AUTHOR.findall(commit.message):
            yield _part("co-author", Person(None, "", email))


def _part(part: Part, person: Person) -> Involved:
    if person.id is not None:
        return Involved(part, person.id, person.login)
    # GitHub's own addresses name the account: the number where there is one, which no other account ever has.
    found = _NO_REPLY.fullmatch(person.email)
    if found is None:
        return Involved(part, email=person.email or "no address")
    return Involved(part, int(found["id"]) if found["id"] else None, found["login"])
