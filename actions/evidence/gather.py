"""Gathers the parts of an evidence pack from the ledger, the registry and the repository. What is missing says why."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from actions.registry import evidence as kept
from actions.registry.client import Registry
from actions.repository import Repository
from policy import document, ledger
from policy.document import Policy
from policy.evidence import Part
from policy.facts import Facts
from policy.facts.reading import read as read_facts
from policy.facts.record import MAX_BYTES
from policy.ledger import Checked
from policy.lineage import Lineage
from policy.origin import Origin
from policy.pack import About, Piece, concerns
from policy.problems import UserProblem
from policy.verdict import Verdict, decide
from reports import comment, page
from reports import lineage as drawn

_MOST_POLICIES = 1_000
_CARD_BYTES = 1024 * 1024
_NO_ORIGIN = "the registry does not say what the version was made of"


@dataclass(frozen=True)
class Sources:
    """Where parts come from. Each is None where there is none, and the word beside it says why."""

    found: Checked | None
    no_ledger: str
    lineage: Lineage | None
    registry: Registry | None
    no_registry: str
    repository: Repository | None
    facts: bytes | None = None
    """What the caller has for `facts.json`."""
    facts_where: str = ""

    @property
    def origin(self) -> Origin | None:
        """What the registry says that the version was made of."""
        return self.lineage.step.origin if self.lineage else None

    def artifact(self, name: str, limit: int) -> bytes | None:
        """A file that the registration kept."""
        if self.registry is None or self.origin is None or self.lineage is None or self.lineage.step.run is None:
            return None
        return self.registry.read(self.lineage.step.run, f"{kept.folder(self.origin)}/{name}", limit)


@dataclass(frozen=True)
class Gathered:
    """The parts in their order, and the digests of the model: DVC's and its SHA-256, empty where nobody knows."""

    pieces: tuple[Piece, ...]
    dvc: str
    sha256: str
    facts: Facts | None
    verdict: Verdict | None


def gather(about: About, sources: Sources) -> Gathered:
    """Every part of the pack about one version.

    Raises:
        UserProblem: facts were given that are not those of the version.
        OutsideProblem: the registry cannot be reached.
    """
    facts = _facts(sources)
    policy = _policy(sources)
    verdict = _verdict(sources, facts, policy)
    pieces = {
        Part.FACTS: facts,
        Part.VERDICT: verdict,
        Part.REPORT: _report(facts, verdict),
        Part.APPROVALS: _approvals(about, sources),
        Part.LINEAGE: _lineage(sources),
        Part.CARD: _card(about, sources),
        Part.POLICY: policy,
    }
    dvc, sha256 = _model(about, sources)
    return Gathered(tuple(pieces[each] for each in Part), dvc, sha256, _read(facts), _judged(verdict))


def _gone(part: Part, why: str) -> Piece:
    return Piece(part, {}, why)


def _no_origin(sources: Sources) -> str:
    if sources.lineage is None:
        return sources.no_registry
    return f"{_NO_ORIGIN}: {'; '.join(sources.lineage.step.faults)[:500]}"


def _facts(sources: Sources) -> Piece:
    origin = sources.origin
    if origin is None:
        if sources.facts is not None:
            raise UserProblem(
                "nothing says which facts the version was registered with", sources.facts_where, _no_origin(sources)
            )
        return _gone(Part.FACTS, _no_origin(sources))
    if sources.facts is not None:
        if _sha256(sources.facts) != origin.facts_digest:
            what = f"these are not the facts that the version was registered with ({origin.facts_digest[:19]}…)"
            raise UserProblem(what, sources.facts_where, "Leave --facts out, or name those of the check before the registration")
        return Piece(Part.FACTS, {"facts.json": sources.facts})
    raw = sources.artifact(kept.FACTS, MAX_BYTES)
    if raw is None:
        return _gone(Part.FACTS, "the registration kept none; give those of its check with --facts")
    if _sha256(raw) != origin.facts_digest:
        return _gone(Part.FACTS, "what the registry keeps is not what the version was registered with")
    return Piece(Part.FACTS, {"facts.json": raw})


def _policy(sources: Sources) -> Piece:
    origin = sources.origin
    if origin is None:
        return _gone(Part.POLICY, _no_origin(sources))
    for raw in _policies(sources):
        if _sha256(raw) == origin.policy_digest:
            return Piece(Part.POLICY, {"assay.yml": raw})
    return _gone(Part.POLICY, f"no assay.yml of registry or repository has the digest {origin.policy_digest[:19]}…")


