"""What one account may still ask of GitHub: requests of the hour, and its turn to write.

GitHub counts both per installation (or per token, where it is none), however many tokens, gateways and threads there are; so all
of an installation's transports share one allowance.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Allowance:
    """Safe for several threads. Nothing is known of the hour before the first answer."""

    left: int = -1
    most: int = -1
    resets: float = 0.0
    """When the hour's requests are given anew, in seconds since the epoch."""
    _wrote: float = field(default=0.0, repr=False)
    _writing: Lock = field(default_factory=Lock, repr=False, compare=False)

    def note(self, headers: Mapping[str, str]) -> None:
        """Learn from an answer what is left. Searches and GraphQL are counted apart and say nothing of it."""
        told = [_number(headers.get(f"x-ratelimit-{name}", "")) for name in ("remaining", "limit", "reset")]
        if headers.get("x-ratelimit-resource", "core") == "core" and None not in told[:2]:
            left, most, resets = (each or 0.0 for each in told)
            self.left, self.most, self.resets = int(left), int(most), resets

    def low(self, now: float) -> bool:
        """Whether less than a tenth is left of the hour's requests, and the hour is not over."""
        return self.most > 0 and self.left * 10 < self.most and now < self.resets

    def turn(self, spacing: float, clock: Callable[[], float], pause: Callable[[float], None]) -> None:
        """Wait for one's turn to write: `spacing` seconds after the write before, whoever made it."""
        if spacing <= 0:
            return
        with self._writing:
            ready = self._wrote + spacing - clock()
            if 0 < ready <= spacing + 0.001:  # more than that, and the clock was set back
                pause(ready)
            self._wrote = clock()


def _number(text: str) -> float | None:
    """A number as GitHub writes one in a header, which is sometimes a fraction."""
    return float(text) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text) else None
