"""One check in a paragraph, or those that fail."""

from bot.commands.explain import Arguments, Present, decide, look
from bot.gateway.commanding import CheckText
from policy.reasons import Reason
from policy.result import Result, Status, combine
from reports.explanation import explanation
from tests.bot.commands.asking import reply, request, shown


def leaf(name: str, status: Status = Status.FAILED) -> Result:
    return Result(name=name, status=status, reason=Reason.ERROR, values={"what": f"{name} is off", "next": "look"})


TEXT = explanation([combine("evaluation", [leaf("roc_auc"), leaf("f1", Status.PASSED), leaf("brier", Status.WARNED)])]).source


def said(gate: str | None = None, *texts: str) -> str:
    return reply(decide(request(), Arguments(gate), Present(texts or (TEXT,)))).detail.source


def test_a_check_by_its_name() -> None:
    assert said("f1").startswith("### `f1`")
    assert "roc_auc" not in said("f1")


def test_without_a_name_what_fails() -> None:
    assert said().startswith("### `roc_auc`")
    assert "f1" not in said() and "brier" not in said()


def test_where_nothing_fails_what_needs_a_look() -> None:
    text = explanation([combine("evaluation", [leaf("brier", Status.WARNED), leaf("f1", Status.PASSED)])]).source
    assert said(None, text).startswith("### `brier`")
    assert said(None, explanation([leaf("f1", Status.PASSED)]).source) == "Nothing fails: 1 checks hold."


def test_of_many_only_a_few_are_shown() -> None:
    text = explanation([combine("data", [leaf(f"check-{number}") for number in range(9)])]).source
    assert said(None, text).count("### ") == 5
    assert said(None, text).endswith("4 more fail; say `/explain` and their names.")


def test_a_check_that_is_not_there_is_answered_with_those_that_are() -> None:
    result = reply(decide(request(), Arguments("auc"), Present((TEXT,)))).result
    assert result.reason is Reason.NO_SUCH_CHECK
    assert "roc_auc" in result.advice


def test_before_any_verdict() -> None:
    assert reply(decide(request(), Arguments(), Present(()))).result.reason is Reason.NO_VERDICT


def test_only_our_check_runs_are_quoted() -> None:
    class Checks:
        def check_texts(self, sha: str) -> list[CheckText]:
            return [shown("assay / data", TEXT), shown("assay / drift"), shown("lint", "### `lint`")]

    assert look(Checks(), request(), Arguments()) == Present((TEXT,))