def _policies(sources: Sources) -> Iterable[bytes]:
    """Whatever may be the policy: what the registration kept, then each version on the line of the commit."""
    raw = sources.artifact(kept.POLICY, MAX_BYTES)
    if raw is not None:
        yield raw
    if sources.repository is not None and sources.origin is not None:
        for sha in _revisions(sources.repository, sources.origin.code_sha):
            found = sources.repository.read(document.FILE_NAME, sha)
            if found is not None:
                yield found


def _revisions(repository: Repository, sha: str) -> list[str]:
    try:
        return [each for each, _ in repository.history(document.FILE_NAME, _MOST_POLICIES, sha)]
    except UserProblem:  # a clone that does not have the commit
        return []


def _verdict(sources: Sources, facts: Piece, policy: Piece) -> Piece:
    missing = [each.part.label.lower() for each in (facts, policy) if not each.there]
    if missing:
        return _gone(Part.VERDICT, f"it cannot be derived again without {' and '.join(missing)}")
    read = _read(facts)
    try:
        judging: Policy = document.read(policy.files["assay.yml"].decode("utf-8", "replace"))
    except UserProblem as problem:
        return _gone(Part.VERDICT, f"this Assay does not read the policy: {problem.what}")
    if read is None:
        return _gone(Part.VERDICT, "this Assay does not read the facts")
    made = decide(judging, read)
    stated = sources.origin.verdict if sources.origin else ""
    again = made.result.status.value
    note = "" if again == stated else f"derived again it is {again}, and the version was registered with {stated}"
    return Piece(Part.VERDICT, {"verdict.json": made.model_dump_json(indent=1).encode() + b"\n"}, note=note)


def _report(facts: Piece, verdict: Piece) -> Piece:
    read, judged = _read(facts), _judged(verdict)
    if read is None or judged is None:
        return _gone(Part.REPORT, "it is drawn from facts and verdict, which are not both there")
    said = comment.render(read, judged)
    whole = page.render(read, judged, comment=said)
    return Piece(Part.REPORT, {"report/report.html": whole.encode(), "report/report.md": said.encode()})


def _approvals(about: About, sources: Sources) -> Piece:
    if sources.found is None:
        return _gone(Part.APPROVALS, sources.no_ledger)
    mine = [each for each in sources.found.entries if concerns(each.entry, about)]
    note = f"the ledger does not hold at {sources.found.fault}" if sources.found.fault else ""
    if not mine:
        return Piece(Part.APPROVALS, {}, f"the ledger has no entry about {about.name}{f'; {note}' if note else ''}")
    return Piece(Part.APPROVALS, {f"ledger/{each.entry.sequence:06d}.json": ledger.write(each) for each in mine}, note=note)


def _lineage(sources: Sources) -> Piece:
    found = sources.lineage
    if found is None:
        return _gone(Part.LINEAGE, sources.no_registry)
    told = json.dumps(drawn.data(found), indent=1, sort_keys=True).encode() + b"\n"
    chart = re.sub(r"\A```mermaid\n|```\Z", "", drawn.chart(found).source)
    note = "" if found.complete else "; ".join(found.step.faults)[:500]
    return Piece(Part.LINEAGE, {"lineage/lineage.json": told, "lineage/lineage.mmd": chart.encode()}, note=note)


def _card(about: About, sources: Sources) -> Piece:
    origin = sources.origin
    if origin is None:
        return _gone(Part.CARD, _no_origin(sources))
    raw = sources.artifact(kept.CARD, _CARD_BYTES)
    if raw is None:
        return _gone(Part.CARD, "the registration kept none")
    return Piece(Part.CARD, {"card.md": raw})


def _model(about: About, sources: Sources) -> tuple[str, str]:
    """DVC's digest of the model, and its SHA-256 where registry and DVC agree what it is of."""
    origin = sources.origin
    if origin is None:
        return _of_ledger(about, sources), ""
    raw = sources.artifact(kept.MODEL, 10_000)
    try:
        told = json.loads(raw or b"{}")
        known = told["dvc"] == origin.model_digest and re.fullmatch(r"[0-9a-f]{64}", told["sha256"])
        return origin.model_digest, told["sha256"] if known else ""
    except (ValueError, TypeError, KeyError):
        return origin.model_digest, ""


def _of_ledger(about: About, sources: Sources) -> str:
    entries = [each.entry for each in (sources.found.entries if sources.found else ()) if concerns(each.entry, about)]
    named = [each.digests.model for each in entries if re.fullmatch(r"md5(-dos2unix)?:[0-9a-f]{32}(\.dir)?", each.digests.model)]
    return named[-1] if named else ""


def _read(facts: Piece) -> Facts | None:
    if not facts.there:
        return None
    try:
        return read_facts(facts.files["facts.json"])
    except UserProblem:
        return None


def _judged(verdict: Piece) -> Verdict | None:
    return Verdict.model_validate_json(verdict.files["verdict.json"]) if verdict.there else None


def _sha256(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"
