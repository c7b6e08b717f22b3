"""CML's way of writing a command line, turned into ours: pure, so that every spelling is a line in a test.

CML takes its global options before or after the verb, flags in camel case, flags as `--publish=false`, and a few verbs under
names of earlier versions. Everything else means the same to both.
"""

import re
from collections.abc import Sequence

from policy.problems import UserProblem

_GLOBAL = ("--log", "--driver", "--repo", "--token", "--driver-token")
_EARLIER = {
    "send-comment": ["comment", "create"],
    "send-github-check": ["check", "create"],
    "publish": ["asset", "publish"],
}
_GROUPS = {"comment": ("create", "update"), "check": ("create",), "pr": ("create",), "asset": ("publish",)}
_NOT_OURS = {
    "repo": "actions/checkout with `fetch-depth: 0` does what `repo prepare` did",
    "ci": "actions/checkout with `fetch-depth: 0` does what `ci` did",
    "runner": "A self-hosted runner is started by your cloud or by actions-runner-controller",
    "tensorboard": "TensorBoard.dev was closed; publish a picture, or a page as an artifact",
    "tensorboard-dev": "TensorBoard.dev was closed; publish a picture, or a page as an artifact",
    "workflow": "`gh run rerun` starts a run again",
    "rerun-workflow": "`gh run rerun` starts a run again",
}
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z]+)")


def ours(arguments: Sequence[str]) -> list[str]:
    """A command line after `assay cml`, as our own parser wants it: two words for the verb, then everything else.

    Raises:
        UserProblem: a verb of CML's that Assay does not take over; the problem says what to use in its place.
    """
    options, words = _leading([_kebab(argument) for argument in arguments])
    if not words:
        return options
    words = [*_EARLIER.get(words[0], words[:1]), *words[1:]]
    if words[0] in _NOT_OURS:
        raise UserProblem(f"`cml {words[0]}` is not taken over", "", _NOT_OURS[words[0]])
    if words[0] == "pr" and not _names_a_verb(words):
        words.insert(1, "create")
    verb = 2 if _names_a_verb(words) else 1
    return [*words[:verb], *options, *words[verb:]]


def flags(arguments: Sequence[str], switches: frozenset[str]) -> list[str]:
    """`--publish=false` and `--publish false` as `--no-publish`; `--publish=true` as `--publish`, for these switches."""
    told: list[str] = []
    for at, argument in enumerate(arguments):
        if argument == "--":
            return [*told, *arguments[at:]]
        name, _, value = argument.partition("=")
        if told and told[-1] in switches and argument in ("true", "false"):
            told[-1] = _switch(told[-1], argument)
        elif name in switches and value in ("true", "false"):
            told.append(_switch(name, value))
        else:
            told.append(argument)
    return told


def _switch(name: str, value: str) -> str:
    return name if value == "true" else f"--no-{name[2:]}"


def _kebab(argument: str) -> str:
    if not argument.startswith("--"):
        return argument
    name, equals, value = argument.partition("=")
    return _CAMEL.sub(lambda found: f"-{found[1].lower()}", name) + equals + value


def _leading(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The global options before the verb, and what follows them."""
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        at += 2 if arguments[at] in _GLOBAL else 1
    return arguments[:at], arguments[at:]


def _names_a_verb(words: Sequence[str]) -> bool:
    return len(words) > 1 and words[1] in (*_GROUPS.get(words[0], ()), "--help")
