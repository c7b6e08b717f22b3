"""Small pictures that stand in the rows of tables: inline SVG, drawn by hand.

Every function is pure and gives escaped markup. Colours are classes of `page.css`, so one picture serves light and dark.
Every picture has a title that says in words what it shows. Lengths are in pixels of the drawing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from markupsafe import Markup

from reports import numbers
from reports.html import plain

EMPTY = Markup("")


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight map from values to pixels; a value beyond the ends lands on the nearer end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 2)

    def holds(self, value: float) -> bool:
        """Whether a value lies between the ends."""
        return self.low <= value <= self.high


def scale(values: Iterable[float | None], start: float, end: float, pad: float = 0.12) -> Scale:
    """A scale over the finite values with some room at both ends."""
    known = [value for value in values if value is not None and isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    room = (high - low) * pad or abs(high) * 0.1 or 1.0
    return Scale(low - room, high + room, start, end)


def tag(element: str, css: str = "", **places: float) -> Markup:
    """One SVG element. `element` and `css` are ours, never a user's; `places` are its numbers (`x1=3`)."""
    written = " ".join([f'{key}="{value:g}"' for key, value in places.items()])
    # Formatted by hand and not through Markup.format, because a page has tens of thousands of these.
    return Markup(f'<{element} class="{css}" {written}/>' if css else f"<{element} {written}/>")  # noqa: S704


def label(x: float, y: float, words: str, css: str = "") -> Markup:
    """Text at a place."""
    return Markup('<text x="{:g}" y="{:g}" class="{}">{}</text>').format(x, y, css, plain(words, 60))


def picture(width: float, height: float, title: str, pieces: Iterable[Markup], css: str = "") -> Markup:
    """Pieces in a frame, with their title for screen readers and for the pointer."""
    return Markup(
        '<svg class="{}" viewBox="0 0 {:g} {:g}" width="{:g}" height="{:g}" role="img"><title>{}</title>{}</svg>'
    ).format(f"pic {css}".strip(), width, height, width, height, plain(title, 400), Markup("").join(pieces))


