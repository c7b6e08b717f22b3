"""Why a metric has no value, carried from where it shows to the fact that says so."""

from dataclasses import dataclass

from policy.reasons import Reason


@dataclass
class Undefined(Exception):
    """A metric has no value on some rows. `detail` begins with a space, or is empty: it ends the reason's sentence."""

    reason: Reason
    detail: str = ""
