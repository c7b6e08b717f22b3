"""What a runner says of champion and challenger on the newest rows of production whose labels have arrived."""

from typing import Annotated

from pydantic import Field

from policy.facts.data import Count
from policy.facts.evaluation import MetricFact
from policy.models import Record, Text


class NewestFacts(Record):
    """Both models on the same rows: the committed one is the base of each metric, the one that was trained anew its head.

    `rows` is how many they were scored on, `start` and `end` their oldest and newest time in ISO 8601 and UTC (empty where they
    have none). `left_out` is how many rows either model may have learned from and that were therefore left out; None where nobody
    told which those are. `problem` says in a sentence why there are no metrics.
    """

    rows: Count = 0
    start: Text = ""
    end: Text = ""
    left_out: Count | None = None
    metrics: Annotated[list[MetricFact], Field(max_length=10)] = []
    problem: Text = ""
