"""The simple reading of what happened: who said what, under which rules, about what. Written from the words of the design.

It knows nothing of the code that decides, reads nothing that the bot wrote but what was deployed, and is told all else by the
test that makes it happen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

TEAM = "@acme/risk"


@dataclass(frozen=True)
class Rules:
    """The policy of the base: who has which role, and how many days a request for production lasts."""

    leads: tuple[str, ...] = ("carol", "dan")
    risks: tuple[str, ...] = ("alice", TEAM)
    days: int = 7
    revert: bool = False

    @property
    def text(self) -> str:
        """As `assay.yml`."""
        roles = [", ".join(f'"{each}"' for each in one) for one in (self.leads, self.risks)]
        act = "revert" if self.revert else "report"
        return f"""\
version: 1
model: {{name: flight-delay, artifact: model/}}
roles: {{ml-lead: [{roles[0]}], model-risk: [{roles[1]}]}}
environments:
  staging: {{approved_if: [{{role: ml-lead}}], on_outside_move: {act}}}
  production:
    after: staging
    approved_if: [{{role: ml-lead}}, {{role: model-risk}}]
    expires: {self.days} days
    on_outside_move: {act}
"""


@dataclass(frozen=True)
class Form:
    """What a request asks for, whole (`text` stands for its text). Where any of it is another, it needs votes of its own."""

    number: int
    text: int
    version: int
    evidence: int
    rules: Rules


@dataclass
class Said:
    """What somebody said on a request: `about` is the form that the code in it stood for, None for a code of nothing."""

    kind: str
    by: str
    about: Form | None = None
    edited: bool = False
    deleted: bool = False


@dataclass
class Wish:
    """A request: `text` changes where somebody edits it."""

    number: int
    version: int
    environment: str
    by: str
    asked: int
    """The comment that asks for it."""
    opened: datetime
    text: int
    said: list[Said] = field(default_factory=list)


@dataclass
class Reading:
    """All of it. `commits` are the people behind each commit of the branch, `made` at which of them each version was made."""

    rules: Rules
    team: set[str]
    commits: list[set[str]]
    made: list[int]
    evidence: list[int]
    wishes: dict[int, Wish] = field(default_factory=dict)

    def form(self, number: int) -> Form:
        """What a request asks for now."""
        wish = self.wishes[number]
        return Form(number, wish.text, wish.version, self.evidence[wish.version - 1], self.rules)

    def holds(self, number: int, stood: Sequence[tuple[str, int]], now: datetime) -> bool:
        """Whether a request is approved now; `stood` are the promotions so far, the oldest first."""
        wish = self.wishes[number]
        leads, risks = self._people(self.rules.leads), self._people(self.rules.risks)
        last = [version for environment, version in stood if environment == wish.environment][-1:]
        own = {wish.by} | set().union(*self.commits[self._since(last) : self.made[wish.version - 1] + 1], set())
        if wish.environment == "staging":
            yes, no = self._voices(wish, leads, leads - own)
            return not no and bool(leads & yes)
        yes, no = self._voices(wish, leads | risks, (leads | risks) - own)
        both = any(one != other for one in leads & yes for other in risks & yes)
        stands = [version for environment, version in stood if environment == "staging"][-1:]
        return not no and both and stands == [wish.version] and now < wish.opened + timedelta(days=self.rules.days)

    def _since(self, last: list[int]) -> int:
        """The first commit that is new there: after what was promoted last, or the one that the first version was made at."""
        return self.made[last[0] - 1] + 1 if last else self.made[0]

    def _people(self, members: tuple[str, ...]) -> set[str]:
        return {each for each in members if each != TEAM} | (self.team if TEAM in members else set())

    def _voices(self, wish: Wish, somebody: set[str], free: set[str]) -> tuple[set[str], set[str]]:
        """Who is for it and who against: the last valid word of each. Doubt takes away what it can and gives nothing."""
        yes, no, form = set[str](), set[str](), self.form(wish.number)
        for said in wish.said:
            if said.deleted:
                continue
            if said.kind == "approve" and not said.edited and said.about == form and said.by in free:
                yes.add(said.by)
                no.discard(said.by)
            if said.kind == "reject" and said.by in somebody:
                yes.discard(said.by)
                no.add(said.by)
            if said.kind == "revoke":
                yes.discard(said.by)
                no -= set() if said.edited else {said.by}
        return yes, no
