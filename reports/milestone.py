"""An objective drawn for its milestone: a title, and a few lines that say how it stands."""

from policy.objectives import Objective
from policy.pulse.forecast import Outlook
from policy.pulse.pulse import Standing
from reports import numbers
from reports.markdown import Markdown, code, put, shorten, visible
from reports.pulse import MARKS, forecast_said

_TITLE = 100


def title(objective: Objective) -> str:
    """The name of the objective as a title: plain text on one line, of at most 100 characters."""
    return shorten(" ".join(visible(objective.name).split()), _TITLE)


def description(standing: Standing) -> Markdown:
    """What it asks for, where it stands, and what is expected."""
    wanted, found = standing.objective, standing.forecast
    asked = put(
        "{} is to be {} {} by {}, seen to by {}.",
        code(wanted.subject),
        Markdown("≥" if standing.better == "higher" else "≤"),
        Markdown(numbers.number(wanted.target)),
        Markdown(wanted.by.isoformat()),
        code(wanted.owner),
    )
    latest = put("now {}", Markdown(numbers.number(found.latest.value))) if found.latest else Markdown("no version has it yet")
    stands = put("{} **{}**: {}", Markdown(MARKS[found.outlook]), Markdown(found.outlook.value), latest)
    if found.expected is not None or found.outlook is Outlook.TOO_LITTLE:
        stands = put("{}; expected then: {}", stands, Markdown(forecast_said(standing)))
    return put("{}\n\n{}.\n\n<sub>Kept by Assay from assay.yml, whenever the pulse is written.</sub>", asked, stands)
