"""What happens on GitHub whoever asks for it: opening, pushing, commenting. Used by the routes and by tests that set a scene."""

from tests.loopback.git import Git
from tests.loopback.state import Account, Activity, CheckRun, Comment, Issue, Pull, Repository, State, moment


def new_repository(state: State, full_name: str, private: bool, parent: str | None = None) -> Repository:
    """An empty repository, or a fork with all branches of its parent."""
    owner, name = full_name.split("/")
    path = state.root / f"{full_name}.git"
    kind = "User" if parent else "Organization"
    git = Git.create(path, "main")
    repository = Repository(state.next_id(), state.account(owner, kind), name, git, private, parent=parent)
    if parent:
        git.fetch(state.repositories[parent].git, "refs/heads/*", "refs/heads/*")
    state.repositories[repository.full_name] = repository
    state.moved.pop(full_name.lower(), None)
    return repository


def rename(state: State, repository: Repository, new: str) -> Repository:
    """Renames or transfers a repository. Its old name leads on until somebody takes it; what named it names it anew."""
    old = repository.full_name
    owner, name = new.split("/")
    state.moved[old.lower()] = repository.id
    state.moved.pop(new.lower(), None)
    repository.owner, repository.name = state.account(owner, repository.owner.type), name
    place = state.root / f"{new}.git"
    place.parent.mkdir(parents=True, exist_ok=True)
    repository.git = Git(repository.git.path.rename(place))
    state.repositories = {one.full_name: one for one in state.repositories.values()}
    for token in state.tokens.values():
        if token.repositories is not None:
            token.repositories = {new if each == old else each for each in token.repositories}
    for installation in state.installations.values():
        installation.repositories = [new if each == old else each for each in installation.repositories]
    for one in state.repositories.values():
        one.parent = new if one.parent == old else one.parent
        for pull in one.pulls.values():
            if pull.head_repository == old:
                pull.head_repository, pull.head_owner = new, owner
        for run in one.runs.values():
            run.head_repository = new if run.head_repository == old else run.head_repository
    return repository


def next_number(repository: Repository) -> int:
    """The number of the next issue or pull request."""
    return max(repository.issues, default=0) + 1


def open_issue(state: State, repository: Repository, title: str, body: str | None, author: Account) -> Issue:
    """A new issue."""
    now = moment()
    issue = Issue(state.next_id(), next_number(repository), title, body, author, now, now)
    repository.issues[issue.number] = issue
    return issue


def open_pull(
    state: State, repository: Repository, head: str, base: str, title: str, body: str | None, author: Account, draft: bool
) -> Pull | None:
    """A new pull request from `branch` or `owner:branch`; None where head or base is no branch."""
    owner, _, ref = head.rpartition(":")
    source = repository if owner in ("", repository.owner.login) else _fork_of(state, repository, owner)
    if source is None:
        return None
    sha, base_sha = source.git.ref(f"refs/heads/{ref}"), repository.git.ref(f"refs/heads/{base}")
    if sha is None or base_sha is None:
        return None
    issue = open_issue(state, repository, title, body, author)
    pull = Pull(
        state.next_id(), issue.number, source.full_name, source.owner.login, ref, sha, base, base_sha, draft
    )  # fmt: skip
    repository.pulls[pull.number] = pull
    _publish(state, repository, pull)
    return pull


def _fork_of(state: State, repository: Repository, owner: str) -> Repository | None:
    for candidate in state.repositories.values():
        if candidate.parent == repository.full_name and candidate.owner.login == owner:
            return candidate
    return None


def _publish(state: State, repository: Repository, pull: Pull) -> None:
    """Brings the head into the base repository as `refs/pull/N/head`, and what a merge would give as `refs/pull/N/merge`."""
    source = state.repositories.get(pull.head_repository or "")
    if source is not None and source is not repository:
        repository.git.fetch(source.git, f"refs/heads/{pull.head_ref}", f"refs/pull/{pull.number}/head")
    else:
        repository.git.set_ref(f"refs/pull/{pull.number}/head", pull.head_sha)
    merged = repository.git.try_merge(pull.base_sha, pull.head_sha)
    if merged:
        message = f"Merge {pull.head_sha} into {pull.base_sha}"
        pull.merge_commit = repository.git.write_commit(message, merged, (pull.base_sha, pull.head_sha))
        repository.git.set_ref(f"refs/pull/{pull.number}/merge", pull.merge_commit)


def refresh(state: State, repository: Repository) -> list[Pull]:
    """Follows pushes: open pull requests take the present head and base of their branches. Gives those whose head moved."""
    moved = []
    for pull in repository.pulls.values():
        if repository.issues[pull.number].state != "open":
            continue
        source = state.repositories.get(pull.head_repository or "")
        head = source.git.ref(f"refs/heads/{pull.head_ref}") if source else None
        base = repository.git.ref(f"refs/heads/{pull.base_ref}")
        before = (pull.head_sha, pull.base_sha)
        pull.head_sha, pull.base_sha = head or pull.head_sha, base or pull.base_sha
        if before != (pull.head_sha, pull.base_sha):
            _publish(state, repository, pull)
            repository.issues[pull.number].updated_at = moment()
        if before[0] != pull.head_sha:
            moved.append(pull)
    return moved


def moved(
    state: State, repository: Repository, branch: str, before: str | None, after: str, who: Account, type: str = "push"
) -> None:
    """Somebody moved a branch."""
    made = Activity(state.next_id(), f"refs/heads/{branch}", before or "0" * 40, after, type, who, moment())
    repository.activities.append(made)


def merge(state: State, repository: Repository, pull: Pull, who: Account, message: str) -> str | None:
    """Merges a pull request with a merge commit; None on a conflict."""
    tree = repository.git.try_merge(pull.base_sha, pull.head_sha)
    if tree is None:
        return None
    commit = repository.git.write_commit(message, tree, (pull.base_sha, pull.head_sha))
    repository.git.set_ref(f"refs/heads/{pull.base_ref}", commit)
    pull.merged_at, pull.merge_commit, pull.merged_by = moment(), commit, who
    close(repository.issues[pull.number])
    moved(state, repository, pull.base_ref, pull.base_sha, commit, who, "pr_merge")
    return commit


def close(issue: Issue) -> None:
    """Closes an issue or pull request."""
    issue.state, issue.closed_at, issue.updated_at = "closed", moment(), moment()


def add_comment(state: State, repository: Repository, number: int, body: str, author: Account, app_id: int | None) -> Comment:
    """A new comment."""
    now = moment()
    comment = Comment(state.next_id(), number, body, author, app_id, now, now)
    repository.comments[comment.id] = comment
    return comment


def suite_of(state: State, repository: Repository, app_id: int, sha: str) -> int:
    """The check suite of an app on a commit."""
    for run in repository.checks.values():
        if run.app_id == app_id and run.head_sha == sha:
            return run.suite
    return state.next_id()


def latest(runs: list[CheckRun]) -> list[CheckRun]:
    """The newest check run of each app and name."""
    newest: dict[tuple[int, str], CheckRun] = {}
    for run in sorted(runs, key=lambda item: item.id):
        newest[(run.app_id, run.name)] = run
    return list(newest.values())
