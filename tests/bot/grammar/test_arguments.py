"""A declaration is all that a command needs: it reads the words, tells what is wrong with them, and says its usage."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import kinds
from bot.grammar.arguments import Flag, Option, Overrides, Positional, declared, read, usage
from bot.grammar.faults import Fault
from bot.grammar.kinds import Model
from bot.grammar.parameters import Override
from bot.grammar.words import split
from tests.bot.grammar.material import CODE, INJECTIONS, Approve, Compare, Help, Hold, Nothing, Promote, Train, Waive


def given_(arguments: type, line: str) -> Any:
    return read(split(line), arguments, len(line))


def fault(arguments: type, line: str) -> Fault:
    with pytest.raises(Fault) as raised:
        given_(arguments, line)
    return raised.value


@pytest.mark.parametrize(
    ("arguments", "line", "is_"),
    [
        (Nothing, "", Nothing()),
        (Help, "", Help()),
        (Help, "/Train", Help("train")),
        (Compare, "main~5", Compare("main~5")),
        (Hold, '--because "data is frozen"', Hold("data is frozen")),
        (Hold, "--because='frozen'", Hold("frozen")),
        (Hold, "because=frozen", Hold("frozen")),
        (Waive, '--until 2027-01-31 roc_auc --because "late data again"', Waive("roc_auc", date(2027, 1, 31), "late data again")),
        (Promote, "delays@3 to Prod", Promote(Model("delays", "3"), "prod")),
        (Promote, "delays prod", Promote(Model("delays"), "prod")),
        (Promote, "delays to 'to'", Promote(Model("delays"), "to")),
        (Promote, "delays 'to'", Promote(Model("delays"), "to")),
        (Approve, f'{CODE} because "looks right"', Approve(CODE, "looks right")),
        (Approve, CODE, Approve(CODE)),
        (Train, "", Train()),
        (Train, "fit --full", Train("fit", (), full=True)),
        (
            Train,
            "lr=0.1 fit -S a.yaml:b=[1,x] --commit",
            Train("fit", (Override("lr", 0.1), Override("b", [1, "x"], "a.yaml")), commit=True),
        ),
        (Train, 'name="adam"', Train(None, (Override("name", "adam"),))),
        (Train, "-S 'lr=0.1'", Train(None, (Override("lr", 0.1),))),
        (Train, "full=true", Train(None, (Override("full", True),))),
    ],
)
def test_words_become_the_arguments_of_a_command(arguments: type, line: str, is_: object) -> None:
    assert given_(arguments, line) == is_


@pytest.mark.parametrize(
    ("name", "arguments", "written"),
    [
        ("cancel", Nothing, "/cancel"),
        ("help", Help, "/help [COMMAND]"),
        ("train", Train, "/train [STAGE] [[-S] PARAM=VALUE ...] [--full] [--commit]"),
        ("waive", Waive, '/waive GATE --until DATE --because "REASON"'),
        ("promote", Promote, '/promote MODEL[@VERSION] [to] ENVIRONMENT [--reason "REASON"] [--env ENVIRONMENT]'),
        ("approve", Approve, '/approve CODE [because "REASON"]'),
    ],
)
def test_the_usage_is_derived_from_the_declaration(name: str, arguments: type, written: str) -> None:
    assert usage(name, arguments) == written


def test_cp_10_text_inside_of_quotes_is_never_a_flag() -> None:
    found = given_(Promote, 'delays staging --reason "avoid a --global outage"')
    assert found == Promote(Model("delays"), "staging", "avoid a --global outage")
    for line in ("'--full'", '"--full"', "\\--full", "-\\-full", "--fu\\ll"):
        assert "`--full` is not the name of a stage" in fault(Train, line).what.source
    assert "is not the name of a stage" in fault(Train, '"lr=0.1"').what.source
    assert "is not the name of a stage" in fault(Train, "lr\\=0.1").what.source
    assert "`--full` is not a reason" in fault(Hold, "--because '--full'").what.source
    assert "is not a model" in fault(Promote, "'--reason' 'a b c' prod").what.source


def _takes(arguments: type, line: str) -> bool:
    try:
        given_(arguments, line)
    except Fault:
        return False
    return True


@pytest.mark.parametrize(
    ("arguments", "line", "name", "start"),
    [
        (Promote, "delays x --env prod --env staging", "env", 20),
        (Promote, "delays x env=a env=b", "env", 15),
        (Promote, "delays x env=a --env a", "env", 15),
        (Train, "lr=1 lr=2", "lr", 5),
        (Train, "lr=1 -S params.yaml:lr=2", "lr", 8),
        (Train, "--full --full", "full", 7),
        (Approve, f"{CODE} because x --because y", "because", 23),
    ],
)
def test_cp_11_what_is_given_twice_is_refused(arguments: type, line: str, name: str, start: int) -> None:
    found = fault(arguments, line)
    assert found.what.source == f"`{name}` is given twice"
    assert found.start == start


def test_cp_11_a_value_given_twice_by_place_is_one_too_many() -> None:
    found = fault(Promote, "delays prod staging")
    assert (found.start, found.length) == (12, 7)
    assert "`staging` is not expected here" in found.what.source


@pytest.mark.parametrize(
    ("arguments", "line", "start", "length", "what"),
    [
        (Train, "fit --comit", 4, 7, "There is no option `--comit` here"),
        (Train, "-x", 0, 2, "There is no option `-x` here"),
        (Train, "--", 0, 2, "There is no option `--` here"),
        (Train, "--full=yes", 0, 10, "`--full` takes no value"),
        (Train, "-S", 0, 2, "`-S` needs a parameter with its value, such as `train.lr=0.1`"),
        (Train, "-S fit", 3, 3, "`fit` is not a parameter with its value: it is no parameter"),
        (Train, "-S --full", 3, 6, "`--full` is not a parameter with its value: it is no parameter"),
        (Train, "lr=0.1,0.2", 0, 10, "`lr=0.1,0.2` is not a parameter with its value: it has a value that is no number"),
        (Train, "a lr='x y'", 2, 8, "`lr=x y` is not a parameter with its value: it has a value that is no number"),
        (Train, "l/r=1", 0, 5, "`l/r=1` is not a parameter with its value: it names no parameter"),
        (Train, "lr=", 0, 3, "`lr=` is not a parameter with its value: it has a value that is no number"),
        (Waive, "auc --until", 4, 7, "`--until` needs a value, `DATE`"),
        (Waive, "auc --until --because 'a b c'", 4, 7, "`--until` needs a value, `DATE`"),
        (
            Waive,
            "auc --until 2027-02-30",
            12,
            10,
            "`2027-02-30` is not a date: the calendar has no such day (for example `2026-03-31`)",
        ),
        (Waive, "auc --until=soon", 12, 4, "`soon` is not a date: it is written as year-month-day"),
        (Waive, "auc --because 'a b c'", 21, 1, "`--until DATE` is missing"),
        (Waive, "--until 2027-01-01", 18, 1, "`GATE` is missing"),
        (Promote, "delays", 6, 1, "`ENVIRONMENT` is missing"),
        (Promote, "delays to", 9, 1, "`ENVIRONMENT` is missing"),
        (Nothing, "now", 0, 3, "`now` is not expected here: this command takes no arguments"),
        (Nothing, "x=1", 0, 3, "There is no option `x` here"),
        (Hold, "--because data is frozen", 15, 2, "`is` is not expected here: a value of several words stands in quotes"),
    ],
)
def test_what_is_wrong_is_told_and_pointed_at(arguments: type, line: str, start: int, length: int, what: str) -> None:
    found = fault(arguments, line)
    assert found.what.source.startswith(what)
    assert (found.start, found.length) == (start, length)


@pytest.mark.parametrize(
    ("arguments", "line", "suggestion"),
    [
        (Train, "--comit", "--commit"),
        (Train, "-full", "--full"),
        (Train, "fit full", "--full"),
        (Train, "--lr=0.1", "lr=0.1"),
        (Train, "--nothing-like-it", ""),
        (Hold, "--becuase x", "--because"),
        (Hold, "becuase=x", "--because"),
        (Nothing, "now", ""),
    ],
)
def test_a_slip_gets_a_suggestion(arguments: type, line: str, suggestion: str) -> None:
    assert fault(arguments, line).suggestion == suggestion


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("arguments", [Help, Train, Compare, Waive, Promote, Approve, Nothing])
def test_cp_13_no_argument_takes_what_others_could_act_on(arguments: type, text: str) -> None:
    for line in (f"'{text}'", text, f"-S lr='{text}'", f"lr={text}", f"--{text}"):
        assert not _takes(arguments, line)


def test_a_declaration_that_cannot_be_meant_fails_at_once() -> None:
    @dataclass(frozen=True)
    class Unmarked:
        name: str

    @dataclass(frozen=True)
    class Mistyped:
        when: Annotated[str, Option(kinds.date)]

    @dataclass(frozen=True)
    class Optional:
        name: Annotated[str | None, Positional(kinds.gate)]

    @dataclass(frozen=True)
    class Counted:
        full: Annotated[int, Flag()] = 0

    @dataclass(frozen=True)
    class Needed:
        full: Annotated[bool, Flag()]

    @dataclass(frozen=True)
    class Behind:
        first: Annotated[str | None, Positional(kinds.gate)] = None
        second: Annotated[str, Positional(kinds.gate)] = field(kw_only=True)

    @dataclass(frozen=True)
    class Loose:
        values: Annotated[dict[str, str], Overrides()] = field(default_factory=dict)

    for wrong in (Unmarked, Mistyped, Optional, Counted, Needed, Behind, Loose):
        with pytest.raises(TypeError):
            declared(wrong)


def test_a_declaration_tells_whoever_writes_the_help() -> None:
    found = declared(Waive)
    assert [each.name for each in found] == ["gate", "until", "because"]
    assert [each.required for each in found] == [True, True, True]
    assert [each.written for each in found] == ["GATE", "--until DATE", '--because "REASON"']


def test_a_field_of_two_words_has_a_hyphen() -> None:
    @dataclass(frozen=True)
    class Dry:
        dry_run: Annotated[bool, Flag()] = False

    assert usage("x", Dry) == "/x [--dry-run]"
    assert given_(Dry, "--dry-run") == Dry(True)
    assert not _takes(Dry, "--dry_run")


pieces = st.sampled_from(
    ["--full", "--commit", "-S", "lr=1", "a.b=x", "fit", "'fit'", '"--full"', "because", "=", "--", "-", "''", "x=''", "é"]
)


@given(st.lists(pieces, max_size=8).map(" ".join))
def test_any_words_are_taken_or_pointed_at(line: str) -> None:
    for arguments in (Train, Waive, Promote, Approve, Hold, Nothing):
        try:
            found = given_(arguments, line)
        except Fault as wrong:
            assert 0 <= wrong.start <= len(line)
            assert wrong.length >= 1
            assert wrong.what
        else:
            assert isinstance(found, arguments)


@given(st.permutations(["lr=1", "fit", "--full", "-S a=2", "--commit"]))
def test_the_order_of_arguments_does_not_count(words: list[str]) -> None:
    found = given_(Train, " ".join(words))
    assert (found.stage, found.full, found.commit, set(found.parameters)) == (
        "fit",
        True,
        True,
        {Override("lr", 1), Override("a", 2)},
    )
