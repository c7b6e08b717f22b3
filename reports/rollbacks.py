"""A rollback, drawn: the text of its issue, its card, and the issue in which it is reviewed."""

from collections.abc import Sequence

from policy.approvals import Decision, State
from policy.authorization import Authorization
from policy.result import Status, Value
from policy.rulings import STATUS, Ruled
from reports.markdown import EMPTY, Markdown, code, join, put, text
from reports.section import ICONS
from reports.sentences import sentence


def title(model: str, version: int, environment: str) -> str:
    """The title of the issue."""
    return f"Roll {model} back to version {version} in {environment}"


def body(model: str, version: int, environment: str, by: str, where: int, because: str, runs: int | None) -> Markdown:
    """The text of the issue. `runs` is the version that ran when it was asked for, `where` the issue on which it was said."""
    what = put(
        "🔴 {} goes back to version {} in **{}**{}, at the word of {} in #{}: {}",
        code(model),
        Markdown(str(version)),
        Markdown(environment),
        Markdown(f", where version {runs} runs" if runs is not None else ""),
        code(by),
        Markdown(str(where)),
        text(because),
    )
    return join([what, Markdown(_HOW)], "\n\n")


_HOW = """\
It is a way for emergencies: nobody votes on it, and no freeze holds it up. It goes only to a version that was promoted there
before. To stop it, delete that comment or close this issue; once it is done, another issue asks for its review."""


def card(decision: Decision, then: Markdown = EMPTY) -> Markdown:
    """How it stands, and what becomes of it."""
    subject = decision.subject
    about = (code(subject.model), Markdown(subject.version), code(subject.environment))
    parts = [put("### {} {}", ICONS[Status.FAILED], put(_HEADINGS[decision.approved, decision.state is State.EXPIRED], *about))]
    if decision.glass is not None:
        until = code(f"{decision.glass.review_by:%Y-%m-%d %H:%M %Z}")
        said = (code(decision.glass.by), text(decision.glass.because), until)
        parts.append(put("🔴 {} answers for it: {}. It is to be reviewed until {}.", *said))
    if decision.unreviewed:
        parts.append(Markdown("🔴 An earlier emergency in this environment waits for its review."))
    if then:
        parts.append(then)
    parts.append(join(list(_lines(decision)), "\n"))
    return join(parts, "\n\n")


def _lines(decision: Decision) -> Sequence[Markdown]:
    lines = []
    for each in decision.conditions:
        values: dict[str, Value] = dict(each.values)
        line = put("- {} **{}**: {}", ICONS[STATUS[each.state]], text(each.name), sentence(each.reason.sentence, values))
        advice = sentence(each.reason.advice, values) if each.state is Ruled.ERROR else EMPTY
        lines.append(put("{}; {}", line, advice) if advice else line)
    return lines


_HEADINGS = {
    (True, False): "{} goes back to version {} in {}",
    (False, False): "{} does not go back to version {} in {}",
    (False, True): "The word to take {} back to version {} in {} ran out",
}


def again(model: str, version: str, environment: str) -> str:
    """What somebody says to have it done once more."""
    return f'/rollback {model} in {environment} to {version} because "..."'


def back(version: str, environment: str, at: str) -> Markdown:
    """For the card of another request there: what it is compared with is not what it was."""
    pattern = (
        "🔴 {} was rolled back to version {} at {}, after this was asked for: the rules now compare with that version. "
        "Approvals from before stand; look whether they still hold, and say `/revoke` where they do not."
    )
    return put(pattern, code(environment), code(version), code(at))


def review_title(leave: Authorization) -> str:
    """The title of the issue that asks for a review."""
    return f"Review the rollback of {leave.subject.model} to {leave.subject.version} in {leave.subject.environment}"


def review(leave: Authorization) -> Markdown:
    """Its text. It tells this rollback from all others, and is the same each time it is drawn."""
    subject = leave.subject
    return put(
        "{} was rolled back to version {} in {} at one person's word, as #{} tells ({}).\n\n"
        "Look at why, and at what is to be done about the version that it took away; say so here, and close this issue. It "
        "counts as reviewed once somebody who may approve there, and did not roll it back, has closed it.",
        code(subject.model),
        code(subject.version),
        code(subject.environment),
        Markdown(str(subject.request)),
        code(leave.digest),
    )
