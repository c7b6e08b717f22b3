"""The model card: Hugging Face's template, filled from facts, verdict and digests, with what people wrote in it kept.

Nothing is fetched: the template lies in the package. A card without an origin says only what stays the same when it is committed.
"""

from collections.abc import Iterable, Sequence

from policy.card import MadeOf, limits
from policy.facts import Facts
from policy.problems import UserProblem
from policy.verdict import Verdict
from reports import kept as places
from reports import numbers
from reports.markdown import Markdown, code, join, put, row, text, visible
from reports.section import Section
from reports.sections.fairness import fairness
from reports.sections.gates import gates
from reports.sentences import why

NEEDED = "[More Information Needed]"
_METADATA = "metadata"
_BLOCKS = (
    "model_summary", "model_description", "direct_use", "downstream_use", "out_of_scope_use", "bias_recommendations",
    "get_started_code", "model_examination", "model_specs", "compute_infrastructure", "hardware_requirements",
    "citation_bibtex", "citation_apa", "glossary", "more_information", "model_card_authors", "model_card_contact",
)  # fmt: skip
"""Places of the template that only people can fill, a paragraph or more each."""
_WORDS = (
    "developers", "funded_by", "shared_by", "model_type", "language", "license", "base_model", "repo", "paper", "demo",
    "cloud_provider", "cloud_region", "co2_emitted",
)  # fmt: skip
"""The same, a few words each."""
_LIMITS, _DATA, _TRAINING, _TESTING = "limits", "training_data", "training", "testing"
"""Places of people below what is generated."""
_NONE = Markdown("Not evidenced: nothing was evaluated for this change.")
_MOST = 100


def render(model: str, facts: Facts, verdict: Verdict, made: MadeOf, before: str = "") -> str:
    """The card as Markdown with a head of YAML. `before` is the card as it is: what people wrote in it is kept byte for byte.

    Raises UserProblem where the marks in `before` do not say what is to be kept, or huggingface_hub is missing.
    """
    try:
        kept = places.find(before)
    except ValueError as error:
        raise UserProblem(str(error), "the model card", "Put the marks right by hand") from None
    try:
        from huggingface_hub import ModelCard, ModelCardData
    except ModuleNotFoundError as error:
        raise UserProblem(f"a model card needs {error.name}", "assay", "Install assay[registry]") from None
    data = ModelCardData(model_name=_plain(model), metrics=_metrics(facts), tags=["assay"])
    told = {name: value.source for name, value in _told(model, facts, verdict, made).items()}
    slots = {name: f"\n{places.slot(name)}\n" for name in _BLOCKS} | {name: places.slot(name) for name in _WORDS}
    page = str(ModelCard.from_template(data, **slots, **told))
    head, fence, rest = page.removeprefix("---\n").partition("\n---\n")
    page = f"---\n{head}\n# {places.slot(_METADATA)}{fence}{rest.rstrip()}\n"
    return places.fill(page, kept, _defaults(facts))


def values(facts: Facts, made: MadeOf) -> dict[str, Markdown]:
    """What a card says that holds of one commit by itself, by its headings: no comparison, no judgement."""
    told = {"Training Data": _data(facts, made), "Training Procedure": _regime(made), "Summary": _model(made)}
    tables = dict(_tables(facts))
    return told | ({"Metrics": _named(facts)} | tables if tables else {})


def _defaults(facts: Facts) -> dict[str, str]:
    blocks = (*_BLOCKS, _LIMITS, _DATA, _TRAINING, _TESTING)
    known = {"repo": code(facts.revision.repository).source} if facts.revision.repository else {}
    return {_METADATA: "\n# "} | dict.fromkeys(_WORDS, NEEDED) | dict.fromkeys(blocks, f"\n{NEEDED}\n") | known


def _told(model: str, facts: Facts, verdict: Verdict, made: MadeOf) -> dict[str, Markdown]:
    """What is generated, by the name of its place in the template."""
    return {
        "model_id": code(model),
        "bias_risks_limitations": _with(_limits(verdict), _LIMITS),
        "training_data": _with(_data(facts, made), _DATA),
        "preprocessing": _stages(facts),
        "training_regime": _regime(made),
        "speeds_sizes_times": _with(_times(facts, made), _TRAINING),
        "testing_data": _with(_testing(facts), _TESTING),
        "testing_factors": _factors(facts),
        "testing_metrics": _named(facts),
        "results": _results(facts, verdict),
        "results_summary": _summary(verdict, made),
        "hardware_type": code(facts.tools.platform) if facts.tools.platform and made.origin else Markdown(NEEDED),
        "hours_used": _hours(facts, made),
        "software": _software(facts, made),
    }


