"""A promotion: its section of `assay.yml`, and whether a version still is what was approved. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from policy import digests
from policy.authorization import LEASE, Authorization
from policy.digests import Subject
from policy.durations import Duration
from policy.models import Section
from policy.origin import Origin

_LONGEST = timedelta(minutes=20)
_AHEAD = timedelta(minutes=5)
"""How much two clocks may differ."""
_URL = re.compile(r"https?://[!-~]{1,490}")


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", name) or name.startswith("ASSAY_"):
        raise ValueError("write the name of a variable, such as DEPLOY_TOKEN; those that begin with ASSAY_ are ours")
    return name


def _short(span: timedelta) -> timedelta:
    if not timedelta() < span <= _LONGEST:
        raise ValueError("make it at most 20 min: the environment is kept for half an hour")
    return span


class Promote(Section):
    """What is done once the alias of an environment has moved, such as a deployment."""

    run: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    """The command line, for `sh`, at the top of the repository. It has to bear being run again for the same version."""
    timeout: Annotated[Duration, AfterValidator(_short)] = Field(default="10 min", validate_default=True)
    """How long it may take, at most 20 min; it is stopped after that."""
    env: Annotated[list[Annotated[str, AfterValidator(_variable)]], Field(max_length=50)] = []
    """The variables of the job that it may see, beside those that programs need to run. Tokens are among them only by name."""


def covered(origin: Origin) -> dict[str, Any]:
    """What an approval covers of a version, as the parts of a `Subject`."""
    return {
        "commit": origin.code_sha,
        "tree": origin.code_tree,
        "lock": origin.lock_digest,
        "data": dict(origin.data),
        "artifact": origin.model_digest,
        "params": origin.params_digest,
        "facts": origin.facts_digest,
    }


def differences(approved: Subject, found: Mapping[str, Any]) -> list[str]:
    """In words how what was found differs from what was approved: the parts that `found` names, each `approved → found`."""
    return digests.changes(approved, approved.model_copy(update=dict(found)))


def untimely(leave: Authorization, now: datetime) -> str:
    """Why a leave is good no more, or not yet; empty where it is."""
    if leave.at.tzinfo is None:
        return "the leave does not say in which time zone it was given"
    if now - leave.at > LEASE:
        return f"the leave is of {leave.at:%Y-%m-%d %H:%M} UTC and was good for half an hour"
    if leave.at - now > _AHEAD:
        return f"the leave is of {leave.at:%Y-%m-%d %H:%M} UTC, which is still to come"
    return ""


def address(output: str) -> str | None:
    """The address in what a command left, its last line `url=https://...`; None where there is none that can be shown."""
    told = [line.removeprefix("url=").strip() for line in output.splitlines() if line.startswith("url=")]
    return told[-1] if told and _URL.fullmatch(told[-1]) else None
