"""The search that led to a proposal of other parameters: what the run told of it, held against the facts and the policy.

Whether the winner is better is decided anew, from the numbers, under the policy of the default branch. The numbers themselves are
the run's word, as all of its evidence is.
"""

from collections.abc import Iterator

from bot.artifact import Expected, content
from bot.landing import Reads
from bot.proposing.evidence import Evidence
from policy import tuned as records
from policy import tuning
from policy.facts import Facts
from policy.facts.override import Override, written
from policy.facts.record import OverrideFact
from policy.problems import UserProblem
from policy.result import Result, Status
from policy.tuned import Aim, Tuned
from policy.tuning import Tune

NAME = "assay-tuning"
"""The artifact's name."""


def look(gateway: Reads, run_id: int, found: Evidence, artifact: str = NAME) -> Tuned | None:
    """The search, judged again; None where the run left none.

    Raises UserProblem where what it left is no such record, or contradicts the facts or the policy.
    """
    left = [each for each in gateway.artifacts(run_id, artifact) if not each.expired]
    if not left:
        return None
    expected = Expected(artifact, records.FILE, records.MAX_BYTES)
    if left[0].size > expected.most:
        raise UserProblem(f"it has {left[0].size:,} bytes, more than {expected.most:,}", artifact, "Look at the run")
    told = records.read(content(gateway.download(left[0].id, expected.most), expected))
    section = found.policy.tune
    lie = "there is no section `tune`" if section is None else next(_lies(told, section, found.facts), None)
    if section is None or lie is not None:
        raise UserProblem(f"what is told of the search is refused: {lie}", artifact, "Start the run again")
    result = _judged(told, section)
    if result.status is not Status.PASSED:
        raise UserProblem("what is told of the search is refused: its winner is not better", artifact, "Start the run again")
    return told.model_copy(update={"result": result})


def _judged(told: Tuned, section: Tune) -> Result:
    scores = told.winner.scores if told.winner else None
    return tuning.decide(section.objectives, told.present.scores, scores, told.repeated, told.seeds)


def _lies(told: Tuned, section: Tune, facts: Facts) -> Iterator[str]:
    """What the record claims and is not so, in sentences."""
    if told.commit != facts.revision.head:
        yield "it is about another commit"
    if told.objectives != [Aim(metric=goal.metric, better=goal.direction) for goal in section.objectives]:
        yield "its objectives are not those of the policy"
    if told.space != {name: dimension.shown[:500] for name, dimension in section.space.items()}:
        yield "its space is not that of the policy"
    if told.confidence != section.confidence:
        yield "its confidence is not that of the policy"
    if told.seeds != (section.repeats.seeds if section.repeats else 0):
        yield "its winner was not repeated as the policy asks"
    if told.winner is None or not section.holds(told.winner.values):
        yield "it has no winner in the space of the policy"
    elif not _set(told, facts):
        yield "its winner is not what the facts say was set"


def _set(told: Tuned, facts: Facts) -> bool:
    """Whether the facts are of the winner's parameters. They name files from the top, and a point from the folder of DVC."""
    wanted = tuning.overrides(told.winner.values) if told.winner else []
    return len(wanted) == len(facts.overrides) and all(any(_is(each, fact) for fact in facts.overrides) for each in wanted)


def _is(wanted: Override, fact: OverrideFact) -> bool:
    there = f"/{fact.file}".endswith(f"/{wanted.file}")
    return there and (fact.key, fact.after) == (wanted.key, written(wanted.value))
