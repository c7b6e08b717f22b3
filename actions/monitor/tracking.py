"""The numbers of a look as metrics of a run on an MLflow server, so that its pictures show the trend of production.

One run for each model holds all looks: a look is a step, numbered by its second, and is written in one request and only once.
"""

from datetime import datetime

from actions.registry.client import Registry
from policy.monitoring import RANK
from policy.sighting import Sighting

TAG = "assay.monitor"
"""The tag by which the run of a model is known."""
SEVERITY = "severity"
"""The metric with the worst finding, 0 to 3; every look has it."""


def experiment(model: str) -> str:
    """The name of the experiment of a model."""
    return f"assay-monitor/{model}"


def record(registry: Registry, sighting: Sighting) -> bool:
    """Write a look down, and say whether it was new: one that is there already is left as it is.

    Raises:
        UserProblem: the server does not allow it, or is none.
        OutsideProblem: the server cannot be reached.
    """
    name, tags = experiment(sighting.model), {TAG: sighting.model}
    moment = datetime.fromisoformat(sighting.at)
    step = int(moment.timestamp())
    # The oldest, where two looks began one at the same time.
    known = registry.runs(name, tags)
    if known:
        run = known[0]
    else:
        run = registry.begin(name, "production", tags)
        registry.finish(run.id)
    if step in registry.steps(run.id, SEVERITY):
        return False
    registry.measure(run.id, sighting.numbers | {SEVERITY: float(RANK[sighting.severity])}, step=step, at=moment)
    return True
