"""Says what code and data a model, or the head, was made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import yaml

from bot.commands.command import Request
from bot.effects import Effect, refused, told
from bot.grammar import kinds
from bot.grammar.arguments import Positional
from policy.reasons import Reason
from reports.markdown import Markdown, code, join, put, row

WHO = "read"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/lineage", "/lineage flight-delay@v3")
_MOST = 40


@dataclass(frozen=True)
class Arguments:
    """A version of a model, by the git tag `name@version` that it has; without one, the head against the base."""

    model: Annotated[kinds.Model | None, Positional(kinds.model)] = None


@dataclass(frozen=True)
class Present:
    """Two revisions with the digests that their `dvc.lock` records, by stage and path; `head` is None for a tag that is none."""

    base: str
    head: str | None
    before: Mapping[str, str]
    after: Mapping[str, str]


class Reads(Protocol):
    """What is asked of the gateway."""

    def file(self, path: str, ref: str) -> bytes | None:
        """A file at a revision; None where there is none."""

    def ref(self, name: str) -> str | None:
        """The SHA that a ref points to; None where there is none."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """`dvc.lock` at both revisions."""
    base, head = request.head.base_ref, request.head.head_sha
    if arguments.model is not None:
        tag = f"{arguments.model.name}@{arguments.model.version}"
        found = reads.ref(f"tags/{tag}") if arguments.model.version else None
        if found is None:
            return Present(base, None, {}, {})
        base, head = head, tag
    before, after = (digests(reads.file("dvc.lock", ref)) for ref in (base, head))
    return Present(base, head, before, after)


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """What differs first; the rest counted."""
    if present.head is None:
        model = arguments.model
        name = f"{model.name}@{model.version or 'a version'}" if model else ""
        return [refused(Reason.NO_SUCH_REFERENCE, reference=name)]
    paths = sorted({*present.before, *present.after}, key=lambda path: (_same(present, path), path))
    if not paths:
        return [told(Reason.TOLD, Markdown("Neither revision has a `dvc.lock` that can be read."))]
    head = [Markdown("stage and path"), code(present.base[:40]), code(present.head[:40])]
    lines = [row(head), "|---|---|---|"]
    lines += [row([code(path), _digest(present.before, path), _digest(present.after, path)]) for path in paths[:_MOST]]
    rest = [Markdown(f"{len(paths) - _MOST} more are in `dvc.lock`.")] if len(paths) > _MOST else []
    changed = sum(not _same(present, path) for path in paths)
    said = put(f"{changed} of {len(paths)} recorded digests differ between {{}} and {{}}.", head[1], head[2])
    return [told(Reason.TOLD, join([said, Markdown("\n".join(lines)), *rest], "\n\n"))]


def digests(raw: bytes | None) -> dict[str, str]:
    """`stage: path` to the digest that a `dvc.lock` records; nothing of what is none."""
    try:
        lock: Any = yaml.safe_load(raw or b"")
        found: dict[str, str] = {}
        for stage, entry in (lock.get("stages") or {}).items():
            for link in (*(entry.get("deps") or ()), *(entry.get("outs") or ())):
                digest = next((link[kind] for kind in ("md5", "hash", "etag", "checksum") if link.get(kind)), "")
                found[f"{stage}: {link['path']}"] = str(digest)
        return found
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return {}


def _same(present: Present, path: str) -> bool:
    return present.before.get(path) == present.after.get(path)


def _digest(found: Mapping[str, str], path: str) -> Markdown:
    digest = found.get(path)
    return code(digest[:12]) if digest else Markdown("—")
