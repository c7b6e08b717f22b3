"""What became of a training is said in a sentence, and what GitHub answered is nobody's Markdown."""

import pytest

from policy.vigil_history import Training
from reports import vigil_training as drawn

AT = "2026-07-01T06:00:00+00:00"
PAGE = "https://github.com/acme/flights/actions/workflows/assay-retrain.yml"


@pytest.mark.parametrize(
    ("training", "said"),
    [
        (Training(state="started", at=AT), f"[`assay-retrain.yml`](<{PAGE}>) was started; the run is called `monitor-0a`"),
        (Training(state="due", at=AT), f"[`assay-retrain.yml`](<{PAGE}>) is being started; the run is called `monitor-0a`"),
        (Training(state="held", at=AT, proposal=12), "none was started, because #12 is open"),
        (
            Training(
                state="withheld", at=AT, why="such a run costs about 7 USD, and a run may cost 5 USD; beyond that it takes ml"
            ),
            "none was started: such a run costs about 7 USD, and a run may cost 5 USD; beyond that it takes ml. "
            "Who may starts one with `/retrain`",
        ),
        (
            Training(state="missing", at=AT),
            "none was started: the default branch has no `assay-retrain.yml`. The next look tries again",
        ),
    ],
)
def test_it_says_what_became_of_it(training: Training, said: str) -> None:
    assert drawn.said(training, "monitor-0a", "assay-retrain.yml", PAGE).source == said


def test_why_it_was_refused_begins_no_row_and_no_mention() -> None:
    training = Training(state="refused", at=AT, why="no | @acme/ml\n# <!-- ")
    said = drawn.said(training, "k", "assay-retrain.yml", PAGE).source
    assert "could not be started: no `| @acme/ml" in said and "<!--" not in said and "\n" not in said


def test_why_it_is_started_is_plain() -> None:
    assert (
        drawn.because("high", "2026-07-01 06:00 UTC") == "the severity in production rose to high, seen at 2026-07-01 06:00 UTC"
    )
