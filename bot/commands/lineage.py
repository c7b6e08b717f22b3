"""Says what code and data a model, or the head, was made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import yaml

from bot.commands.command import Request
from bot.effects import Effect, refused, told
from bot.grammar import kinds
from bot.grammar.arguments import Positional
from policy import document
from policy.lineage import Lineage
from policy.problems import Problem, UserProblem
from policy.reasons import Reason
from reports import lineage
from reports.markdown import EMPTY, Markdown, code, join, put, row, text

WHO = "read"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/lineage", "/lineage flight-delay@v3")
_MOST = 40


@dataclass(frozen=True)
class Arguments:
    """A version of a model, by the git tag `name@version` that it has or as the registry knows it; without one, the head
    against the base. The registry is asked only about the model that `assay.yml` of the base names."""

    model: Annotated[kinds.Model | None, Positional(kinds.model)] = None


@dataclass(frozen=True)
class Present:
    """Two revisions with the digests that their `dvc.lock` records, by stage and path; `head` is None for a tag that is none.

    `registered` is what the registry says of the version, or why it says nothing; None where it was not asked.
    """

    base: str
    head: str | None
    before: Mapping[str, str]
    after: Mapping[str, str]
    registered: Lineage | Problem | None = None


class Reads(Protocol):
    """What is asked of the gateway."""

    def file(self, path: str, ref: str) -> bytes | None:
        """A file at a revision; None where there is none."""

    def ref(self, name: str) -> str | None:
        """The SHA that a ref points to; None where there is none."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """`dvc.lock` at both revisions, and what the registry says."""
    base, head = request.head.base_ref, request.head.head_sha
    registered = _registered(reads, request, arguments.model)
    if arguments.model is not None:
        tag = f"{arguments.model.name}@{arguments.model.version}"
        found = reads.ref(f"tags/{tag}") if arguments.model.version else None
        origin = registered.step.origin if isinstance(registered, Lineage) else None
        if found is None and origin is None:
            return Present(base, None, {}, {}, registered)
        base, head = head, tag if found or origin is None else origin.code_sha
    before, after = (digests(reads.file("dvc.lock", ref)) for ref in (base, head))
    return Present(base, head, before, after, registered)


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """What the registry says, then what differs; the rest counted."""
    if present.head is None and not isinstance(present.registered, Lineage):
        model = arguments.model
        name = f"{model.name}@{model.version or 'a version'}" if model else ""
        told_why = EMPTY if present.registered is None else _unasked(present.registered)
        return [refused(Reason.NO_SUCH_REFERENCE, told_why, reference=name)]
    parts = [] if present.registered is None else [_said(present.registered)]
    if present.head is not None:
        parts.append(_differences(present, present.head))
    return [told(Reason.TOLD, join(parts, "\n\n"))]


def _registered(reads: Reads, request: Request, model: kinds.Model | None) -> Lineage | Problem | None:
    """What the registry says of a version of the model that the base's policy names, and of no other."""
    if request.registry is None or model is None or not model.version:
        return None
    raw = reads.file(document.FILE_NAME, request.head.base_ref)
    try:
        policy = document.read((raw or b"").decode("utf-8", "replace"))
        if policy.model is None or policy.model.name != model.name:
            return UserProblem("assay.yml of the base names another model, or none", model.name)
        return request.registry.lineage(f"{model.name}@{model.version}")
    except Problem as problem:
        return problem


def _said(registered: Lineage | Problem) -> Markdown:
    if not isinstance(registered, Lineage):
        return _unasked(registered)
    lines = [row([Markdown("registry"), code(f"{registered.model}@{registered.step.version}")]), "|---|---|"]
    lines += [row([Markdown(f"**{name}**" if bad else name), text(said)]) for name, said, bad in lineage.rows(registered)]
    return join([Markdown("\n".join(lines)), lineage.chart(registered)], "\n\n")


def _unasked(problem: Problem) -> Markdown:
    return put("The registry says nothing of it: {}.", text(problem.what, 200))


def _differences(present: Present, after: str) -> Markdown:
    """Which recorded digests differ, those first."""
    paths = sorted({*present.before, *present.after}, key=lambda path: (_same(present, path), path))
    if not paths:
        return Markdown("Neither revision has a `dvc.lock` that can be read.")
    head = [Markdown("stage and path"), code(present.base[:40]), code(after[:40])]
    lines = [row(head), "|---|---|---|"]
    lines += [row([code(path), _digest(present.before, path), _digest(present.after, path)]) for path in paths[:_MOST]]
    rest = [Markdown(f"{len(paths) - _MOST} more are in `dvc.lock`.")] if len(paths) > _MOST else []
    changed = sum(not _same(present, path) for path in paths)
    said = put(f"{changed} of {len(paths)} recorded digests differ between {{}} and {{}}.", head[1], head[2])
    return join([said, Markdown("\n".join(lines)), *rest], "\n\n")


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
