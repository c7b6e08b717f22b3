"""What to write so that the issue about a model says what the history comes to. Pure.

The issue is opened and closed at turns alone: it became worse, it is over, nobody looks any more, somebody looks again. Between
two turns its text is kept current, and whether it is open is left to people: who closes it while it lasts has read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import sticky
from bot.checks import digest
from bot.effects import CreateComment, Effect, ReviseIssue
from bot.gateway.records import Closing, Identity, IssueComment
from bot.gateway.requesting import Issue
from bot.monitoring import noted as notes
from bot.monitoring.noted import Noted
from bot.sticky import Marker
from reports import vigil as drawn
from reports.markdown import Markdown
from reports.vigil import Scene

_AHEAD = timedelta(hours=1)


@dataclass(frozen=True)
class Turn:
    """Something that is told once, in a comment; `key` tells it from others of its kind."""

    kind: str
    key: str
    said: Markdown

    def marker(self, repository: int, number: int) -> Marker:
        """The hidden first line of its comment."""
        return Marker(repository, number, f"monitor-{self.kind}", digest(self.key), "")


def mine(issues: Sequence[Issue], identity: Identity, model: str) -> list[Issue]:
    """The issues of ours about a model, the oldest first; one whose first line somebody spoiled is taken for it.

    One about something else, on which somebody put our label, is left alone.
    """
    found = [(each, notes.read(each.body)) for each in issues if identity.wrote(each) and not notes.elsewhere(each.body)]
    return sorted((each for each, noted in found if noted is None or noted.model == model), key=lambda each: each.number)


def opens(scene: Scene) -> bool:
    """Whether the issue is to be open."""
    return scene.stage.kind == "risen" or scene.late is not None


def wanted(scene: Scene, before: Noted | None = None) -> Noted:
    """What the issue notes once everything is told. A history too short to tell leaves what was told before."""
    stage = before.stage if before is not None and scene.stage.kind == "quiet" else scene.stage.key
    return Noted(scene.model, scene.newest.at, stage, scene.late.digest if scene.late else "")


def standing(issue: Issue, now: datetime) -> Noted | None:
    """What an issue notes, unless it claims a moment that is still to come."""
    found = notes.read(issue.body)
    return None if found is None or found.moment > now + _AHEAD else found


def overtaken(before: Noted | None, scene: Scene) -> bool:
    """Whether the issue shows a later look than the one at hand."""
    return before is not None and before.moment > scene.newest.moment


def turns(issue: Issue, before: Noted | None, scene: Scene) -> list[Turn]:
    """What is to be told, in this order. Without a note all of it is, and whoever tells looks what was told already."""
    stage, found = scene.stage, []
    if before is not None and before.late and scene.late is None:
        found.append(Turn("back", before.late, drawn.seen_again(scene)))
    if stage.cause is not None and (before is None or before.stage != stage.key):
        if stage.kind == "risen":
            found.append(Turn("rise", stage.key, drawn.risen(scene)))
        elif issue.state == "open":
            found.append(Turn("over", stage.cause.digest, drawn.over(scene)))
    if scene.late is not None and (before is None or before.late != scene.late.digest):
        found.append(Turn("late", scene.late.digest, drawn.unseen(scene)))
    return found


def decide(
    repository: int,
    issue: Issue,
    before: Noted | None,
    scene: Scene,
    found: Sequence[Turn],
    comments: Sequence[IssueComment],
    identity: Identity,
) -> list[Effect]:
    """The comments that are not there yet, then the issue as it should be, where it is not. `found` are the turns."""
    effects: list[Effect] = []
    for turn in found:
        marker = turn.marker(repository, issue.number)
        if not any(each.digest == marker.digest for _, each in sticky.ours(comments, identity, marker)):
            effects.append(CreateComment(issue.number, f"{marker}\n{turn.said.source}"))
    ended = before is not None and before.stage != scene.stage.key and scene.stage.kind == "over"
    worse = any(turn.kind in ("rise", "late") for turn in found)
    state = "open" if worse else "closed" if (found or ended) and not opens(scene) else issue.state
    body = wanted(scene, before).body(drawn.card(scene))
    title = drawn.title(scene)
    labels = notes.labels(issue.labels, scene.newest.severity, late=scene.late is not None)
    present = (issue.title, issue.body.replace("\r\n", "\n"), sorted(issue.labels), issue.state)
    if present != (title, body, sorted(labels), state):
        reason: Closing | None = "completed" if state == "closed" and issue.state == "open" else None
        effects.append(ReviseIssue(issue.number, title, body, labels, state, reason))
    return effects
