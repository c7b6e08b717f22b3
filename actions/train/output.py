"""Makes a line of a program's output harmless: no terminal codes, no commands to the runner, no secrets."""

import re
from collections.abc import Iterator, Sequence

_LONGEST = 2_000
# Escape sequences (CSI, OSC with its terminator, and the two-character ones), then every other control character but the tab.
_CODES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -~]?|[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]"
)
# Characters that turn the direction of text around, with which a line can show other than it says.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(line: str, secrets: Sequence[str] = ()) -> str:
    """One line for the terminal, the log of a runner and the record: at most 2,000 characters, without surprises.

    Of a progress bar (parts separated by carriage returns) the last state stays. `::command::` and `##[command]`, which
    a runner of GitHub Actions would obey, are pulled apart. Secrets become `***`.
    """
    text = next((part for part in reversed(line.rstrip("\r\n").split("\r")) if part.strip()), "")
    text = _BIDI.sub("", _CODES.sub("", text)).rstrip()
    for secret in secrets:
        text = text.replace(secret, "***")
    text = text.replace("##[", "# #[")
    if text.lstrip().startswith("::"):
        text = text.replace("::", ": :", 1)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class Lines:
    """Cuts a stream of bytes into lines. A line that does not end is let go in pieces, so that memory stays bounded."""

    _LIMIT = 1_000_000

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, part: bytes) -> Iterator[str]:
        """Give the lines that are complete now."""
        *whole, self._rest = (self._rest + part).split(b"\n")
        if len(self._rest) > self._LIMIT:
            whole.append(self._rest)
            self._rest = b""
        yield from (line.decode("utf-8", "replace") for line in whole)

    def end(self) -> Iterator[str]:
        """Give what is left when the stream ends."""
        if self._rest:
            yield self._rest.decode("utf-8", "replace")
        self._rest = b""
