"""The text of a pull request that a run proposes: what was made, why, the evidence, and what a person has to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy.facts import Facts
from policy.proposing import Kind
from policy.reasons import Reason
from policy.result import Value, fill
from policy.tuned import Tuned
from policy.verdict import Verdict
from reports import comment, tuning
from reports.folding import size
from reports.markdown import Markdown, code, join, link, put, shorten, text

_WHAT: dict[Kind, str] = {
    "retrain": "The model was trained anew on {}",
    "refresh": "The data was brought up to date on {}",
    "tune": "Better parameters were searched for on {}",
}
_TITLES: dict[Kind, str] = {"retrain": "Retrain", "refresh": "Refresh the data of", "tune": "Tune"}
_MOST_FILES = 10
_REASON = 300
_SILENT = (
    "> [!IMPORTANT]\n> **No check has run on this yet.** GitHub starts no workflow for what a job's own token opens, so that no "
    "workflow starts itself for ever. Whoever may write here closes this pull request and opens it again: that starts them. "
    "With the token of a GitHub App they start by themselves."
)


@dataclass(frozen=True)
class Scene:
    """What is proposed: on top of the commit `sha` of the branch `into`, by the run whose page is `page`.

    `because` are the words of whoever asked for it. `silent` says that GitHub starts no workflow for what we open.
    """

    kind: Kind
    sha: str
    into: str
    page: str
    because: str
    silent: bool
    files: Sequence[str]


def title(kind: Kind, model: str, sha: str) -> str:
    """The title, as plain text of one line; `model` may be empty."""
    named = "".join(each if each.isprintable() else "?" for each in model)
    return f"{_TITLES[kind]} {shorten(named, 80) or 'the model'} on {sha[:12]}"


def body(scene: Scene, facts: Facts, verdict: Verdict, tuned: Tuned | None = None) -> str:
    """The text: at most what GitHub takes, whatever the facts hold. `tuned` is the search that led to it."""
    about = put(
        f"{_WHAT[scene.kind]} by {{}}. Below, {{}} is the champion, and this the challenger.",
        code(scene.sha[:12]),
        link(f"run {scene.page.rpartition('/')[2]}", scene.page),
        code(scene.into, 100),
    )
    paragraphs = [about]
    if scene.because:
        paragraphs.append(put("Why it was asked for: {}", text(scene.because, _REASON)))
    shown = [code(path, 80) for path in scene.files[:_MOST_FILES]]
    more = len(scene.files) - len(shown)
    paragraphs.append(put("It changes {}.", join([*shown, *([Markdown(f"{more} more files")] if more else [])])))
    if scene.silent:
        paragraphs.append(Markdown(_SILENT))
    if tuned is not None:
        paragraphs.append(tuning.section(tuned))
    mark = f"<!-- assay:report proposal {scene.kind} {scene.sha[:12]} -->"
    above = "\n\n".join(each.source for each in paragraphs)
    evidence = comment.render(facts, verdict, mark=mark, limit=comment.LIMIT - size(above))
    first, _, rest = evidence.partition("\n")
    return "\n\n".join([first, above, rest.lstrip("\n")])


def superseded(number: int) -> Markdown:
    """For a proposal whose place a newer one takes."""
    return Markdown(f"#{number} is newer and takes the place of this, so it is closed.")


def unhelpful(why: Reason) -> Markdown:
    """For a proposal that is closed because it does not help: `why` of `policy.proposing.weigh`."""
    sentence, advice = fill(why.sentence, {}), fill(why.advice, {})
    return Markdown(f"Closed, because {sentence}. The evidence stands above. Next: {advice}.")


def merging(why: Reason, values: Mapping[str, Value]) -> Markdown:
    """Why a retraining is merged by itself, or why it is not yet: `why` of `policy.merging.decide`, with what its words name."""
    known = {"sha": "", "branch": "", "state": "", "said": ""} | {name: shorten(str(each), 200) for name, each in values.items()}
    marked = {name: code(each).source if each else "" for name, each in known.items()}
    sentence, advice = why.sentence.format_map(marked), why.advice.format_map(marked)
    if why is Reason.MERGE_GOES:
        return Markdown(f"Assay merges this: {sentence}.")
    return Markdown(f"Not merged by itself: {sentence}. Next: {advice}." if advice else f"Not merged by itself: {sentence}.")
