"""How a verdict is brought to its pull request: its section of `assay.yml`. Nothing here changes what the verdict is."""

from typing import Literal

from policy.models import Section


class Report(Section):
    """How a verdict is published on GitHub. Only the base branch's word counts: a change cannot choose for its own report."""

    publisher: Literal["assay", "cml"] = "assay"
    """Who writes the comment and the checks: `assay`, or the `cml` on PATH where there is one."""
    pictures: bool = False
    """Whether the comment also shows charts as PNG, kept in this repository; the job that reports needs `contents: write`."""
    labels: bool = False
    """Whether the pull request carries a label that says how it stands: `assay: passed`, `assay: failed` or `assay: waiting`."""
    quiet: bool = False
    """Whether no comment is begun where nothing that the policy watches changed; one that stands is kept true."""
