"""Says what is going on while something takes long, without knowing how it is shown."""

from typing import Protocol


class Progress(Protocol):
    """What a long piece of work reports to."""

    def step(self, text: str) -> None:
        """A new step begins, such as `drift of data/flights.parquet`."""

    def line(self, text: str) -> None:
        """One line of a running program's output."""


class Silent:
    """Reports to nobody."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def line(self, text: str) -> None:
        """Say nothing."""
