"""Whether a model may go back, at one person's word, to a version that ran in an environment before. Pure.

It is the way out of an emergency: nobody votes on it, and neither freeze nor waiting holds it up. So little can come of it that
one word is enough: only what was promoted there once, unchanged, and it is red until somebody else has reviewed it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policy import digests
from policy.approvals import Decision, Glass, Promotion, State
from policy.digests import Subject
from policy.environments import Environment
from policy.reasons import Reason
from policy.result import Value
from policy.roles import Standing, is_bot
from policy.rulings import Ruled, Ruling
from policy.votes import span, words


@dataclass(frozen=True)
class Word:
    """What somebody said, as it stands now. `environment` and `version` are None where they named none."""

    comment: int
    author: int
    login: str
    because: str
    at: datetime
    environment: str | None = None
    version: int | None = None
    type: str = "User"
    edited: bool = False


@dataclass(frozen=True)
class Ground:
    """What a rollback is decided on.

    `who` is who the person is now, None where that could not be found out. `promotions` is all that happened to the model
    before, `runs` where the alias points now, `kept` the versions that are what they were when they were promoted
    there, and `used` whether another rollback came of the same word.
    """

    who: Standing | None
    promotions: Sequence[Promotion]
    runs: int | None
    now: datetime
    kept: frozenset[int]
    used: bool = False


def place(environments: Mapping[str, Environment], named: str | None) -> str | None:
    """The environment that is meant: the one that is named, else the last; None where there is none such."""
    wanted = named or next(reversed(list(environments)), None)
    return wanted if wanted in environments else None


def before(promotions: Sequence[Promotion], environment: str, runs: int | None) -> int | None:
    """The version that ran there before the one that does. What was rolled back is not come back to."""
    left = _left(promotions, environment)
    if runs in left:
        left = left[: left.index(runs)]
    return left[-1] if left else None


def target(word: Word, promotions: Sequence[Promotion], environment: str, runs: int | None) -> int | None:
    """The version that a word means; None where nothing ran there before."""
    return word.version if word.version is not None else before(promotions, environment, runs)


def conditions(word: Word | None, environment: Environment, name: str, version: int | None, ground: Ground) -> list[Ruling]:
    """What must hold, each as it stands. `version` is what is asked for; `word` is None where nobody says it any more."""
    if ground.now.utcoffset() is None:
        raise ValueError("a time without its offset says nothing")
    if word is None:
        return [Ruling("word", Ruled.ERROR, Reason.ROLLBACK_NO_WORD)]
    return list(_conditions(word, environment, name, version, ground))


def decide(subject: Subject, word: Word | None, environment: Environment | None, ground: Ground) -> Decision:
    """Decide a rollback to the version of a subject under the policy of the base."""
    if environment is None:
        values: dict[str, Value] = {"environment": subject.environment}
        return _decision(subject, "commit", State.BLOCKED, [Ruling("rules", Ruled.ERROR, Reason.ENVIRONMENT_UNKNOWN, values)])
    found = conditions(word, environment, subject.environment, int(subject.version), ground)
    wrong = [each.reason for each in found if each.state is Ruled.ERROR]
    state = State.EXPIRED if Reason.GLASS_OVER in wrong else State.BLOCKED if wrong else State.APPROVED
    within = environment.review_within
    told = Glass(word.login, word.author, word.because, word.at + within) if word and within and not wrong else None
    unreviewed = any(each.environment == subject.environment and each.glass and not each.reviewed for each in ground.promotions)
    return _decision(subject, environment.bind, state, found, glass=told, unreviewed=unreviewed)


def _decision(subject: Subject, bind: digests.Bind, state: State, found: Sequence[Ruling], **more: Any) -> Decision:
    bad = next((each for each in found if each.state is Ruled.ERROR), None)
    rules = Ruling("rollback", Ruled.ERROR if bad else Ruled.APPROVED, (bad or found[0]).reason, (bad or found[0]).values)
    return Decision(subject, digests.code(subject, bind), state, rules, conditions=tuple(found), **more)


def _conditions(word: Word, environment: Environment, name: str, version: int | None, ground: Ground) -> Iterator[Ruling]:
    about: dict[str, Value] = {"login": word.login}
    if word.edited:
        yield Ruling("word", Ruled.ERROR, Reason.VOTE_EDITED, {**about, "by": "somebody"})
    elif is_bot(word.login, word.type):
        yield Ruling("word", Ruled.ERROR, Reason.VOTE_BOT, about)
    rule = environment.back
    if rule is None:
        yield Ruling("who", Ruled.ERROR, Reason.GLASS_NONE)
        return
    yield _who(word, rule.role, ground.who)
    if (count := words(word.because)) < rule.words:
        yield Ruling("reason", Ruled.ERROR, Reason.GLASS_WORDS, {**about, "count": count, "least": rule.words})
    if ground.now - word.at > rule.lasts:
        yield Ruling("time", Ruled.ERROR, Reason.GLASS_OVER, {**about, "what": span(rule.lasts)})
    if ground.used:
        yield Ruling("word", Ruled.ERROR, Reason.ROLLBACK_USED, about)
    yield _version(word, name, version, ground)


def _who(word: Word, role: str, who: Standing | None) -> Ruling:
    values: dict[str, Value] = {"login": word.login, "roles": role}
    if who is None or who.id != word.author:
        return Ruling("who", Ruled.ERROR, Reason.VOTE_UNKNOWN, values)
    if role not in who.roles:
        return Ruling("who", Ruled.ERROR, Reason.VOTE_NO_ROLE, values)
    return Ruling("who", Ruled.APPROVED, Reason.ROLLBACK_BY, values, by=(word.login,))


def _version(word: Word, name: str, version: int | None, ground: Ground) -> Ruling:
    values: dict[str, Value] = {"environment": name, "version": version}
    there = [int(each.version) for each in ground.promotions if each.environment == name and each.version.isdigit()]
    if version is None or not there:
        return Ruling("version", Ruled.ERROR, Reason.ROLLBACK_NOTHING, values)
    if version not in there:
        return Ruling("version", Ruled.ERROR, Reason.ROLLBACK_NEVER, values)
    # Where the alias was moved by the step that crashed, it is the record that still says what ran before.
    runs = there[-1] if ground.runs == version else ground.runs
    if version == runs:
        return Ruling("version", Ruled.ERROR, Reason.ROLLBACK_RUNS, values)
    if target(word, ground.promotions, name, runs) != version:
        return Ruling("version", Ruled.ERROR, Reason.ROLLBACK_OTHER, values)
    if version not in ground.kept:
        return Ruling("version", Ruled.ERROR, Reason.ROLLBACK_CHANGED, values)
    return Ruling("version", Ruled.APPROVED, Reason.ROLLBACK_RAN, values)


def _left(promotions: Sequence[Promotion], environment: str) -> list[int]:
    """The versions that ran there, the last of each stretch at the end, without those that a rollback took away."""
    left: list[int] = []
    for each in sorted(promotions, key=lambda one: one.at):
        if each.environment != environment or not each.version.isdigit():
            continue
        version = int(each.version)
        if version in left:
            at = left.index(version)
            left = left[: at + 1] if each.rollback else [*left[:at], *left[at + 1 :], version]
        else:
            left.append(version)
    return left
