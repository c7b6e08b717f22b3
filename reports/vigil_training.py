"""What became of the training that a rise in production asks for, in a sentence for its issue."""

from policy.cost import Estimate, Over
from policy.vigil_history import Training
from reports import cost
from reports.markdown import Markdown, code, link, put, text


def said(training: Training, key: str, workflow: str, page: str) -> Markdown:
    """One sentence, to stand in a table. `key` is what the run is called, `page` where the runs of the workflow are."""
    name = link(workflow, page)
    match training.state:
        case "started":
            return put("{} was started; the run is called {}", name, code(key))
        case "due":
            return put("{} is being started; the run is called {}", name, code(key))
        case "held":
            return put("none was started, because {} is open", Markdown(f"#{training.proposal}"))
        case "missing":
            return put("none was started: the default branch has no {}. The next look tries again", code(workflow))
        case "refused":
            return put("{} could not be started: {}. The next look tries again", name, text(training.why, 300))
        case "withheld":
            return put("none was started: {}. Who may starts one with {}", text(training.why, 600), code("/retrain"))


def because(severity: str, at: str) -> str:
    """Why it is started, as plain text for whoever reads its pull request."""
    return f"the severity in production rose to {severity}, seen at {at}"


def beyond(over: Over, expected: Estimate | None, currency: str, who: str) -> str:
    """Which limit it passes and who may pass it, as plain text. `who` is that in words."""
    return f"{cost.over(over, expected, currency)}; beyond that it takes {who}"
