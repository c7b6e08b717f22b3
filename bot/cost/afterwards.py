"""Tells under the answer to `/retrain` or `/tune` what its run took, once that ended.

The title of such a run names the answer only where the policy had `cost` when it was started: without it nothing is asked.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from bot import answering, said
from bot.around import RETRAIN, TUNE, Around
from bot.cost import telling
from bot.gateway.records import WorkflowRun
from policy import asking, document
from policy.asking import Asked
from policy.document import FILE_NAME, Policy
from policy.problems import UserProblem
from policy.reasons import Reason
from reports.markdown import Markdown, code, join, link, put

FILES = {"retrain": RETRAIN, "tune": TUNE}
"""The workflow of each command."""


def asked(around: Around, run: WorkflowRun) -> Asked | None:
    """Which asking a run is of; None where nobody waits to hear what it took, or somebody else only called his run so."""
    if run.event != "workflow_dispatch" or run.head_repository != around.repository.full_name:
        return None
    found = asking.titled(run.title)
    file = PurePosixPath(run.path.partition("@")[0]).name
    return found if found is not None and FILES[found.command] == file else None


def ended(around: Around, run: WorkflowRun) -> Reason:
    """Write it under the answer: three requests and the write; none where the run names no answer. As good once as twice."""
    found = asked(around, run)
    if found is None:
        return Reason.NOT_OURS
    took = telling.took(around, run, _policy(around))
    if not took:
        return Reason.NOT_OURS
    answering.note(around, found.number, found.key, join([_ended(found, run), *took], " "))
    return Reason.PUBLISHED


def missed(around: Around, policy: Policy | None, since: str) -> Sequence[WorkflowRun]:
    """The runs that ended since a moment in ISO 8601 while nobody listened, the oldest first.

    Two requests, and one for each issue that such a run names; none where the policy has no `cost`.
    """
    if policy is None or policy.cost is None:
        return ()
    query = f"&created={quote(f'>={since}')}"
    runs = [run for file in FILES.values() for run in around.gateway.workflow_runs(file, "workflow_dispatch", query)]
    over = [(run, found) for run in runs if run.status == "completed" and (found := asked(around, run)) is not None]
    texts = {number: _texts(around, number) for number in {found.number for _, found in over}}
    silent = [run for run, found in over if _silent(texts[found.number].get(found.comment), found.key)]
    return sorted(silent, key=lambda run: run.id)


def _texts(around: Around, number: int) -> dict[int, str]:
    return {each.key: each.text for each in answering.answers(around, number)[1]}


def _silent(text: str | None, key: str) -> bool:
    """Whether the answer is there and says nothing of the run."""
    return text is not None and said.line_of(text, key) is None


def _ended(found: Asked, run: WorkflowRun) -> Markdown:
    return put("{} ended: {}.", link(found.command, run.url), code(run.conclusion or "unknown"))


def _policy(around: Around) -> Policy | None:
    """That of the default branch; None where there is none that can be read."""
    raw = around.gateway.file(FILE_NAME, around.repository.default_branch)
    try:
        return document.read(raw.decode("utf-8", "replace")) if raw is not None else None
    except UserProblem:
        return None
