"""From the files that a report names to addresses in the repository; what must not be published stays where it is.

A report may be made by code that nobody reviewed, and what it names becomes readable by everyone who reads the repository. So
only files below the working folder or the report's own are taken, by their real place; pictures are told by their content; and
what a report only links to must not lie in a hidden file or folder, where credentials live.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot import images
from bot.cml import links
from bot.gateway.problems import Forbidden
from policy.problems import UserProblem
from reports.markdown import code

Publish = Callable[[Sequence[images.File]], Mapping[str, str]]
"""Stores files and returns name -> address."""
_MOST = 60


@dataclass
class Shown:
    """A report with its files published: the new Markdown, why each file that is not shown is not, and a problem for the log."""

    markdown: str
    left: dict[str, str] = field(default_factory=dict)
    forbidden: Forbidden | None = None

    def footnote(self) -> str:
        """The lines that tell readers what is missing; empty if nothing is."""
        told = [f"{code(name)} ({why})" for name, why in list(self.left.items())[:10]]
        more = f" and {len(self.left) - 10} more" if len(self.left) > 10 else ""
        return f"\n\n*Not shown: {', '.join(told)}{more}.*\n" if told else ""


def show(markdown: str, folder: Path, tops: Sequence[Path], publish: Publish) -> Shown:
    """Publish the local files that a report names, which lies in `folder`; nothing outside of `tops` is read."""
    shown = Shown(markdown)
    found: dict[str, images.File] = {}
    for target in links.targets(markdown):
        try:
            if len(found) >= _MOST:
                raise UserProblem(f"more than {_MOST} files")
            file = _embedded(target) if target.embedded else _local(target, folder, tops)
            if file is not None:
                found[target.written] = file
        except UserProblem as problem:
            shown.left[_label(target)] = problem.what
        except (OSError, ValueError):
            shown.left[_label(target)] = "not the name of a file"
    try:
        addresses = publish(list(found.values())) if found else {}
    except Forbidden as problem:
        shown.forbidden = problem
        shown.left |= {
            _label(target): "the token may not write contents" for target in links.targets(markdown) if target.written in found
        }
        return shown
    shown.markdown = links.rewritten(markdown, {written: addresses[file.name] for written, file in found.items()})
    return shown


def read(path: Path, tops: Sequence[Path]) -> bytes:
    """The content of a file below one of `tops`, links resolved.

    Raises:
        UserProblem: another file, one that is git's, or one that is too large.
    """
    real = path.resolve()
    if not _below(real, tops):
        raise UserProblem("outside of the working folder", str(path), "Copy it into the working folder")
    if ".git" in real.parts:
        raise UserProblem("belongs to git", str(path), "Publish a copy if it is meant to be public")
    if not real.is_file():
        raise UserProblem("not found", str(path), "Name a file")
    if real.stat().st_size > images.LIMIT:
        raise UserProblem(f"more than {images.LIMIT:,} bytes", str(path), "Make it smaller, or upload it as an artifact")
    return real.read_bytes()


def _local(target: links.Target, folder: Path, tops: Sequence[Path]) -> images.File | None:
    """The file that is meant; None for a link that leads to no file, as in `[section](other)`. Raises UserProblem."""
    path = folder / target.path
    if not target.picture and (not path.is_file() or _hidden(path, tops)):
        return None
    content = read(path, tops)
    if not target.picture:
        return images.linkable(content, path.name)
    picture = images.picture(content)
    if picture is None:
        raise UserProblem("neither PNG, JPEG, GIF nor WebP", str(path), "Save it as PNG")
    return picture


def _label(target: links.Target) -> str:
    return "a picture in the text" if target.embedded else target.path


def _below(real: Path, tops: Sequence[Path]) -> tuple[str, ...]:
    """The parts of a path below the first of `tops` that holds it; empty where none does."""
    return next((real.relative_to(top.resolve()).parts for top in tops if real.is_relative_to(top.resolve())), ())


def _hidden(path: Path, tops: Sequence[Path]) -> bool:
    return any(part.startswith(".") for part in _below(path.resolve(), tops))


def _embedded(target: links.Target) -> images.File:
    try:
        content = base64.b64decode(target.written.partition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise UserProblem("not valid base64", "", "Save it as a file") from None
    picture = images.picture(content)
    if picture is None:
        raise UserProblem("neither PNG, JPEG, GIF nor WebP", "", "Save it as PNG")
    if len(content) > images.LIMIT:
        raise UserProblem(f"more than {images.LIMIT:,} bytes", "", "Save it as a smaller file")
    return picture


def is_shown(file: images.File, mime_type: str | None) -> bool:
    """Whether Markdown shows a file instead of linking to it: as its MIME type says, or else as its content does."""
    return mime_type.startswith(("image/", "video/")) if mime_type else images.picture(file.content) is not None


def markdown(address: str, title: str, *, picture: bool) -> str:
    """A picture or a link, in one line."""
    named = title.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    if picture:
        return f'![]({address} "{named}")'
    label = named.replace("[", "\\[").replace("]", "\\]")
    return f"[{label}]({address})"
