"""The ledger as people take it elsewhere: JSON Lines, and CSV that a spreadsheet does not run."""

import csv
import io
import json
from collections.abc import Sequence

from policy.ledger import Kept
from reports.markdown import visible

_COLUMNS = (
    "sequence", "time", "decision", "reason", "model", "version", "environment", "gate", "number", "by", "because", "hash",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def row(kept: Kept) -> dict[str, str]:
    """An entry in a few words. Who it was and what they said is empty where it was taken out."""
    entry, who = kept.entry, kept.personal
    subject = entry.subject
    values = (
        entry.sequence, entry.time, entry.decision.value, entry.reason, subject.model, subject.version, subject.environment,
        subject.gate, subject.number or "", who.login if who else "", who.because if who else "", entry.hash,
    )  # fmt: skip
    return dict(zip(_COLUMNS, (str(each) for each in values), strict=True))


def line(kept: Kept) -> str:
    """An entry on one line for a terminal; what nobody sees is spelled out, so that no text begins a line of its own."""
    told = row(kept)
    about = " ".join(filter(None, (told["model"], told["version"], told["environment"], told["gate"])))
    number = f"#{told['number']}" if told["number"] else ""
    who = f"by {told['by']}" if kept.personal else "by somebody whose name was taken out"
    because = f'because "{told["because"]}"' if told["because"] else ""
    words = (told["sequence"].rjust(6), told["time"], told["decision"], about, number, who, because)
    return visible(" ".join(filter(None, words)).replace("\n", " ").replace("\r", " "))


def jsonl(entries: Sequence[Kept]) -> str:
    """Everything, one entry a line, with the hash of each."""
    return "".join(
        json.dumps({**each.model_dump(), "hash": each.hash, "personal": who.model_dump() if who else None}, sort_keys=True) + "\n"
        for each, who in ((kept.entry, kept.personal) for kept in entries)
    )


def table(entries: Sequence[Kept]) -> str:
    """CSV with a head. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    made = io.StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(value) for value in row(each).values()] for each in entries)
    return made.getvalue()


def _cell(value: str) -> str:
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