@dataclass(frozen=True, slots=True)
class Whisker:
    """A value with its interval, a reference (the base) and the range that is allowed. All in the same units."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reference: float | None = None
    least: float | None = None
    most: float | None = None
    tone: str = "passed"
    """The class that colours it: a status."""

    @property
    def values(self) -> tuple[float | None, ...]:
        """What a scale must hold to show the value, its interval and the reference."""
        return self.value, self.low, self.high, self.reference


_NEAR = 3.0
"""A limit farther away than so many widths of everything else would squeeze the interval to a point: it is left out."""


def is_near(limit: float, values: Iterable[float | None]) -> bool:
    """Whether a limit can be drawn beside the values without squeezing them to a point."""
    known = [value for value in values if value is not None]
    low, high = min(known), max(known)
    reach = (high - low) * _NEAR
    return low - reach <= limit <= high + reach


def whisker_scale(whisker: Whisker, start: float, end: float) -> Scale:
    """A scale for one whisker: what it shows, and its limits where they are near."""
    near = [limit for limit in (whisker.least, whisker.most) if limit is not None and _may_show(limit, whisker)]
    return scale([*whisker.values, *near], start, end, 0.14)


def _may_show(limit: float, whisker: Whisker) -> bool:
    # A lone value has no spread to be squeezed.
    return is_near(limit, whisker.values) or len({value for value in whisker.values if value is not None}) < 2


def whisker(shown: Whisker, title: str, *, over: Scale | None = None, width: float = 240, height: float = 30) -> Markup:
    """Dot and whiskers; what is forbidden is tinted, the reference is a thin line. Nothing to show gives nothing."""
    if shown.value is None or not isfinite(shown.value):
        return EMPTY
    across = over or whisker_scale(shown, 4, width - 4)
    middle = height / 2
    pieces = [tag("line", "axis", x1=4, x2=width - 4, y1=middle, y2=middle), *_forbidden(shown, across, width, height)]
    if shown.reference is not None and across.holds(shown.reference):
        at = across(shown.reference)
        pieces.append(tag("line", "reference", x1=at, x2=at, y1=2, y2=height - 2))
    pieces += _interval(shown, across, middle)
    dot = across(shown.value)
    css = f"dot {shown.tone}"
    if not across.holds(shown.value):
        pieces.append(_arrow(dot, middle, -1 if shown.value > across.high else 1, shown.tone))
    elif shown.low is None:
        pieces.append(tag("rect", css, x=dot - 4, y=middle - 4, width=8, height=8))
    else:
        pieces.append(tag("circle", css, cx=dot, cy=middle, r=4.5))
    return picture(width, height, title, pieces, "whisker")


def _forbidden(shown: Whisker, across: Scale, width: float, height: float) -> list[Markup]:
    pieces = []
    for limit, left in ((shown.least, True), (shown.most, False)):
        if limit is None or not across.holds(limit):
            continue
        at = across(limit)
        start, end = (0.0, at) if left else (at, width)
        pieces.append(tag("rect", "forbidden", x=start, y=2, width=end - start, height=height - 4))
        pieces.append(tag("line", "limit", x1=at, x2=at, y1=2, y2=height - 2))
    return pieces


def _interval(shown: Whisker, across: Scale, middle: float) -> list[Markup]:
    if shown.low is None or shown.high is None:
        return []
    left, right = across(shown.low), across(shown.high)
    pieces = [tag("line", f"interval {shown.tone}", x1=left, x2=right, y1=middle, y2=middle)]
    for end, value, way in ((left, shown.low, 1), (right, shown.high, -1)):
        if across.holds(value):
            pieces.append(tag("line", f"interval {shown.tone}", x1=end, x2=end, y1=middle - 5, y2=middle + 5))
        else:  # cut off by the scale of the table: an arrow head says that it goes on
            pieces.append(_arrow(end, middle, way, shown.tone))
    return pieces


def _arrow(end: float, middle: float, way: int, tone: str) -> Markup:
    """An arrow head whose tip is at `end`; `way` is +1 where it points left."""
    points = f"{end:g},{middle:g} {end + way * 7:g},{middle - 5:g} {end + way * 7:g},{middle + 5:g}"
    return Markup('<polygon class="dot {}" points="{}"/>').format(tone, points)


def histograms(
    base: Sequence[int],
    head: Sequence[int],
    title: str,
    *,
    ends: tuple[str, str] | None = None,
    width: float = 150,
    height: float = 34,
) -> Markup:
    """Two histograms over the same bins, laid over each other: base filled, head as an outline. Shares, not counts."""
    bins = max(len(base), len(head))
    if not bins:
        return EMPTY
    before, after = _shares(base, bins), _shares(head, bins)
    top = max([*before, *after]) or 1.0
    floor = height - (14 if ends else 1)
    step = width / bins

    def up(share: float) -> float:
        return round(floor - share / top * (floor - 3), 2)

    bars = [
        tag(
            "rect",
            "base",
            x=round(at * step + 0.4, 2),
            y=up(share),
            width=round(step - 0.8, 2),
            height=round(floor - up(share), 2),
        )
        for at, share in enumerate(before)
        if share
    ]
    steps = " ".join(f"{at * step:.2f},{up(share):g} {(at + 1) * step:.2f},{up(share):g}" for at, share in enumerate(after))
    outline = Markup('<polyline class="head" points="0,{:g} {} {:g},{:g}"/>').format(floor, steps, width, floor)
    pieces = [*bars, outline, tag("line", "axis", x1=0, x2=width, y1=floor, y2=floor)]
    if ends:
        pieces += [label(0, height - 2, ends[0]), label(width, height - 2, ends[1], "end")]
    return picture(width, height, title, pieces, "histogram")


def _shares(counts: Sequence[int], bins: int) -> list[float]:
    total = sum(counts) or 1
    return [count / total for count in counts] + [0.0] * (bins - len(counts))


OTHERS = "others"
"""The last label of a profile's categories, for all that it does not name."""


def paired_bars(
    labels: Sequence[str], base: Sequence[int], head: Sequence[int], title: str, *, width: float = 300, most: int = 12
) -> Markup:
    """Categories as pairs of lying bars, largest first: base above, head below, with their shares at head.

    What a profile has not named stands last and has no bar: it would be the longest, and say the least.
    """
    if not labels:
        return EMPTY
    before, after = _shares(base, len(labels)), _shares(head, len(labels))
    rest = [len(labels) - 1] if labels[-1] == OTHERS and len(labels) > 1 else []
    named = [at for at in range(len(labels)) if at not in rest]
    order = sorted(named, key=lambda at: -max(before[at], after[at]))[:most]
    across = Scale(0, max(max(before[at], after[at]) for at in order) or 1.0, 96, width - 46)
    pieces: list[Markup] = []
    for line, at in enumerate([*order, *rest]):
        top = line * 18
        end = 96.0
        if at not in rest:
            end = max(across(before[at]), across(after[at]))
            pieces += [
                tag("rect", "base", x=96, y=top + 2, width=across(before[at]) - 96, height=6),
                tag("rect", "head", x=96, y=top + 9, width=across(after[at]) - 96, height=6),
            ]
        pieces += [label(90, top + 12, plain(labels[at], 14), "end"), label(end + 5, top + 12, numbers.share(after[at]))]
    return picture(width, (len(order) + len(rest)) * 18 + 2, title, pieces, "bars")


