"""Every spelling of a command line that CML takes."""

import pytest

from bot.cml.arguments import flags, ours
from policy.problems import UserProblem


@pytest.mark.parametrize(
    ("cml", "assay"),
    [
        ("comment create report.md", "comment create report.md"),
        ("--repo https://x.org/a/b --token t comment update r.md", "comment update --repo https://x.org/a/b --token t r.md"),
        ("--log=debug check create r.md", "check create --log=debug r.md"),
        ("comment create --commitSha=abc --publishUrl u r.md", "comment create --commit-sha=abc --publish-url u r.md"),
        ("pr .", "pr create ."),
        ("pr --skipCI dvc.lock", "pr create --skip-ci dvc.lock"),
        ("pr create dvc.lock", "pr create dvc.lock"),
        ("pr --help", "pr --help"),
        ("send-comment --pr --update r.md", "comment create --pr --update r.md"),
        ("send-github-check r.md", "check create r.md"),
        ("publish plot.png --md", "asset publish plot.png --md"),
        ("--help", "--help"),
        ("", ""),
    ],
)
def test_a_command_line_of_cml_is_one_of_ours(cml: str, assay: str) -> None:
    assert ours(cml.split()) == assay.split()


@pytest.mark.parametrize("verb", ["runner", "tensorboard", "repo", "ci", "workflow", "rerun-workflow", "tensorboard-dev"])
def test_a_verb_that_is_not_taken_over_says_what_does_its_work(verb: str) -> None:
    with pytest.raises(UserProblem) as raised:
        ours([verb, "launch"])
    assert raised.value.next


def test_values_that_look_like_flags_in_camel_case_stay() -> None:
    assert ours(["pr", "create", "--title=a --fooBar", "x"]) == ["pr", "create", "--title=a --fooBar", "x"]


def test_switches_take_true_and_false() -> None:
    switches = frozenset({"--publish", "--watch"})
    assert flags(["--publish=false", "--watch=true", "r.md"], switches) == ["--no-publish", "--watch", "r.md"]
    assert flags(["--publish", "false", "r.md"], switches) == ["--no-publish", "r.md"]
    assert flags(["--title", "false", "--", "--publish=false"], switches) == ["--title", "false", "--", "--publish=false"]
