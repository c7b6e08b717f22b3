"""Branch protection, as far as somebody can be asked."""

from actions.setup.hosting import look
from policy.problems import OutsideProblem


class Answers:
    """A hosting that says one thing."""

    def __init__(self, protected: bool | None) -> None:
        self.answer = protected

    def protected(self, branch: str) -> bool:
        if self.answer is None:
            raise OutsideProblem("it is down", branch, "Try again")
        return self.answer


def level(hosting: Answers | None) -> str:
    return next(finding.level for finding in look(hosting, "main") if finding.check == "protection")


def test_a_protected_branch_an_open_one_and_one_that_nobody_knows() -> None:
    assert level(Answers(True)) == "ok"
    assert level(Answers(False)) == "warning"
    assert level(Answers(None)) == "note"
    assert level(None) == "note"
