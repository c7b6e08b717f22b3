"""Everything that `assay doctor` looks at, in one list."""

from pathlib import Path

from actions.progress import Progress
from actions.repository import Repository, remotes
from actions.setup import hosting, installed, repository_health, workflow_health, workflows
from actions.setup.finding import Finding
from actions.setup.hosting import Connect
from policy.problems import Problem


def examine(folder: Path, version: str, progress: Progress, connect: Connect, *, ask_remote: bool = True) -> list[Finding]:
    """The findings about the repository around a folder. What cannot be looked at is a finding too, never an error."""
    progress.step("git")
    try:
        repository = Repository.open(folder)
    except Problem as problem:
        return [Finding("git", "error", problem.what, problem.next, problem.where), *installed.look(None)]
    with repository:
        branch = remotes.default_branch(repository.root)
        findings = list(repository_health.git(repository, branch))
        progress.step("DVC and its remote")
        findings += repository_health.dvc(repository, ask_remote=ask_remote)
        progress.step("policy and workflows")
        policy, said = repository_health.policy(repository, branch)
        monitoring, imports = workflows.monitors(policy), workflows.has_imports(repository)
        action = workflows.action_for(repository, version)
        wanted = workflows.wanted(branch, action, monitoring=monitoring, imports=imports)
        findings += [*said, *workflow_health.look(repository, wanted), *installed.look(policy)]
        hosted = connect(workflows.repository_name(remotes.origin(repository.root) or ""))
    return [*findings, *hosting.look(hosted, branch)]


def healthy(findings: list[Finding]) -> bool:
    """Whether nothing is wrong that keeps a check from saying what it should."""
    return not any(finding.level == "error" for finding in findings)
