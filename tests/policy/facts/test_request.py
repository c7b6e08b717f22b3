"""What a command asks for, from the bot to the runner: the same on both sides, and nothing beside it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts.record import Command
from policy.facts.request import COMMANDS, MAX_ARGUMENTS, PARTS, Arguments, Request, read, titled
from policy.problems import UserProblem
from tests.policy.facts.test_override import HOSTILE

SHA = "0123456789abcdef0123456789abcdef01234567"


def inputs(command: str = "train", arguments: Any = None, **changed: Any) -> str:
    """The inputs of the workflow as `toJSON(inputs)` has them."""
    given = {"base": "main", **({"reference": "v1"} if command == "compare" else {})} if arguments is None else arguments
    told = {"request": "4711-0", "command": command, "pull-request": "7", "sha": SHA, "arguments": json.dumps(given)}
    return json.dumps(told | changed)


def refusal(text: str) -> str:
    with pytest.raises(UserProblem) as refused:
        read(text)
    told = str(refused.value)
    assert "\n" not in told
    return told


def test_what_the_bot_sends_is_what_the_runner_reads() -> None:
    given = Arguments(base="release/2", stage="train", overrides=["train.lr=0.1"], single=True, full=True, commit=True)
    request = Request(id="4711-0", command="train", pull_request=7, sha=SHA, arguments=given)
    assert read(json.dumps(request.inputs())) == request
    assert json.loads(request.inputs()["arguments"])["set"] == ["train.lr=0.1"]
    assert all(isinstance(value, str) for value in request.inputs().values()), "GitHub takes texts"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_read_with_the_least_it_needs(command: Command) -> None:
    request = read(inputs(command))
    assert request.command == command
    assert request.facts.id == "4711-0"
    assert PARTS[command]


def test_a_number_may_come_as_a_number() -> None:
    assert read(inputs(**{"pull-request": 7})).pull_request == 7


def test_a_run_is_found_again_by_its_title() -> None:
    request = read(inputs())
    assert request.title == f"assay train #7 {SHA} 4711-0"
    assert titled(request.title) == ("train", 7, SHA, "4711-0")


def test_a_run_that_does_everything_anew_says_so_in_its_title() -> None:
    request = read(inputs(arguments={"base": "main", "full": True}))
    assert request.title == f"assay train #7 {SHA} 4711-0 full"
    assert titled(request.title) == ("train", 7, SHA, "4711-0")


@pytest.mark.parametrize("title", ["", "assay-run", f"assay rm #7 {SHA} 1", f"assay train #7 {SHA} 1 x", "assay train #7 abc 1"])
def test_another_title_is_no_requests(title: str) -> None:
    assert titled(title) is None


@pytest.mark.parametrize("text", HOSTILE)
def test_cp_13_a_hostile_parameter_is_refused_on_the_runner_too(text: str) -> None:
    assert "the request is refused: arguments.set" in refusal(inputs(arguments={"base": "main", "set": [text]}))


HOSTILE_WORDS = [
    "$(id)",
    "`id`",
    "; rm -rf",
    "${{ secrets.X }}",
    "%0a::set-output",
    "../../etc/passwd",
    "-o ProxyCommand=",
    "--upload-pack=touch x",
    "a b",
    "a\nb",
    "a\x00b",
    "main..HEAD",
    "@{u}",
    "a:b\\c",
    "\u202egnp.exe",
    "a\u200bb",
    "",
    "x" * 500,
]


@pytest.mark.parametrize("key", ["reference", "stage", "base"])
@pytest.mark.parametrize("word", HOSTILE_WORDS)
def test_cp_13_a_hostile_name_is_refused_on_the_runner_too(key: str, word: str) -> None:
    command = "train" if key == "stage" else "drift"
    assert f"arguments.{key}" in refusal(inputs(command, {"base": "main", key: word}))


@pytest.mark.parametrize("reference", ["main~5", "v12", "HEAD~2^2~", "refs/heads/a/b", "feature/x#1", SHA, "1.0+build"])
def test_a_reference_is_a_branch_a_tag_or_a_commit(reference: str) -> None:
    assert read(inputs("drift", {"base": "main", "reference": reference})).arguments.reference == reference


@pytest.mark.parametrize("base", ["main", "release/2", "größe", "a(b)", "dependabot/pip/x-1.0"])
def test_a_base_is_any_branch_that_git_takes(base: str) -> None:
    assert read(inputs("check", {"base": base})).arguments.base == base


@pytest.mark.parametrize(
    "changed",
    [
        {"request": "4711-0; id"},
        {"request": "x"},
        {"request": ""},
        {"request": "1" * 30},
        {"request": 1},
        {"command": "promote"},
        {"command": "train "},
        {"pull-request": "0"},
        {"pull-request": "7/merge"},
        {"pull-request": "-1"},
        {"pull-request": 7.5},
        {"pull-request": True},
        {"sha": SHA[:12]},
        {"sha": SHA.upper()},
        {"sha": f"{SHA}\n"},
        {"arguments": "{"},
        {"arguments": "[]"},
        {"arguments": "null"},
        {"arguments": '{"base": "main", "base": "other"}'},
        {"arguments": '{"base": NaN}'},
        {"arguments": "[" * 10_000},
        {"arguments": json.dumps({"base": "main", "set": ["a=1" for _ in range(3_000)]})},
        {"secret": "x"},
        {"x\n::add-mask::": "y"},
    ],
    ids=str,
)
def test_what_is_not_exactly_a_request_is_refused(changed: dict[str, Any]) -> None:
    refusal(inputs(**changed))


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"base": "main", "shell": "id"},
        {"base": "main", "single": "yes", "stage": "train"},
        {"base": "main", "single": 1, "stage": "train"},
        {"base": "main", "single": True},
        {"base": "main", "set": "lr=1"},
        {"base": "main", "set": {"lr": 1}},
        {"base": "main", "set": ["lr=1", "lr=2"]},
        {"base": "main", "set": ["lr=1", "params.yaml:lr=2"]},
        {"base": "main", "set": [f"p{index}=1" for index in range(51)]},
        {"base": "main", "reference": "v1"},
        {"base": None},
    ],
    ids=str,
)
def test_arguments_that_a_training_run_does_not_take_are_refused(arguments: dict[str, Any]) -> None:
    refusal(inputs("train", arguments))


@pytest.mark.parametrize("command", ["check", "evaluate", "compare", "drift"])
@pytest.mark.parametrize("extra", [{"set": ["lr=1"]}, {"stage": "train"}, {"full": True}, {"commit": True}], ids=str)
def test_no_command_is_given_what_it_would_pass_over(command: str, extra: dict[str, Any]) -> None:
    given = {"base": "main", **({"reference": "v1"} if command == "compare" else {}), **extra}
    assert "trains nothing" in refusal(inputs(command, given))


def test_a_comparison_needs_a_reference() -> None:
    assert "needs a reference" in refusal(inputs("compare", {"base": "main"}))
    assert "takes no reference" in refusal(inputs("evaluate", {"base": "main", "reference": "v1"}))


def test_what_is_too_long_is_refused_before_it_is_read() -> None:
    assert "more than 16,000 bytes" in refusal("x" * 1_000_000)
    assert f"more than {MAX_ARGUMENTS:,} bytes" in refusal(inputs(arguments={"base": "m" * 11_000}))


@given(st.text(max_size=200))
def test_no_text_is_a_crash(text: str) -> None:
    with pytest.raises(UserProblem):
        read(text)
