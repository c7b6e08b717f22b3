"""Where the verdict comes from: code, data, policy and tools."""

from policy.facts import Facts
from policy.result import Status
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import Markdown, code, join, put
from reports.section import Row, Section, columns
from reports.sections.parts import plural


def short(sha: str) -> Markdown:
    """The first seven characters of a commit, as GitHub shows it; anything else is shortened as a name is."""
    return code(sha[:7] if len(sha) >= 40 and sha.isalnum() else sha, 20)


def lineage(facts: Facts, verdict: Verdict) -> list[Section]:
    """Code, policy and tools in a paragraph each, then the digests of the data before and after."""
    rows = [
        Row(Status.PASSED, (code(each.path), _digest(each.base_digest), _digest(each.head_digest), _size(each.bytes_head)))
        for each in facts.data
    ]
    return [
        Section(
            "lineage",
            "Lineage, and how it was measured",
            columns=columns("data", "was", "is", "size>"),
            rows=tuple(rows),
            paragraphs=(_code(facts), _policy(facts, verdict), _tools(facts), *_measured(facts)),
            cap=30,
        )
    ]


_METHOD = 12
"""Characters of the longest name of a digest's method, such as `md5`."""


def _digest(digest: str | None) -> Markdown:
    if digest is None:
        return Markdown(numbers.MISSING)
    method, colon, digits = digest.rpartition(":")
    return code(f"{method}{colon}{digits[:12]}" if digits.isalnum() and len(method) <= _METHOD else digest, 40)


def _size(amount: int | None) -> Markdown:
    return Markdown(numbers.size(amount))


def _code(facts: Facts) -> Markdown:
    revision = facts.revision
    pieces = [put("Code {} on {} at {}", short(revision.head), code(revision.base_name), short(revision.base))]
    if revision.merge_base and revision.merge_base != revision.base:
        pieces.append(put("compared with their merge base {}", short(revision.merge_base)))
    if revision.dirty:
        pieces.append(Markdown("with changes that are not committed"))
    if revision.shallow:
        pieces.append(Markdown("from a shallow clone"))
    changed = max(facts.changed_files_total, len(facts.changed_files))
    pieces.append(Markdown(f"{plural(changed, 'file')} changed"))
    return join(pieces) + Markdown(".")


def _policy(facts: Facts, verdict: Verdict) -> Markdown:
    edits = "this change edits it" if facts.policy.changed_by_head else "this change does not alter it"
    return put(
        f"Policy {{}} from the {facts.policy.read_from}, digest {{}}; {edits}.",
        code(facts.policy.path),
        _digest(verdict.policy_digest),
    )


def _tools(facts: Facts) -> Markdown:
    tools = facts.tools
    known = [
        ("assay", tools.assay),
        ("Python", tools.python),
        ("DVC", tools.dvc),
        ("polars", tools.polars),
        ("on", tools.platform),
    ]
    pieces = [put(f"{name} {{}}", code(version, 60)) for name, version in known if version]
    return put(f"Computed with {{}} in {numbers.duration(facts.seconds)}.", join(pieces))


def _measured(facts: Facts) -> list[Markdown]:
    """How the predictions were matched, and the seed of what is random."""
    evaluation = facts.evaluation
    if evaluation is None or evaluation.pairing is None:
        return []
    pairing = evaluation.pairing
    paired, base, head = (numbers.count(each) for each in (pairing.paired, pairing.rows_base, pairing.rows_head))
    seed = "" if evaluation.seed is None else f"; seed of the resampling: {evaluation.seed}"
    matched = f"all {paired}" if paired == base == head else f"{paired} (of {base} at the base, {head} here)"
    return [Markdown(f"Predictions matched by key: {matched}{seed}.")]
