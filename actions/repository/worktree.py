"""Files of the work tree: paths that stay inside it, and the ids git would give their content."""

import hashlib
import os
import stat
from pathlib import Path, PurePosixPath

from actions.repository.git import Git
from policy.problems import UserProblem


def inside(root: Path, path: str, *, also: Path | None = None) -> Path:
    """The absolute path of a repository-relative one; symbolic links may not lead out of the root (or out of `also`).

    Raises:
        UserProblem: the path is absolute, climbs out, is no path at all, or is a link that leads out.
    """
    target = root / clean(path)
    try:
        real = target.resolve()
    except (OSError, RuntimeError) as error:
        raise UserProblem("the path cannot be followed", path, "Look for a circle of symbolic links") from error
    if not any(real.is_relative_to(home.resolve()) for home in (root, also) if home):
        raise UserProblem("the symbolic link leads out of the repository", path, "Put the file itself there")
    return target


def clean(path: str) -> str:
    """A repository-relative POSIX path, normalised.

    Raises:
        UserProblem: it is absolute, empty or climbs out.
    """
    pure = PurePosixPath(path.replace(os.sep, "/"))
    if not path or "\0" in path or pure.is_absolute() or ".." in pure.parts:
        raise UserProblem("the path must stay inside the repository", repr(path), "Write it from the top of the repository")
    return str(pure)


def git_digest(git: Git, root: Path, path: str) -> str | None:
    """What git would call the content on disk: a blob id for a file, a tree id for a folder of files it does not ignore.

    The ids are git's own, so they compare with those of revisions; nothing is written to git's object store.
    None where nothing is there, or the folder holds no such file.
    """
    target = root / path
    if target.is_symlink() or target.is_file():
        return next(iter(_blobs(git, root, [path])), None)
    if not target.is_dir():
        return None
    listed = git.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", path)
    names = [name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name]
    present = [name for name in names if os.path.lexists(root / name) and not (root / name).is_dir()]
    blobs = dict(zip(present, _blobs(git, root, present), strict=True))
    modes = {name: _mode(root / name) for name in present}
    prefix = "" if path == "." else f"{path}/"
    entries = {name.removeprefix(prefix): (modes[name], blob) for name, blob in blobs.items()}
    return _tree(entries) if entries else None


def files_below(git: Git, root: Path, path: str) -> list[str]:
    """The files of a folder that git does not ignore and that are on disk, sorted."""
    listed = git.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", path)
    names = (name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name)
    return sorted(name for name in names if (root / name).is_file())


def _blobs(git: Git, root: Path, paths: list[str]) -> list[str]:
    """The blob ids of files; a symbolic link's is that of its target's name."""
    plain = [path for path in paths if not (root / path).is_symlink()]
    ids: dict[str, str] = {}
    if plain:
        # One path an argument: a path may hold a line break, which `--stdin-paths` could not carry.
        for start in range(0, len(plain), 500):
            part = plain[start : start + 500]
            told = git.run("hash-object", "--", *part).decode().split()
            ids |= dict(zip(part, told, strict=True))
    for path in paths:
        if path not in ids:
            target = os.fsencode((root / path).readlink())
            ids[path] = git.run("hash-object", "--stdin", "--no-filters", given=target).decode().strip()
    return [ids[path] for path in paths]


def _mode(path: Path) -> bytes:
    status = path.lstat().st_mode
    if stat.S_ISLNK(status):
        return b"120000"
    return b"100755" if status & stat.S_IXUSR else b"100644"


def _tree(entries: dict[str, tuple[bytes, str]]) -> str:
    """Git's id of a tree of files: the hash of its sorted entries (git-hash-object(1), gitformat-tree)."""
    here: dict[str, tuple[bytes, str]] = {}
    below: dict[str, dict[str, tuple[bytes, str]]] = {}
    for name, entry in entries.items():
        first, slash, rest = name.partition("/")
        if slash:
            below.setdefault(first, {})[rest] = entry
        else:
            here[first] = entry
    here |= {name: (b"40000", _tree(inner)) for name, inner in below.items()}
    # Git sorts a folder as if its name ended in a slash.
    ordered = sorted(here.items(), key=lambda item: os.fsencode(item[0]) + (b"/" if item[1][0] == b"40000" else b""))
    body = b"".join(mode + b" " + os.fsencode(name) + b"\0" + bytes.fromhex(blob) for name, (mode, blob) in ordered)
    some = next(iter(here.values()))[1]
    digest = hashlib.sha256 if len(some) == 64 else hashlib.sha1  # the repository's own hash, not a choice of ours
    return digest(b"tree %d\0" % len(body) + body).hexdigest()
