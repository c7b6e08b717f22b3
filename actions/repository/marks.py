"""Git tags that Assay makes: only where they are absent, and never moved."""

from actions.repository.git import Git
from policy.problems import OutsideProblem, UserProblem

_AUTHOR = ("-c", "user.name=Assay", "-c", "user.email=assay@users.noreply.github.com")
"""A runner knows nobody. Who asked for a tag stands in its message."""


def place(git: Git, name: str, sha: str, message: str) -> bool:
    """Make an annotated tag on a commit, here and on `origin` where there is one. False where both had it.

    Raises:
        UserProblem: it is no name of a tag, or a tag of that name is on another commit.
        OutsideProblem: `origin` cannot be read or refuses it.
    """
    ref = f"refs/tags/{name}"
    if name.startswith("-") or git.ask("check-ref-format", ref).code:
        raise UserProblem("this is not the name of a tag", repr(name), "Choose another name for the model")
    remote = git.ask("remote", "get-url", "origin").code == 0
    there = _on_origin(git, ref) if remote else None
    here = git.ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").output.decode().strip()
    for found in (there, here):
        if found and found != sha:
            raise UserProblem(f"the tag is on {found[:7]}, not on {sha[:7]}", name, "A tag is never moved: look who made it")
    if not here and not there:
        git.run(*_AUTHOR, "tag", "--annotate", "--no-sign", "--message", message, name, sha)
    if not remote or there:
        return not here and not there
    told = git.ask("push", "--quiet", "origin", f"{ref}:{ref}")
    if told.code:
        raise OutsideProblem("origin did not take the tag", name, "Give the job `contents: write` and credentials")
    return True


def place_next(git: Git, stem: str, sha: str, message: str) -> str:
    """Make the next of the tags `STEM1`, `STEM2` and so on, unless the last one is on that commit already. Gives its name.

    Raises UserProblem and OutsideProblem, as `place` does.
    """
    pattern = f"refs/tags/{stem}*"
    lists = [git.run("for-each-ref", "--format=%(objectname) %(refname)", pattern)]
    if git.ask("remote", "get-url", "origin").code == 0:
        told = git.ask("ls-remote", "origin", pattern)
        if told.code:
            raise OutsideProblem("origin cannot be read", stem, "Check the network and the credentials, then try again")
        lists.append(told.output)
    names = [
        line.split()[1].removeprefix(f"refs/tags/{stem}")
        for text in lists
        for line in text.decode("utf-8", "replace").splitlines()
    ]
    last = max((int(each) for each in names if each.isascii() and each.isdecimal() and len(each) < 10), default=0)
    if last:
        try:
            place(git, f"{stem}{last}", sha, message)
        except UserProblem:
            pass  # it is on another commit
        else:
            return f"{stem}{last}"
    place(git, f"{stem}{last + 1}", sha, message)
    return f"{stem}{last + 1}"


def _on_origin(git: Git, ref: str) -> str | None:
    """The commit that a tag of `origin` is on."""
    told = git.ask("ls-remote", "origin", ref, f"{ref}^{{}}")
    if told.code:
        raise OutsideProblem("origin cannot be read", ref, "Check the network and the credentials, then try again")
    lines = (line.partition("\t") for line in told.output.decode("utf-8", "replace").splitlines())
    found = {name: sha for sha, _, name in lines}
    return found.get(f"{ref}^{{}}") or found.get(ref)
