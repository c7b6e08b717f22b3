"""The proposed `assay.yml` as text: short lines that a person would write, and names quoted where they must be."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import yaml

from actions.setup.predictions import Recognised
from actions.setup.sources import Sources
from policy.metrics import BETTER, NEEDS_SCORE, known_direction

if TYPE_CHECKING:
    from actions.setup.proposal import DataSet

BUDGET = "60 min"
MARGINS = {"higher": "may_lose: 0.01", "lower": 'may_gain: "2%"'}
"""What a first gate allows: enough not to be in the way, little enough to be told."""
MOST_UNKNOWN = 5
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./@-]*")
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])


def render(
    sets: "Sequence[DataSet]", found: Sources, recognised: Recognised | None, numbers: Sequence[str], *, model_name: str
) -> str:
    """The policy. `numbers` are the names in the metrics files."""
    lines = [
        "# A first policy, proposed by `assay init`: every key is explained in docs/policy.md of Assay.",
        "# A change is judged by the policy of the branch it wants to join, so merge this into that branch first.",
        "version: 1",
    ]
    if sets:
        lines += ["", "data:", *(line for one in sets for line in _data_set(one))]
    if found.targets:
        lines += ["", "train:", f"  targets: [{_list(found.targets)}]", f"  budget: {BUDGET}"]
    evaluate = list(_evaluate(found, recognised, numbers))
    if evaluate:
        lines += ["", "evaluate:", *evaluate]
    if found.model:
        lines += ["", "model:", f"  name: {scalar(model_name)}", f"  artifact: {scalar(found.model)}"]
    return "\n".join(lines) + "\n"


def _data_set(one: "DataSet") -> Iterator[str]:
    yield f"  - path: {scalar(one.path)}"
    if one.contract:
        yield f"    contract: {scalar(one.contract)}"
    if one.key:
        yield f"    key: [{_list(one.key)}]"
        yield "    max_removed: 0.01"
    yield "    drift: {}    # the default distances"
    if not one.allow:
        yield "    personal: block"
        return
    yield "    personal:"
    yield "      on_find: block"
    yield "      allow:    # what is there already"
    for column, kinds in one.allow.items():
        yield f"        {scalar(column)}: [{_list(kinds)}]"


def _evaluate(found: Sources, recognised: Recognised | None, numbers: Sequence[str]) -> Iterator[str]:
    if not found.metrics and recognised is None:
        return
    if found.metrics:
        yield f"  metrics: [{_list(found.metrics)}]"
    if recognised:
        yield from _predictions(recognised)
    computed = list(recognised.metrics) if recognised else []
    gated = [*computed, *(name for name in numbers if known_direction(name) and not _computed(name, recognised))]
    if gated:
        yield "  gates:"
        yield from (f"    - {{metric: {scalar(name)}, {MARGINS[known_direction(name) or 'higher']}}}" for name in gated)
    unknown = [name for name in numbers if known_direction(name) is None]
    if unknown:
        yield "  # To gate these, say which way is good:"
        yield from (f"  #  - {{metric: {scalar(name)}, better: higher, may_lose: 0.01}}" for name in unknown[:MOST_UNKNOWN])


def _computed(name: str, recognised: Recognised | None) -> bool:
    """Whether the predictions would give the metric, whatever a metrics file says of it."""
    return recognised is not None and name in BETTER and not (name in NEEDS_SCORE and recognised.score is None)


def _predictions(recognised: Recognised) -> Iterator[str]:
    yield "  predictions:"
    yield f"    path: {scalar(recognised.path)}"
    yield f"    key: [{_list(recognised.key)}]"
    yield f"    label: {scalar(recognised.label)}"
    if recognised.score:
        yield f"    score: {scalar(recognised.score)}"
    if recognised.prediction:
        yield f"    prediction: {scalar(recognised.prediction)}"
    if recognised.slices:
        yield f"    slices: [{_list(recognised.slices)}]"


def _list(names: Sequence[str]) -> str:
    return ", ".join(scalar(name) for name in names)


def scalar(text: str) -> str:
    """A text as YAML on one line: plain where that is safe, else quoted with escapes."""
    head, colon, name = text.rpartition(":")
    plain = _PLAIN.fullmatch(name) and (not colon or _PLAIN.fullmatch(head)) and text.lower() not in _WORDS
    if plain:
        return text
    quoted: str = yaml.safe_dump(text, default_style='"', allow_unicode=text.isprintable(), width=10**9)
    return quoted.rstrip("\n")
