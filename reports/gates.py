"""What is told to GitHub beside the answer whether a job may go on: sentences in which nobody is mentioned."""

from reports.markdown import text


def foreign(environment: str, workflow: str, branch: str) -> str:
    """A run that is none of ours wants into an environment of the policy."""
    return f"Only {workflow} of {branch} goes to {environment}, and this run is none of it. Ask for a promotion with /promote."


def unnamed(workflow: str) -> str:
    """A run of ours that does not say which request it is for."""
    return f"This run names no request. {workflow} is started by Assay once a request is approved."


def no_request(number: int) -> str:
    """The issue holds none."""
    return f"#{number} is no request for a promotion. Ask for one with /promote."


def over(number: int) -> str:
    """The request was closed."""
    return f"#{number} is closed. Ask for it again with /promote."


def elsewhere(number: int, environment: str) -> str:
    """The request is for another environment."""
    return f"#{number} asks for {environment} and for nothing else."


def changed(number: int, code: str) -> str:
    """What was asked for is another thing now."""
    return f"What #{number} asks for changed since this run was started. Once {code} is approved, another run is started."


def undecided(number: int, why: str) -> str:
    """It cannot be decided now."""
    return f"#{number} cannot be decided now: {text(why, 600).source}. This is answered once it can be."


def decided(number: int, sentence: str) -> str:
    """How the request stands."""
    return f"#{number}: {text(sentence, 600).source}. Its card says why."
