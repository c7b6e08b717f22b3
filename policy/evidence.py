"""The parts of an evidence pack, and which of them answer which heading of three frameworks of governance. Pure data.

That a part answers a heading means that a reader who comes with that heading finds in it what Assay knows. It never means that
an obligation is met: that is for whoever signs. Headings are in short words of ours; the law and the guidance are what they cite.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

NOBODY = "no part answers this"


class Part(StrEnum):
    """A part of a pack. `str(part)` is its name in the manifest; `.label` and `.says` are for people."""

    label: str
    says: str

    def __new__(cls, name: str, label: str, says: str) -> "Part":
        member = str.__new__(cls, name)
        member._value_ = name
        member.label = label
        member.says = says
        return member

    FACTS = "facts", "Facts", "what the run measured: data, drift, training, metrics, fairness, errors"
    VERDICT = "verdict", "Verdict", "every check with how it came out and why, derived again from facts and policy"
    REPORT = "report", "Report", "facts and verdict as a page with pictures, and as Markdown"
    APPROVALS = "approvals", "Approvals", "the entries of the ledger about it: who asked, approved, promoted, waived, and when"
    LINEAGE = "lineage", "Lineage", "commit, data, parameters, run, pull request, what it replaced, who had which alias when"
    CARD = "card", "Model card", "the card as it was when the version was registered, with what people wrote in it"
    POLICY = "policy", "Policy", "the assay.yml that judged, byte for byte"


@dataclass(frozen=True)
class Heading:
    """A heading of a framework. `parts` answer it, each as far as `how` says; none where there are none.

    `places` are those of the model card that people fill: where nobody wrote in any of them, the card does not answer it.
    """

    id: str
    title: str
    parts: tuple[Part, ...] = ()
    how: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Framework:
    """A law or a guidance with the headings that a reader looks for."""

    key: str
    name: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Answer:
    """A heading in one pack: the parts that are there, and those that would answer it and are missing."""

    heading: Heading
    there: tuple[Part, ...]
    missing: tuple[Part, ...]
    silent: bool = False
    """Whether the card is there, and nobody wrote in it what the heading asks for."""

    @property
    def evidenced(self) -> bool:
        """Whether any part that is there answers it."""
        return bool(self.there)

    @property
    def says(self) -> str:
        """What stands beside the heading; never empty."""
        if not self.heading.parts:
            return NOBODY
        missing = ", ".join(self._named(part) for part in self.missing)
        if not self.there:
            return f"not evidenced; missing here: {missing}"
        return f"{self.heading.how}; missing here: {missing}" if missing else self.heading.how

    def _named(self, part: Part) -> str:
        silent = self.silent and part is Part.CARD
        return f"{part.label.lower()}{', in which nobody wrote it' if silent else ''}"


def answers(framework: Framework, there: Collection[Part], written: Collection[str]) -> tuple[Answer, ...]:
    """Each heading with the parts of a pack that answer it; `written` are the places of the card that people filled."""
    return tuple(_answer(each, there, written) for each in framework.headings)


def _answer(heading: Heading, there: Collection[Part], written: Collection[str]) -> Answer:
    silent = Part.CARD in there and bool(heading.places) and not set(heading.places) & set(written)
    found = tuple(part for part in heading.parts if part in there and not (silent and part is Part.CARD))
    return Answer(heading, found, tuple(part for part in heading.parts if part not in found), silent)


_PURPOSE = ("model_summary", "model_description", "direct_use")
_F, _V, _R, _A, _L, _C, _P = Part.FACTS, Part.VERDICT, Part.REPORT, Part.APPROVALS, Part.LINEAGE, Part.CARD, Part.POLICY

EU_AI_ACT = Framework(
    "eu-ai-act",
    "EU AI Act (Regulation (EU) 2024/1689), Annex IV",
    (
        Heading(
            "1(a)",
            "Intended purpose, provider, version of the system",
            (_C, _L),
            "purpose as people wrote it in the card; version and what it replaced",
            _PURPOSE,
        ),
        Heading("1(b)", "How it interacts with other hardware, software and AI systems"),
        Heading(
            "1(c)",
            "Versions of relevant software or firmware",
            (_F, _L),
            "versions of Assay, Python, DVC and polars, and the commit; not those of the system around it",
        ),
        Heading("1(d)", "Forms in which it is placed on the market"),
        Heading("1(e)", "Hardware on which it is intended to run"),
        Heading("1(f)", "Photographs or illustrations of the product"),
        Heading("1(g)", "Description of the user interface for the deployer"),
        Heading(
            "1(h)",
            "Instructions for use for the deployer",
            (_C,),
            "use and misuse, as people wrote them in the card",
            ("direct_use", "out_of_scope_use", "get_started_code"),
        ),
        Heading(
            "2(a)",
            "Methods and steps of development, third-party tools",
            (_F, _L),
            "stages of the pipeline, and code and data behind the model; not why they were chosen",
        ),
        Heading(
            "2(b)",
            "Design specifications, logic, key choices and assumptions",
            (_C,),
            "as far as people wrote it in the card",
            ("model_description", "model_specs"),
        ),
        Heading(
            "2(c)",
            "Architecture, and computational resources used",
            (_F,),
            "time and memory of the stages that were run; not the architecture",
        ),
        Heading(
            "2(d)",
            "Data: provenance, scope, characteristics, selection, labelling, cleaning",
            (_F, _L, _C),
            "digests, rows, contracts, differences and personal data found; not how data was collected or labelled",
        ),
        Heading("2(e)", "Human oversight measures", (_A, _P), "who had to approve and did; not oversight while it is in use"),
        Heading(
            "2(f)", "Pre-determined changes, and continuous compliance", (_P,), "the gates that every further change has to pass"
        ),
        Heading(
            "2(g)",
            "Validation and testing: data, metrics, discriminatory impacts, test logs and reports",
            (_F, _V, _R),
            "metrics with intervals, slices, fairness, and the report; people date and sign it",
        ),
        Heading("2(h)", "Cybersecurity measures"),
        Heading(
            "3",
            "Monitoring, functioning and control: capabilities, limitations, accuracy for groups of persons, risks",
            (_C, _V, _F),
            "metrics on slices, fairness and limits that the evaluation found; not foreseeable risks in use",
        ),
        Heading("4", "Appropriateness of the performance metrics", (_P,), "which metrics are judged and how; not why they fit"),
        Heading("5", "Risk management system (Article 9)"),
        Heading(
            "6",
            "Relevant changes through the lifecycle",
            (_L, _A),
            "what differs from the version before, who had which alias when, and every decision",
        ),
        Heading("7", "Harmonised standards applied"),
        Heading("8", "Copy of the EU declaration of conformity"),
        Heading("9", "Post-market monitoring (Article 72)"),
    ),
)
NIST_AI_RMF = Framework(
    "nist-ai-rmf",
    "NIST AI Risk Management Framework 1.0",
    (
        Heading(
            "GOVERN 1",
            "Policies, processes and practices are in place",
            (_P, _A),
            "the rules for this model, and that they were followed",
        ),
        Heading("GOVERN 2", "Accountability structures", (_P, _A), "which roles decide, and who decided"),
        Heading("GOVERN 3", "Workforce diversity, equity, inclusion and accessibility"),
        Heading("GOVERN 4", "A culture that considers and communicates risk"),
        Heading("GOVERN 5", "Engagement with relevant AI actors"),
        Heading(
            "GOVERN 6",
            "Third-party software, data and supply chain",
            (_L,),
            "which data and code, by digest; not the contracts with third parties",
        ),
        Heading(
            "MAP 1",
            "Context is established and understood",
            (_C,),
            "as far as people wrote it in the card",
            (*_PURPOSE, "out_of_scope_use"),
        ),
        Heading(
            "MAP 2",
            "The system is categorised",
            (_C,),
            "as far as people wrote it in the card",
            ("model_type", "model_description"),
        ),
        Heading(
            "MAP 3",
            "Capabilities, usage, goals, benefits and costs",
            (_C, _F),
            "what was measured, and use as people wrote it; not benefits",
            ("direct_use", "downstream_use"),
        ),
        Heading("MAP 4", "Risks and benefits of all components, third parties included"),
        Heading("MAP 5", "Impacts on individuals, groups, communities and society"),
        Heading(
            "MEASURE 1",
            "Appropriate methods and metrics are identified and applied",
            (_P, _V),
            "which gates, with which margins, and how each came out",
        ),
        Heading(
            "MEASURE 2",
            "Evaluated for trustworthy characteristics",
            (_F, _V, _R),
            "validity, slices, fairness, privacy of columns; not security, safety or explainability",
        ),
        Heading(
            "MEASURE 3",
            "Risks are tracked over time",
            (_F, _L),
            "drift and change against the base and the last accepted version; not what happens in use",
        ),
        Heading("MEASURE 4", "Feedback about the efficacy of measurement"),
        Heading(
            "MANAGE 1", "Risks are prioritised, responded to and managed", (_V, _A), "what was red or waived, by whom and why"
        ),
        Heading("MANAGE 2", "Strategies to maximise benefits and minimise negative impacts"),
        Heading("MANAGE 3", "Risks and benefits from third parties are managed"),
        Heading(
            "MANAGE 4",
            "Response, recovery and communication are documented and monitored",
            (_A,),
            "rollbacks and incidents about this version, where there were any",
        ),
    ),
)
SR_11_7 = Framework(
    "sr-11-7",
    "SR 11-7, Guidance on Model Risk Management",
    (
        Heading(
            "IV",
            "Development: statement of purpose, design, theory and logic",
            (_C,),
            "as far as people wrote it in the card",
            _PURPOSE,
        ),
        Heading(
            "IV",
            "Development: assessment of data quality and relevance",
            (_F, _V),
            "contracts, differences, drift, leakage; not relevance",
        ),
        Heading(
            "IV",
            "Development: testing, with accuracy, robustness, stability and limits",
            (_F, _V, _R),
            "metrics with intervals, slices, and what is inconclusive",
        ),
        Heading("IV", "Implementation: the system that runs it"),
        Heading("IV", "Use: by business and users, reports and feedback"),
        Heading(
            "IV",
            "Model uncertainty and inaccuracy, and limits on use",
            (_C, _V),
            "intervals and limits that the evaluation found",
        ),
        Heading(
            "V",
            "Validation: independence of those who validate",
            (_A, _P),
            "that approvers were not authors, as the policy demands it; not that they are independent in the organisation",
        ),
        Heading("V", "Validation: evaluation of conceptual soundness"),
        Heading(
            "V",
            "Validation: ongoing monitoring, process verification and benchmarking",
            (_L, _F),
            "comparison with the base and the last accepted version; not monitoring in use",
        ),
        Heading(
            "V",
            "Validation: outcomes analysis and back-testing",
            (_F,),
            "metrics on the held-out data of the repository; not outcomes in use",
        ),
        Heading("V", "Validation of vendor and other third-party products"),
        Heading("VI", "Governance: board and senior management"),
        Heading("VI", "Governance: policies and procedures", (_P,), "the rules for this model"),
        Heading("VI", "Governance: roles and responsibilities", (_P, _A), "which roles decide, and who decided"),
        Heading("VI", "Governance: internal audit"),
        Heading("VI", "Governance: external resources"),
        Heading("VI", "Governance: model inventory", (_L,), "this version and those before it; not other models"),
        Heading("VI", "Governance: documentation", (_C, _R, _L), "card, report and lineage"),
    ),
)
FRAMEWORKS = (EU_AI_ACT, NIST_AI_RMF, SR_11_7)
