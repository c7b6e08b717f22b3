"""What came of a promotion, drawn as the comment that stays on its issue, and the issue in which an emergency is reviewed."""

from typing import Literal

from policy.authorization import Authorization
from policy.digests import CODE_LENGTH
from policy.result import Status
from reports.markdown import Markdown, code, join, link, put, text
from reports.section import ICONS

State = Literal["promoted", "refused", "unknown"]


def record(
    leave: Authorization, state: State, now: int | None, said: str, run_url: str, url: str = "", line: str = ""
) -> Markdown:
    """What happened, where the alias points `now`, and what to do next where it did not go well.

    `said` is why, in words of the step before; `url` is where it runs, as far as that was told; `line` asks for it again.
    """
    subject = leave.subject
    what = (code(subject.model), code(subject.version), code(subject.environment))
    parts = [put("### {} {} {}: {} for {}", ICONS[_STATUS[state]], *what[:2], Markdown(_HEADINGS[state]), what[2])]
    if said:
        parts.append(text(said))
    parts.append(_alias(leave, now))
    if state == "promoted":
        if leave.glass:
            parts.append(Markdown("🔴 It was an emergency: an issue asks for its review."))
        if url:
            parts.append(put("It runs at {}.", link(url, url)))
        parts.append(put("Decided as {} by the {}.", code(leave.digest[:CODE_LENGTH]), _run(run_url)))
    else:
        again = line or f"/promote {subject.model}@{subject.version} to {subject.environment}"
        parts.append(
            put(
                "To finish it, mend that and re-run the {}, or say {}: it is decided anew, and what is done already is not done "
                "twice.",
                _run(run_url),
                code(again),
            )
        )
    return join(parts, "\n\n")


def review_title(leave: Authorization) -> str:
    """The title of the issue that asks for a review."""
    return f"Review the emergency promotion of {leave.subject.model} {leave.subject.version} to {leave.subject.environment}"


def review(leave: Authorization) -> Markdown:
    """Its text. It tells this promotion from all others, and is the same each time it is drawn."""
    subject = leave.subject
    return put(
        "{} version {} was promoted to {} by breaking glass, past the rules, as #{} asked for ({}).\n\n"
        "Look at why, and at what it did since; say so here, and close this issue. It counts as reviewed "
        "once somebody who may approve there, and did not break the glass, has closed it.",
        code(subject.model),
        code(subject.version),
        code(subject.environment),
        Markdown(str(subject.request)),
        code(leave.digest),
    )


_STATUS: dict[State, Status] = {"promoted": Status.PASSED, "refused": Status.FAILED, "unknown": Status.FAILED}
_HEADINGS: dict[State, str] = {
    "promoted": "promoted",
    "refused": "not promoted",
    "unknown": "nobody can tell whether it was promoted",
}


def _alias(leave: Authorization, now: int | None) -> Markdown:
    """Where the alias points, and where it pointed."""
    alias, before = code(leave.subject.environment), leave.expected
    if now == before:
        return put("The alias {} points to {}, as it did before.", alias, _version(now))
    return put("The alias {} points to {}; before, it pointed to {}.", alias, _version(now), _version(before))


def _version(number: int | None) -> Markdown:
    return Markdown("nothing" if number is None else f"version {number}")


def _run(url: str) -> Markdown:
    return link("run", url)
