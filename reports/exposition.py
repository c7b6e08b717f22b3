"""A sighting as a text file for Prometheus, such as node_exporter's textfile collector reads."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from policy.monitoring import RANK
from policy.sighting import Severity, Sighting

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def prometheus(sighting: Sighting) -> str:
    """The text exposition format, version 0.0.4: gauges with the label `model`, and one a number of the trend by `name`.

    Times stand as values and not as timestamps, which the textfile collector refuses.
    """
    return "".join(f"{line}\n" for line in _lines(sighting))


def _lines(sighting: Sighting) -> Iterator[str]:
    model = f'model="{_escaped(sighting.model)}"'
    ranks = ", ".join(f"{rank} {severity.value}" for severity, rank in RANK.items())
    yield from _gauge("assay_monitor_severity", f"The worst finding of the last look: {ranks}.", {model: RANK[sighting.severity]})
    at = datetime.fromisoformat(sighting.at).timestamp()
    yield from _gauge("assay_monitor_looked_timestamp_seconds", "When the last look was taken, as Unix time.", {model: at})
    counts = dict.fromkeys(Severity, 0)
    for leaf in sighting.result.leaves():
        if (found := leaf.values.get("severity")) in counts:
            counts[Severity(str(found))] += 1
    numbers = {f'{model},severity="{each.value}"': counts[each] for each in Severity if each is not Severity.NONE}
    yield from _gauge("assay_monitor_findings", "Findings of the last look, by severity.", numbers)
    trend = {f'{model},name="{_escaped(name)}"': value for name, value in sorted(sighting.numbers.items())}
    if trend:
        yield from _gauge("assay_monitor_number", "Numbers of the last look, by name; see docs/monitor.md.", trend)


def _gauge(name: str, meaning: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} gauge"
    yield from (f"{name}{{{labels}}} {value!r}" for labels, value in values.items())


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
