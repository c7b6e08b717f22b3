"""The values of metrics at the last accepted changes, for a picture. What cannot be read is left out of the picture."""

import re
from collections.abc import Sequence

from actions.evaluate import files
from actions.evaluate.trouble import Undefined
from actions.repository import Repository
from policy.facts.evaluation import HistoryPoint

POINTS = 8
_MOST_METRICS = 50


def history(repository: Repository, paths: Sequence[str], wanted: Sequence[str], base: str) -> dict[str, list[HistoryPoint]]:
    """Points (oldest first) of each wanted metric that metrics files kept by git hold on the first-parent line of base."""
    found: dict[str, list[HistoryPoint]] = {}
    for path in paths if wanted else []:
        for sha, subject in reversed(repository.history(path, POINTS, base)):
            content = repository.read(path, sha)
            if content is None:
                continue
            try:
                numbers = files.read(path, content).numbers
            except Undefined:
                continue
            for name in list(dict.fromkeys(wanted))[:_MOST_METRICS]:  # several gates may judge one metric
                if name in numbers:
                    found.setdefault(name, []).append(HistoryPoint(label=label(sha, subject), value=numbers[name]))
    return {name: points[-POINTS:] for name, points in found.items()}


def label(sha: str, subject: str) -> str:
    """`#31` where the commit tells its pull request, as GitHub's merges and squashes do, else the short SHA."""
    told = re.match(r"Merge pull request #(\d{1,9})\b", subject) or re.search(r"\(#(\d{1,9})\)$", subject)
    return f"#{told[1]}" if told else sha[:7]
