"""What a person sees in the terminal."""

import io

from rich.console import Console

from assay import terminal
from policy.facts.newest import NewestFacts
from policy.reasons import Reason
from policy.result import Result, Status, combine
from policy.verdict import Verdict
from tests.policy.test_newest import fact


def shown(*parts: Result) -> str:
    text = io.StringIO()
    verdict = Verdict(base="a", head="b", policy_digest="d", result=combine("verdict", list(parts)))
    terminal.show(verdict, Console(file=text, width=160, highlight=False))
    return text.getvalue()


def leaf(name: str, status: Status, what: str = "it broke") -> Result:
    return Result(name=name, status=status, reason=Reason.ERROR, values={"what": what, "next": "mend it"})


def test_a_red_verdict_says_why_and_what_to_do_next_in_its_first_two_lines() -> None:
    lines = shown(combine("data", [leaf("a.csv", Status.FAILED), leaf("b.csv", Status.FAILED)])).splitlines()
    assert lines[0] == "● Not ready to merge: it broke; and 1 more"
    assert lines[1].strip() == "next: mend it"


def test_every_red_check_is_listed_up_to_a_dozen_and_the_rest_is_counted() -> None:
    text = shown(combine("data", [leaf(f"{index}.csv", Status.FAILED) for index in range(20)]))
    assert "11.csv" in text and "12.csv" not in text
    assert "and 8 more" in text and "listed in the report" in text


def test_markup_in_a_name_is_shown_and_not_obeyed() -> None:
    text = shown(combine("data", [leaf("[bold]x[/]", Status.FAILED, "[link=http://evil]y[/link]"), leaf("z", Status.FAILED)]))
    assert "[bold]x[/]" in text
    assert "[link=http://evil]y[/link]" in text


def test_au_05_control_characters_in_a_name_do_not_reach_the_terminal() -> None:
    text = shown(combine("data", [leaf("a\x1b]0;owned\x07b\rc", Status.FAILED), leaf("z", Status.FAILED)]))
    assert "\x1b" not in text and "\x07" not in text and "\r" not in text


def test_what_champion_and_challenger_do_in_production_is_a_line_each_or_why_nobody_knows() -> None:
    def newest(found: NewestFacts) -> str:
        text = io.StringIO()
        terminal.show_newest(found, Console(file=text, width=160, highlight=False))
        return text.getvalue()

    said = newest(NewestFacts(rows=1_480, metrics=[fact(0.7, 0.75), fact(0.7, None, metric="[bold]brier")]))
    assert said.splitlines() == [
        "On production's newest 1,480 labelled rows, which no gate judges:",
        "  ● roc_auc: 0.700 to 0.750, +0.050 (+0.030 … +0.070): better",
        "  ● [bold]brier: 0.7 to —, —: not to be told",
    ]
    assert "could not be compared: live.csv: it is gone" in newest(NewestFacts(problem="live.csv: it is gone"))
