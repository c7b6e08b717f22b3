"""What GitHub says of a change: its base, its files, and the policy that judges it."""

from bot import events
from bot.admission import Truth
from bot.gateway import Gateway
from bot.gateway.records import Comparison, PullRequest
from policy.document import FILE_NAME
from policy.facts import Facts
from policy.problems import UserProblem

_MOST_FILES = 3_000
"""How many files GitHub lists of a pull request."""


def truth(gateway: Gateway, pull: PullRequest, head: str, told: Facts | None) -> Truth:
    """What GitHub says. The base is its branch's tip now: a pull request's own `base.sha` may lag behind."""
    between = gateway.compare(pull.base_ref, head)
    policy = text(gateway.file(FILE_NAME, between.base))
    whole, files = _files(gateway, pull, between)
    claimed = told.revision.base if told else between.base
    return Truth(
        repository=gateway.full_name,
        number=pull.number,
        base=between.base,
        base_name=pull.base_ref,
        head=head,
        merge_base=between.merge_base,
        files=files,
        whole=whole,
        policy=policy,
        head_policy=text(gateway.file(FILE_NAME, head)) if policy is None or not whole else None,
        older_base=claimed != between.base and _is_ancestor(gateway, claimed, between.base, pull.base_sha),
    )


def _files(gateway: Gateway, pull: PullRequest, between: Comparison) -> tuple[bool, tuple[str, ...]]:
    if between.whole:
        return True, between.files
    listed = gateway.changed_files(pull.number)
    return len(listed) < _MOST_FILES, tuple(listed)


def _is_ancestor(gateway: Gateway, claimed: str, tip: str, recorded: str) -> bool:
    """Whether a commit that somebody names is one of the base branch."""
    if claimed == recorded:
        return True
    if not events.is_sha(claimed):
        return False
    try:
        return gateway.compare(claimed, tip).status in ("ahead", "identical")
    except UserProblem:
        return False


def text(raw: bytes | None) -> str | None:
    """Bytes as text, whatever they are; None where there is nothing."""
    return None if raw is None else raw.decode("utf-8", "replace")
