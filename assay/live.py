"""Progress drawn by rich, whose import is paid only where something is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.text import Text

from assay.progress import printable


class Shown:
    """Progress on standard error: a moving line on a terminal, one line a step in a log."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.live: Live | None = None
        self.text = ""
        self.started = perf_counter()

    def step(self, text: str) -> None:
        """A new step begins."""
        self.text = text = printable(text)
        if self.live is not None:
            self.live.update(Spinner("dots", Text(text)))
        else:
            self.console.print(f"[dim]{perf_counter() - self.started:6.1f} s[/]  {escape(text)}", soft_wrap=True)

    def line(self, text: str) -> None:
        """One line of a running program."""
        text = printable(text)
        if self.live is not None:
            self.live.update(Spinner("dots", Text.assemble(self.text, ("  " + text.strip()[:100], "dim"))))
        else:
            self.console.print(f"          {escape(text)}", style="dim", highlight=False, soft_wrap=True)


@contextmanager
def drawn() -> Iterator[Shown]:
    """A moving line where somebody is looking, one line a step in a log."""
    console = Console(stderr=True, highlight=False)
    told = Shown(console)
    if not console.is_terminal:
        yield told
        return
    with Live(console=console, transient=True, refresh_per_second=8) as live:
        told.live = live
        yield told
