"""What a chart from somebody else's repository may say: an allow-list, and limits that bound the work of drawing it.

A template may lay out the points that we put in. It may not bring data, name an address, draw images, compute with more than
arithmetic, or ask for sizes that no page needs. What is refused is named, so that its author can mend it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, NoReturn

from policy.problems import UserProblem

DATA_ANCHOR = "<DVC_METRIC_DATA>"
MOST_POINTS = 5_000
_MOST_NODES = 5_000
_DEEPEST = 24
_MOST_MARKS = 20
"""Each mark is drawn for every point. Transforms that make points (`fold`, `impute`, `regression`) are not on the list."""
_MOST_FIELDS = 40
_MOST_NAMES = 200
"""Different texts in one field: each may become a label, a colour or a panel."""
_MOST_PANELS = 24
_LONGEST_TEXT = 500
_LARGEST_NUMBER = 5_000

_KEYS = frozenset(
    """
    $schema aggregate align anchor and angle as axis band bandSize baseline bin binSpacing bins clip color columns column
    condition cornerRadius count cumulative cx cy data datum description detail direction domain domainMax domainMin dx dy
    encoding equal extent facet field fields fill fillOpacity filled filter font fontSize fontStyle fontWeight
    format formatType frame grid gridColor gt gte groupby header hconcat height inner innerRadius interpolate invalid
    joinaggregate key labelAlign labelAngle labelColor labelFontSize labelLimit labelPadding labels layer legend limit line
    line2 lineHeight loess lt lte mark maxbins method name nice not offset on oneOf op opacity or order orient outer
    outerRadius padding param point points position radius range resolve reverse round row scale scheme shape size
    sort spacing spec stack stroke strokeCap strokeDash strokeOpacity strokeWidth style subtitle symbolType tension test text
    theta theta2 thickness tickCount tickMinStep ticks timeUnit title titleColor titleFontSize titlePadding tooltip transform
    type valid value values vconcat window width x x2 xError xOffset y y2 yError yOffset zero zindex as calculate
    """.split()  # noqa: SIM905
)
_MARKS = frozenset(
    {"arc", "area", "bar", "boxplot", "circle", "errorband", "errorbar", "line", "point", "rect", "rule", "square"}
)
_MARKS |= {"text", "tick", "trail"}
_EXPRESSIONS = frozenset({"calculate", "test"})
_PANELS = frozenset({"row", "column", "facet"})
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<word>[A-Za-z_]\w*(?:\.\w+)*) | \d+(?:\.\d+)?(?:[eE][+-]?\d+)? | '[^'\\]*' | "[^"\\]*"
        | [<>=!]=?=? | && | \|\| | [-+*/%?:(),\[\]]
    )""",
    re.VERBOSE,
)
_WORDS = frozenset({"true", "false", "null", "abs", "ceil", "floor", "round", "sqrt", "log", "exp", "pow", "min", "max"})
_WORDS |= {"isValid", "toNumber"}
_FORMAT = re.compile(r"[^\d]{0,8}(?:\d{1,2}[^\d]{0,8}){0,4}\Z")


def check(template: object) -> None:
    """Refuse a template that asks for anything outside the allow-list. Raises UserProblem naming what."""
    if not isinstance(template, dict):
        _refuse("is not an object")
    marks = 0
    for nodes, (key, value, depth) in enumerate(_walk(template, "", 0)):
        marks += key == "mark"
        if nodes > _MOST_NODES or depth > _DEEPEST or marks > _MOST_MARKS:
            _refuse("is too large or nested too deeply")
        _check_value(key, value)


def check_points(points: Sequence[Mapping[str, Any]]) -> None:
    """Refuse data that would be too much to draw. Raises UserProblem."""
    if len(points) > MOST_POINTS:
        _refuse(f"has {len(points):,} points, more than {MOST_POINTS:,}", "plot fewer points")
    names: dict[str, set[str]] = {}
    for point in points:
        if len(point) > _MOST_FIELDS:
            _refuse(f"has points of {len(point):,} fields")
        for field, value in point.items():
            _check_point(field, value, names)


def check_panels(template: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a template that makes a panel of every one of too many values. Raises UserProblem."""
    for key, value, _ in _walk(template, "", 0):
        if key in _PANELS and isinstance(value, dict) and isinstance(field := value.get("field"), str):
            different = len({str(point.get(field)) for point in points})
            if different > _MOST_PANELS:
                _refuse(f"would make {different:,} panels")


def _walk(node: Any, key: str, depth: int) -> Iterator[tuple[str, Any, int]]:
    """Every value with the key it stands under; members of a list stand under the list's key."""
    yield key, node, depth
    if depth > _DEEPEST:
        return
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _walk(value, name, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value, key, depth + 1)


def _check_value(key: str, value: Any) -> None:
    if key and key not in _KEYS:
        _refuse(f"uses `{key[:40]}`, which is not allowed")
    if key == "data" and value != {"values": DATA_ANCHOR} and value != DATA_ANCHOR:
        _refuse("brings data of its own")
    if key == "mark" and not isinstance(value, dict):
        _check_mark(value)
    if isinstance(value, dict) and "mark" in value and isinstance(value["mark"], dict):
        _check_mark(value["mark"].get("type"))
    if key == "bin" and not isinstance(value, bool) and not (isinstance(value, dict) and set(value) <= {"maxbins"}):
        _refuse("bins by more than `maxbins`")
    if isinstance(value, str):
        _check_text(key, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        _check_number(value)


def _check_mark(mark: Any) -> None:
    if mark not in _MARKS:
        _refuse(f"draws `{str(mark)[:40]}`, which is not allowed")


def _check_text(key: str, value: str) -> None:
    if len(value) > _LONGEST_TEXT:
        _refuse("holds too long a text")
    if key == "format" and not _FORMAT.match(value):
        _refuse(f"formats by `{value[:40]}`")
    if key in _EXPRESSIONS or key == "filter":
        check_expression(value)


def _check_number(value: float) -> None:
    if not isfinite(value) or abs(value) > _LARGEST_NUMBER or 0 < abs(value) < 1e-4:
        _refuse(f"asks for {value:g}")


def check_expression(source: str) -> None:
    """Refuse an expression of more than arithmetic and comparison over a point's fields. Raises UserProblem."""
    at = 0
    while at < len(source.rstrip()):
        token = _TOKEN.match(source, at)
        if token is None or not _is_known(token["word"]):
            _refuse(f"computes `{source[:60]}`")
        at = token.end()


def _is_known(word: str | None) -> bool:
    return word is None or word in _WORDS or word == "datum" or word.startswith("datum.")


def _check_point(field: str, value: Any, names: dict[str, set[str]]) -> None:
    if len(field) > _LONGEST_TEXT:
        _refuse("has a field with too long a name")
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            _refuse("has a point with too long a text")
        known = names.setdefault(field, set())
        known.add(value)
        if len(known) > _MOST_NAMES:
            _refuse(f"has more than {_MOST_NAMES:,} different texts in `{field[:40]}`", "plot fewer groups")
    elif value is not None and not isinstance(value, bool | int | float):
        _refuse(f"has a point whose `{field[:40]}` is neither number nor text")


def _refuse(what: str, advice: str = "use one of DVC's own templates, or only layout, marks and arithmetic") -> NoReturn:
    raise UserProblem(f"the plot {what}", next=advice)
