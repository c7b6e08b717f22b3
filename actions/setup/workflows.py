"""The workflow files that Assay ships, filled in for one repository: its default branch, and the Assay they use."""

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import actions
from actions.repository import Repository, remotes
from policy.document import Policy
from policy.problems import Problem, UserProblem

SHIPPED = Path(actions.__file__).parents[1] / "workflows"
"""Beside the rooms, in a checkout and in the wheel alike."""
FOLDER = ".github/workflows"
ASSAY = "assay-ml/assay"
FOR_COMMANDS = frozenset({"assay-commands.yml", "assay-run.yml", "assay-promote.yml", "assay-retrain.yml"})
"""Workflows that only commands in comments need."""
FOR_IMPORTS = frozenset({"assay-refresh.yml"})
"""Workflows that only a repository needs that imports data."""
FOR_MONITORING = frozenset({"assay-monitor.yml"})
"""Workflows that only a repository needs whose policy says what to look at in production, and what becomes of it."""
FOR_TUNING = frozenset({"assay-tune.yml"})
"""Workflows that only a repository needs whose policy says which parameters may be tried."""
_USE = re.compile(rf"(uses: ){ASSAY}((?:/[\w./-]+)?)@[0-9a-f]{{40}}(?: # \S+)?")
_PINNED = re.compile(r"uses: ([\w.-]+/assay)(?:/[\w./-]+)?@([0-9a-f]{40})(?: # (\S+))?")
_BRANCHES = re.compile(r"branches: \[main\]")


@dataclass(frozen=True)
class Action:
    """Which Assay the workflows use: `owner/name`, a full commit SHA, and the version as people call it."""

    repository: str
    sha: str
    version: str


def wanted(
    branch: str,
    action: Action | None,
    *,
    commands: bool = True,
    monitoring: bool = False,
    imports: bool = False,
    tuning: bool = False,
) -> dict[str, str]:
    """Path -> text of the workflows, with or without those for commands, for monitoring, for imports and for tuning.

    Without an action, the reference stays the shipped one.

    Raises:
        UserProblem: this installation has no workflows.
    """
    files = sorted(SHIPPED.glob("*.yml"))
    if not files:
        raise UserProblem("this installation of Assay has no workflows", str(SHIPPED), "Install it again")
    needed = ((FOR_COMMANDS, commands), (FOR_MONITORING, monitoring), (FOR_IMPORTS, imports), (FOR_TUNING, tuning))
    left_out = {name for names, need in needed if not need for name in names}
    chosen = [file for file in files if file.name not in left_out]
    return {f"{FOLDER}/{file.name}": fill(file.read_text("utf-8"), branch, action) for file in chosen}


def monitors(policy: Policy | None) -> bool:
    """Whether a policy says what to look at in production, and what becomes of what is found there."""
    return policy is not None and policy.monitor is not None and policy.watch is not None


def has_imports(repository: Repository) -> bool:
    """Whether DVC imports data here; where its files cannot be read, nobody can tell, and others say so."""
    try:
        return any(out.kind == "import" for out in repository.outs())
    except Problem:
        return False


def fill(text: str, branch: str, action: Action | None) -> str:
    """One workflow, with the branch and the action in place."""
    if action is not None:
        text = _USE.sub(lambda found: f"{found[1]}{action.repository}{found[2]}@{action.sha} # {action.version}", text)
    return _BRANCHES.sub(lambda _: f"branches: [{json.dumps(branch) if not branch.isalnum() else branch}]", text)


def action_for(repository: Repository, version: str) -> Action | None:
    """The Assay that the repository's workflows already use, however it came there; else the one that is running."""
    for file in sorted(SHIPPED.glob("*.yml")):
        content = repository.read(f"{FOLDER}/{file.name}")
        found = _PINNED.search(content.decode("utf-8", "replace")) if content is not None else None
        if found and set(found[2]) != {"0"}:
            return Action(found[1], found[2], found[3] or f"v{version}")
    return installed(version)


def installed(version: str) -> Action | None:
    """The commit that this Assay was installed from; None where nothing tells (a wheel from a file or an index)."""
    try:
        told = distribution("assay").read_text("direct_url.json")
    except PackageNotFoundError:
        told = None
    if told:
        record = json.loads(told)
        sha = record.get("vcs_info", {}).get("commit_id", "")
        name = repository_name(str(record.get("url", "")))
        return Action(name, sha, f"v{version}") if name and re.fullmatch(r"[0-9a-f]{40}", sha) else None
    checkout = SHIPPED.parent
    sha = remotes.revision(checkout) if (checkout / ".git").exists() else None
    return Action(repository_name(remotes.origin(checkout) or "") or ASSAY, sha, f"v{version}") if sha else None


def repository_name(url: str) -> str | None:
    """`owner/name` of a repository's address, by https or by ssh."""
    found = re.fullmatch(r"(?:git\+)?(?:https?://|ssh://|git@).*[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?", url)
    return found[1] if found else None
