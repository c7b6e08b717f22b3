"""What the payloads of events are made of."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
Line = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A name: no control characters, so it fits one line of a log and every database."""


class Part(BaseModel):
    """Something with fields, of which those not named here are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Account(Part):
    """Who did something."""

    login: Line
    id: Id
    type: Line = "User"


class Repository(Part):
    """Where; `id` stays when the repository is renamed."""

    id: Id
    full_name: Line


class Installation(Part):
    """The App's installation."""

    id: Id


class App(Part):
    """A GitHub App."""

    id: Id
    slug: Line = ""


class Number(Part):
    """An issue or a pull request."""

    number: Id


class Comment(Part):
    """A comment, and by whom."""

    id: Id
    user: Account | None = None
    created_at: AwareDatetime
    performed_via_github_app: App | None = None


class Review(Part):
    """A review of a pull request."""

    id: Id
    user: Account | None = None


class Run(Part):
    """A run of a workflow."""

    id: Id
    head_branch: Line | None = None
    display_title: str | None = None
    pull_requests: list[Number] = []


class Check(Part):
    """A check run or a check suite, and the App that wrote it."""

    id: Id
    head_sha: Line
    head_branch: Line | None = None
    app: App | None = None
    pull_requests: list[Number] = []


class Model(Part):
    """A model of the registry."""

    name: Line


class Group(Part):
    """A group of the merge queue."""

    head_sha: Line
    head_ref: Line


class Installed(Installation):
    """An installation, whole."""

    account: Account
    app_id: Id
    suspended_at: AwareDatetime | None = None


class Deployed(Part):
    """A deployment."""

    id: Id
    ref: Line = ""