def _with(told: Markdown, place: str) -> Markdown:
    """What is generated, and below it a place for people."""
    return put("{}\n\n{}", told, Markdown(places.slot(place)))


# Limits


def _limits(verdict: Verdict) -> Markdown:
    found = limits(verdict)
    if not found:
        found_none = "The evaluation found no check that fails, warns or rests on too few rows"
        return Markdown(f"{found_none}. That says nothing of what it did not check.")
    lines = [put("- {}: {}.", code(leaf.name), why(leaf)) for leaf in found[:_MOST]]
    return put("The evaluation found:\n\n{}", _lines(lines, len(found)))


def _lines(lines: Sequence[Markdown], total: int) -> Markdown:
    more = [Markdown(f"- and {numbers.count(total - len(lines))} more")] if total > len(lines) else []
    return join([*lines, *more], "\n")


# Data and training


def _data(facts: Facts, made: MadeOf) -> Markdown:
    """What the stages behind the model read, and what was looked at of it."""
    if not made.data:
        return Markdown("The lock names no data behind this model.")
    known = {each.path: each for each in facts.data}
    rows = []
    for path, digest in sorted(made.data.items())[:_MOST]:
        found = known.get(path)
        count = found.diff.rows_head if found and found.diff else found.contract.rows if found and found.contract else None
        contract = code(found.contract.contract) if found and found.contract else Markdown("none")
        rows.append((code(path, 200), code(digest, 80), Markdown(numbers.count(count)), contract))
    table = _table((Markdown("data"), Markdown("digest"), Markdown("rows"), Markdown("contract")), rows)
    more = len(made.data) - len(rows)
    return put(f"{{}}\n\nAnd {numbers.count(more)} more.", table) if more else table


def _stages(facts: Facts) -> Markdown:
    stages = facts.pipeline.stages if facts.pipeline else []
    if not stages:
        return Markdown("Not evidenced: the facts name no stage.")
    return put("The stages of the pipeline: {}.", join([code(each.name) for each in stages[:_MOST]]))


def _regime(made: MadeOf) -> Markdown:
    return put("as the parameters say, {}; lock {}", code(made.params), code(made.lock))


def _times(facts: Facts, made: MadeOf) -> Markdown:
    """Times differ from run to run, so only a card of what is registered has them."""
    if made.origin is None:
        return Markdown("Times are in the card of a registered version.")
    stages = [each for each in (facts.training.stages if facts.training else []) if each.wall_seconds is not None]
    if not stages:
        return Markdown("No stage was run for this version: it is what an earlier run made.")
    rows = [
        (
            code(each.name),
            Markdown(numbers.duration(each.wall_seconds)),
            Markdown(numbers.duration(each.cpu_seconds)),
            Markdown(numbers.size(each.peak_bytes)),
            Markdown(each.outcome),
        )
        for each in stages[:_MOST]
    ]
    return _table([Markdown(each) for each in ("stage", "time", "processor time", "memory", "outcome")], rows)


def _hours(facts: Facts, made: MadeOf) -> Markdown:
    spent = [each.cpu_seconds for each in (facts.training.stages if facts.training else []) if each.cpu_seconds is not None]
    if made.origin is None or not spent:
        return Markdown(NEEDED)
    return Markdown(f"{numbers.number(sum(spent) / 3600, 3)} hours of processor time, in the run of this version")


# Evaluation


def _testing(facts: Facts) -> Markdown:
    found = facts.evaluation
    if found is None or not found.metrics:
        return _NONE
    sources = dict.fromkeys(each.source for each in found.metrics)
    told = put("Measured from {}.", join([code(each) for each in list(sources)[:_MOST]]))
    if found.pairing and found.pairing.problem is None:
        return told + Markdown(f" {numbers.count(found.pairing.paired)} rows could be compared with the base, one by one.")
    return told


def _factors(facts: Facts) -> Markdown:
    found = facts.evaluation
    slices = [put("slices of {}", code(each.column)) for each in (found.slices if found else [])]
    groups = [put("groups of {} (fairness)", code(each.column)) for each in (found.fairness if found else [])]
    values = dict.fromkeys(each.slice.column for each in (found.metrics if found else []) if each.slice)
    if not slices:
        slices = [put("slices of {}", code(each)) for each in values]
    return join([*slices, *groups]) or Markdown("None: the metrics are over all rows together.")