def bar(value: float, most: float, title: str, *, css: str = "head", width: float = 160, height: float = 12) -> Markup:
    """A lying bar against the longest of its table."""
    share = value / most if most > 0 else 0.0
    pieces = [
        tag("line", "axis", x1=0, x2=width, y1=height - 0.5, y2=height - 0.5),
        tag("rect", css, x=0, y=1, width=round(max(share * width, 1.5 if value else 0), 2), height=height - 3),
    ]
    return picture(width, height, title, pieces, "bar")


def rates(values: Sequence[tuple[str, float | None]], title: str, *, width: float = 220, height: float = 26) -> Markup:
    """Rates in 0..1 on one line, each with a shape of its own: circle, square, triangle."""
    across = Scale(0, 1, 6, width - 6)
    middle = height / 2
    pieces = [tag("line", "axis", x1=6, x2=width - 6, y1=middle, y2=middle)]
    pieces += [tag("line", "tick", x1=across(at), x2=across(at), y1=middle - 3, y2=middle + 3) for at in (0, 0.25, 0.5, 0.75, 1)]
    for at, (_, value) in enumerate(values):
        if value is not None:
            pieces.append(_shape(at, across(value), middle))
    return picture(width, height, title, pieces, "rates")


def _shape(which: int, x: float, y: float) -> Markup:
    if which == 0:
        return tag("circle", "rate selection", cx=x, cy=y, r=4.5)
    if which == 1:
        return tag("rect", "rate hits", x=x - 4, y=y - 4, width=8, height=8)
    return Markup('<polygon class="rate alarms" points="{:g},{:g} {:g},{:g} {:g},{:g}"/>').format(
        x, y - 5, x + 5, y + 4, x - 5, y + 4
    )


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a line, with what stands below it."""

    label: str
    value: float


def line(
    points: Sequence[Point],
    title: str,
    *,
    tone: str = "head",
    limit: float | None = None,
    called: str = "limit",
    width: float = 640,
    height: float = 190,
) -> Markup:
    """A metric over accepted changes; the last point is this change. A dashed line is the limit, or what it is `called`."""
    if len(points) < 2:
        return EMPTY
    left, right, top, floor = 62.0, width - 22.0, 14.0, height - 30.0
    up = scale([*(point.value for point in points), limit], floor, top, 0.15)
    step = (right - left) / (len(points) - 1)
    places = [(round(left + at * step, 2), up(point.value)) for at, point in enumerate(points)]
    pieces = _grid(up, left, right)
    if limit is not None:
        pieces.append(tag("line", "limit", x1=left, x2=right, y1=up(limit), y2=up(limit)))
        above = up(limit) - 5 > top
        pieces.append(label(left + 4, up(limit) + (-5 if above else 12), f"{called} {numbers.number(limit, 4)}", "allowed"))
    accepted = " ".join(f"{x:g},{y:g}" for x, y in places[:-1])
    pieces.append(Markup('<polyline class="accepted" points="{}"/>').format(accepted))
    (x1, y1), (x2, y2) = places[-2:]
    pieces.append(tag("line", f"proposed {tone}", x1=x1, x2=x2, y1=y1, y2=y2))
    pieces += [tag("circle", "dot past", cx=x, cy=y, r=3) for x, y in places[:-1]]
    pieces.append(tag("circle", f"dot {tone}", cx=x2, cy=y2, r=5))
    every = max(1, -(-len(points) // 10))
    shown = [at for at in range(len(points)) if (len(points) - 1 - at) % every == 0]
    pieces += [label(places[at][0], height - 10, plain(points[at].label, 9), "middle") for at in shown]
    return picture(width, height, title, pieces, "line")


def _grid(up: Scale, left: float, right: float) -> list[Markup]:
    pieces: list[Markup] = []
    values = ticks(up.low, up.high)
    shown = [numbers.number(value, 6) for value in values]
    decimals = max((len(each.partition(".")[2]) for each in shown), default=0)
    if decimals <= _MOST_DECIMALS and "×" not in "".join(shown):
        shown = [numbers.fixed(value, decimals) for value in values]  # 0.700 below 0.705
    for value, words in zip(values, shown, strict=True):
        pieces += [
            tag("line", "grid", x1=left, x2=right, y1=up(value), y2=up(value)),
            label(left - 8, up(value) + 3.5, words, "end"),
        ]
    return pieces


_MOST_DECIMALS = 7


def ticks(low: float, high: float) -> list[float]:
    """A few round values between two: multiples of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10((high - low) / 2))
    step = next(power * factor for factor in (5, 2, 1) if (high - low) / (power * factor) >= 2)
    return [at * step for at in range(ceil(low / step), floor(high / step) + 1)]
