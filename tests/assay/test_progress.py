"""Progress while something takes long (assay.progress), and how it is drawn (assay.live)."""

import io

from rich.console import Console

from assay.live import Shown


def test_progress_is_one_line_a_step_where_nobody_watches() -> None:
    text = io.StringIO()
    told = Shown(Console(file=text, width=80))
    told.step("drift of [x].csv")
    told.line("a line of a \x1b[31mprogram")
    assert "drift of [x].csv" in text.getvalue()
    assert "\x1b" not in text.getvalue()
