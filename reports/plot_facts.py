"""The DVC plots of a record as pictures: what a runner measured, drawn here, because no image of its own is shown."""

from policy.facts import Facts
from policy.facts.plots import PlotFact, PlotSeries
from reports.markdown import visible
from reports.plot_specs import COUNT, REVISION, SERIES
from reports.plots import Picture, Plot, draw

_LARGEST_PAGE = 16 * 1024 * 1024
"""Characters of all pictures together: room for a scatter of every point that our own runner would send."""
_LONGEST_NAME = 40
_THIS = "this change"


def pictures(facts: Facts) -> list[Picture]:
    """Every plot, drawn; where there are none, nothing is imported. Needs the extra `charts`, or else says so."""
    found: list[Picture] = []
    size = 0
    for fact in facts.plots:
        if size > _LARGEST_PAGE:
            found.append(Picture(fact.title, "", "not drawn: the report would become too large"))
            continue
        found.append(_picture(fact, visible(facts.revision.base_name)[:_LONGEST_NAME]))
        size += len(found[-1].image)
    if facts.plots_total > len(facts.plots):
        rest = facts.plots_total - len(facts.plots)
        found.append(Picture(f"{rest:,} more plots", "", f"only the first {len(facts.plots)} are drawn"))
    return found


def plot(fact: PlotFact, base_name: str) -> Plot | None:
    """One plot, base and head in it, or the head alone where both agree; None where there is no point to draw."""
    if not any(one.x for one in fact.series):
        return None
    shown = [one for one in fact.series if one.side == "head"] if _sides_agree(fact) else fact.series
    points = [point for one in shown for point in _points(one, visible(base_name)[:_LONGEST_NAME])]
    return Plot(fact.title, fact.template, points, "x", "y", fact.x_label or "x", fact.y_label or "y")


def _picture(fact: PlotFact, base: str) -> Picture:
    found = plot(fact, base)
    if found is None:
        return Picture(fact.title, "", fact.detail)
    drawn = draw(found)
    notes = (f"no different from {base}" if _sides_agree(fact) else "", fact.detail, drawn.note)
    return Picture(fact.title, drawn.image, "; ".join(note for note in notes if note))


def _sides_agree(fact: PlotFact) -> bool:
    base, head = ([(one.name, one.x, one.y, one.counts) for one in fact.series if one.side == side] for side in ("base", "head"))
    return base == head


def _points(series: PlotSeries, base: str) -> list[dict[str, object]]:
    revision = base if series.side == "base" else _THIS
    found: list[dict[str, object]] = [
        {"x": x, "y": y, REVISION: revision, SERIES: series.name} for x, y in zip(series.x, series.y, strict=True)
    ]
    for point, count in zip(found, series.counts, strict=False):
        point[COUNT] = count
    return found
