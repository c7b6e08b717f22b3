"""A repository at a GitHub on loopback whose model is watched in production, with the clock in hand."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.around import Around
from bot.gateway.locking import LockGateway
from bot.gateway.records import Repository
from bot.gateway.sightings import SightingGateway
from bot.monitoring import keeping
from bot.monitoring.keeping import Told
from bot.monitoring.noted import LABEL
from policy.sighting import Sighting
from policy.vigil_history import Look
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.loopback.state import Issue
from tests.policy.sightings import BEGIN, MODEL, seen

POLICY = f"""\
version: 1
model: {{name: {MODEL}, artifact: model.joblib}}
roles: {{lead: [alice, "@acme/ml"]}}
watch: {{tell: lead}}
"""


@dataclass
class Production:
    """The repository; `day` is how many days after the first look it is now."""

    here: Scene
    around: Around
    day: float = 0
    gateway: SightingGateway = field(init=False)

    def __post_init__(self) -> None:
        self.gateway = SightingGateway.of(self.around.gateway)

    def now(self) -> datetime:
        """The time."""
        return BEGIN + timedelta(days=self.day)

    def look(self, *severities: str, **more: object) -> Told:
        """A look on each of the next days; what came of the last."""
        for severity in severities:
            told = self.keep(seen(severity, self.day, **more))
            self.day += 1
        self.day -= 0 if not severities else 1
        self.day += 1
        return told

    def keep(self, sighting: Sighting) -> Told:
        """A sighting comes."""
        return keeping.keep(self.around, sighting)

    def sweep(self) -> Told | None:
        """A sweep comes by."""
        return keeping.sweep(self.around)

    @property
    def issues(self) -> list[Issue]:
        """The issues about monitoring, the oldest first."""
        every = self.here.github.repository(REPOSITORY).issues.values()
        return sorted((each for each in every if LABEL in each.labels), key=lambda each: each.number)

    @property
    def issue(self) -> Issue:
        """The only one."""
        (found,) = self.issues
        return found

    @property
    def said(self) -> list[str]:
        """The comments on the oldest one, without their hidden lines."""
        comments = self.here.github.comments(REPOSITORY, self.issues[0].number)
        return [each.body.split("\n", 1)[-1] for each in comments]

    @property
    def history(self) -> tuple[Look, ...]:
        """What is kept."""
        return self.gateway.looks(MODEL)

    @property
    def written(self) -> list[str]:
        """The requests that wrote, as method and path, since they were last forgotten."""
        return [f"{each.method} {each.path}" for each in self.here.github.requests if each.method != "GET"]


def production(here: Scene, policy: str = POLICY) -> Production:
    """The scene, where nobody looked yet."""
    here.github.commit(REPOSITORY, {"assay.yml": policy})
    one = here.github.repository(REPOSITORY)
    known = Repository(one.id, one.full_name, one.default_branch, one.private)
    made = Production(here, Around(LockGateway.of(here.gateway), known))
    made.around = replace(made.around, clock=made.now)
    here.github.forget_requests()
    return made
