"""What has to be measured for a policy: which metrics, on which slices, and where an interval is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.evaluate.samples import Said, Truth
from policy.evaluation import Evaluate, Gate
from policy.facts.evaluation import Slice


@dataclass(frozen=True)
class Plan:
    """What is asked of predictions.

    `metrics` are known ones, empty where the gates ask for none (see `usual`); `functions` maps the user's metrics to
    their functions. Slices of `columns` get values; an interval is worth its time only where a gate judges it.
    """

    metrics: list[str]
    functions: dict[str, str]
    columns: list[str]
    gates: Sequence[Gate]

    def judged(self, metric: str, where: Slice) -> bool:
        """Whether a gate judges the metric on this slice."""
        return any(
            gate.metric == metric and (gate.every == where.column or gate.where.get(where.column) == where.value)
            for gate in self.gates
        )

    def values(self, column: str) -> list[str]:
        """The values of a column that gates name one by one."""
        return [gate.where[column] for gate in self.gates if column in gate.where]

    @property
    def names(self) -> list[str]:
        """Every metric, known or the user's."""
        return [*self.metrics, *self.functions]


def plan(section: Evaluate) -> Plan:
    """What the comparison of head and base has to measure. Gates on a baseline ask for values of the head all the same."""
    computed = [gate for gate in section.gates if section.computes(gate)]
    metrics = dict.fromkeys(gate.metric for gate in computed if gate.function is None)
    functions = {gate.metric: gate.function for gate in computed if gate.function is not None}
    return Plan(list(metrics), functions, section.slice_columns, [gate for gate in computed if gate.since is None])


def plan_since(section: Evaluate, reference: str) -> Plan:
    """What the comparison of head and an accepted baseline has to measure: all of it overall, slices only where gates ask."""
    whole, gates = plan(section), [gate for gate in section.gates if section.computes(gate) and gate.since == reference]
    if reference == section.baseline:
        metrics, functions = whole.metrics, whole.functions
    else:
        metrics = list(dict.fromkeys(gate.metric for gate in gates if gate.function is None))
        functions = {gate.metric: gate.function for gate in gates if gate.function is not None}
    columns = [column for gate in gates for column in (*([gate.every] if gate.every else []), *gate.where)]
    return Plan(metrics, functions, list(dict.fromkeys(columns)), gates)


def usual(truth: Truth, said: Said) -> list[str]:
    """What to report where no gate names a metric of predictions."""
    if truth.positive is not None:
        return ["roc_auc", "log_loss", "accuracy"] if said.score is not None else ["accuracy", "f1"]
    if said.codes is not None and (truth.number is None or said.score is None) and truth.classes <= 20:
        return ["accuracy", "f1"]
    return ["rmse", "mae", "r2"]
