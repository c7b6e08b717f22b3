"""Fixtures by which users test their own policy: a request, the people, what they said, and what should come of it. Pure.

What a fixture leaves out is harmless: the verdict is green, nobody had a part in the change, and the roles of a person are those
that the policy gives to the login.
"""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, model_validator

from policy import yaml_text
from policy.approvals import State
from policy.durations import parse
from policy.environments import EnvironmentName, Outcome, Risk, Tiers
from policy.errors import PolicyError, PolicyProblem, dotted, explain
from policy.models import Name, Section
from policy.roles import Member, RoleName
from policy.rulings import Ruled
from policy.votes import Part

SAID = re.compile(
    r"/(?P<kind>approve|reject|revoke|break-glass)(?: (?P<code>[0-9A-Za-z]{6,64}))??(?: because (?P<because>\S.*))?", re.DOTALL
)
"""What a vote looks like in a fixture."""
_ADVICE = "write /approve, /reject, /revoke or /break-glass, then `because` and words where there is a reason"
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\[\]_-]{1,60}$")]
Changeable = Literal[
    "model", "version", "commit", "tree", "lock", "data", "artifact", "params", "facts", "report", "policy", "body"
]


def _moment(value: Any) -> Any:
    """A time with its offset, or how long ago."""
    if isinstance(value, str) and value.endswith(" ago"):
        return parse(value.removesuffix(" ago"))
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, timedelta) or (isinstance(value, datetime) and value.utcoffset() is not None):
        return value
    raise ValueError("write a time with its offset, such as 2026-01-07T12:00:00Z, or `2 days ago`")


Moment = Annotated[datetime | timedelta, BeforeValidator(_moment)]


class Person(Section):
    """Somebody, by login."""

    id: Annotated[int, Field(ge=1)] | None = None
    """The numeric id; two logins of one id are one person."""
    roles: list[RoleName] | None = None
    """The roles of the person now; without them those that the policy gives to the login and the teams."""
    teams: list[Member] = []
    """The teams of the person, as `"@organisation/team"`."""
    did: list[Part] = []
    """The parts of the person in the change."""
    bot: bool = False
    """Whether it is no person."""
    unknown: bool = False
    """Whether GitHub does not say what roles the person has."""


class Said(Section):
    """What somebody said, in a comment: `{alice: /approve}`, or `{by: alice, say: /approve}`, with what happened to it."""

    by: Login
    """Who."""
    say: str
    """`/approve`, `/reject`, `/revoke` or `/break-glass`; then a code in the place of the right one, and `because ...`."""
    before: dict[Changeable, str] = {}
    """It was said when these parts were others, such as `{data: old}`."""
    edited: bool = False
    """Whether the comment was edited."""
    deleted: bool = False
    """Whether the comment was deleted."""
    at: Moment | None = None
    """When; without it at the time of deciding."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, str) and ":" in value:
            by, _, say = value.partition(":")
            return {"by": by.strip(), "say": say.strip()}
        if isinstance(value, dict) and "by" not in value:
            logins = [key for key, said in value.items() if key not in cls.model_fields and str(said).startswith("/")]
            if len(logins) == 1:
                return {
                    **{key: said for key, said in value.items() if key != logins[0]},
                    "by": logins[0],
                    "say": value[logins[0]],
                }
        return value

    @model_validator(mode="after")
    def _read(self) -> Self:
        if not SAID.fullmatch(self.say):
            raise ValueError(_ADVICE)
        return self


class Past(Section):
    """A promotion that happened before."""

    environment: EnvironmentName
    """Where."""
    version: Name = "1"
    """What."""
    at: Moment
    """When."""
    by: list[Login] = []
    """Who approved it."""
    glass: bool = False
    """Whether it was an emergency."""
    reviewed: bool = False
    """Whether that was reviewed."""


class Facts(Section):
    """What conditions of rules depend on; what is left out is not known, but for the verdict."""

    verdict: Outcome | None = "passed"
    """How the whole verdict came out; null: there is none."""
    risk: Risk | None = None
    """The tier of risk; without it the one of `model.risk`."""
    changed: list[Name] | None = None
    """The files that changed."""
    drift: Outcome | None = None
    """How drift came out."""
    fairness: Outcome | None = None
    """How fairness came out."""
    tiers: list[Tiers] | None = None
    """What the metric gates said."""
    files: Annotated[int, Field(ge=0)] | None = None
    """How many files changed; without it as many as `changed` names."""
    lines: Annotated[int, Field(ge=0)] | None = None
    """How many lines changed."""


class Expected(Section):
    """What should come of it. Only what is named is compared."""

    state: State
    """The whole."""
    rules: dict[Name, Ruled] = {}
    """Rules by what they say (`1 x ml-lead`), or by their role alone, and how they stand."""
    conditions: dict[Name, Ruled] = {}
    """Conditions such as `freeze`, and how they stand."""
    counted: list[Login] | None = None
    """Whose approvals count, in any order."""
    void: dict[Login, Name] = {}
    """Whose last vote that does not count has this reason, such as `vote-edited`."""
    could: list[Name] | None = None
    """Who can still give what is missing, in any order."""


class Fixture(Section):
    """One case of a policy's tests."""

    about: str = ""
    """What it shows, for whoever reads it."""
    environment: EnvironmentName
    """Where the model should go."""
    version: Name = "1"
    """The version that should go there."""
    now: Moment = Field(default="2026-01-07T12:00:00+00:00", validate_default=True)
    """When it is decided; without it a Wednesday at noon, in January 2026."""
    opened: Moment = Field(default="1 hour ago", validate_default=True)
    """When it was asked for."""
    asked: Moment | None = None
    """Since when in this form; without it since it was opened."""
    waivers: Annotated[int, Field(ge=0)] | None = 0
    """How many waivers are open; null: nobody knows."""
    facts: Facts = Facts()
    """What conditions depend on."""
    people: dict[Login, Person] = {}
    """Whoever is not as the policy alone says."""
    strangers: list[Name] = []
    """E-mails of commits that belong to no account."""
    promotions: list[Past] = []
    """What was promoted before."""
    said: list[Said] = []
    """What was said, in order."""
    expect: Expected
    """What should come of it."""

    @model_validator(mode="after")
    def _now_is_a_time(self) -> Self:
        if not isinstance(self.now, datetime):
            raise ValueError("`now` is a time, such as 2026-01-07T12:00:00Z")
        return self


def read(text: str, file: str) -> Fixture:
    """Read a fixture. Raises PolicyProblem with every error found, or UserProblem where the text is not even YAML."""
    document = yaml_text.read(text, file)
    errors = [
        PolicyError(file, line, dotted(path), "the key stands twice", "keep one of them") for path, line in document.duplicates
    ]
    try:
        fixture = Fixture.model_validate(document.data)
    except ValidationError as error:
        errors += [explain(item, document, file, Fixture) for item in error.errors(include_url=False)]
    if errors:
        raise PolicyProblem(sorted(set(errors), key=lambda each: (each.line or 0, each.key)))
    return fixture