def _metrics(facts: Facts) -> list[str]:
    found = facts.evaluation.metrics if facts.evaluation else []
    return list(dict.fromkeys(_plain(each.metric) for each in found if each.slice is None))[:_MOST]


def _named(facts: Facts) -> Markdown:
    found = facts.evaluation.metrics if facts.evaluation else []
    return join([code(each) for each in list(dict.fromkeys(each.metric for each in found))[:_MOST]]) or _NONE


def _results(facts: Facts, verdict: Verdict) -> Markdown:
    """Gates with their intervals, every metric, slices, and the groups of fairness."""
    pieces: list[Markdown] = []
    for section in gates(facts, verdict):
        pieces += _section(section, put("Compared with the base, {}", code(facts.revision.base_name)))
    for title, table in _tables(facts):
        pieces += [Markdown(f"**{title}**"), table]
    for section in fairness(facts, verdict):
        pieces += _section(section, Markdown("Fairness"))
    return join(pieces, "\n\n") if pieces else _NONE


def _tables(facts: Facts) -> Iterable[tuple[str, Markdown]]:
    """The values of every metric, over all rows and on slices."""
    found = facts.evaluation.metrics if facts.evaluation else []
    whole = [(code(each.metric), Markdown(numbers.number(each.head)), _rows(each.rows)) for each in found if each.slice is None]
    sliced = [
        (put("{} on {}", code(each.metric), code(each.slice.label)), Markdown(numbers.number(each.head)), _rows(each.rows))
        for each in found
        if each.slice is not None
    ]
    heads = (Markdown("metric"), Markdown("value"), Markdown("rows"))
    for title, rows in (("Every metric", whole), ("On slices", sliced)):
        if rows:
            more = [Markdown(f"And {numbers.count(len(rows) - _MOST)} more.")] if len(rows) > _MOST else []
            yield title, join([_table(heads, rows[:_MOST]), *more], "\n\n")


def _rows(count: int | None) -> Markdown:
    return Markdown(numbers.count(count))


def _section(section: Section, title: Markdown) -> Iterable[Markdown]:
    """A section of the report as a title, its words and its table; nothing where it is empty."""
    if not section.rows and not section.paragraphs:
        return
    yield put("**{}**", title) if section.key != "more_gates" else Markdown(f"**{section.title}**")
    yield from section.paragraphs
    if section.rows:
        yield _table([each.title for each in section.columns], [each.cells for each in section.rows[:_MOST]])
    if len(section.rows) > _MOST:
        yield Markdown(f"And {numbers.count(len(section.rows) - _MOST)} more.")


def _summary(verdict: Verdict, made: MadeOf) -> Markdown:
    told = put("Verdict: {}.", text(verdict.result.status.value))
    origin = made.origin
    lines = [_model(made)]
    if origin is not None:
        lines += [
            put("- Commit: {}, tree {}", code(origin.code_sha), code(origin.code_tree)),
            put("- Pull request: {}", Markdown(f"number {origin.pull_request}" if origin.pull_request else "none is known")),
            put("- Facts: {}", code(origin.facts_digest)),
            put("- Policy: {}", code(origin.policy_digest)),
        ]
    return put("{}\n\n{}", told, join(lines, "\n"))


def _model(made: MadeOf) -> Markdown:
    return put("- Model: {} {}", code(made.path, 200), code(made.digest))


def _software(facts: Facts, made: MadeOf) -> Markdown:
    if made.origin is None:
        return Markdown("Versions are in the card of a registered version.")
    tools = facts.tools
    known = (("Assay", tools.assay), ("Python", tools.python), ("DVC", tools.dvc), ("polars", tools.polars))
    return put("The evaluation ran with {}.", join([put(f"{name} {{}}", code(each)) for name, each in known if each]))


# Pieces


def _table(heads: Sequence[Markdown], rows: Sequence[Sequence[Markdown]]) -> Markdown:
    lines = [row(heads), f"|{'---|' * len(heads)}", *(row(each) for each in rows)]
    return Markdown("\n".join(lines))


def _plain(name: str) -> str:
    """A name for the head of YAML, where a library quotes it; nothing in it can be taken for one of our marks."""
    return visible(name)[:200].replace("<!--", "\\u{3c}!--").replace("-->", "--\\u{3e}")
