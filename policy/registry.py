"""The registry: its section of `assay.yml`, and what must hold before a version is registered. Pure."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from policy.models import Name, Section
from policy.reasons import Reason
from policy.result import Result, Status, Value, combine

NAME = "register"
_LONGEST_NAME = 250
_TAG_NAME = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?")


_ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")


def _address(text: str) -> str:
    """An address of a server that holds nothing but where it is."""
    if re.match(r"https?://[^/]*@|https?://.*[?#]", text):
        raise ValueError("leave credentials out: set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD")
    if not _ADDRESS.fullmatch(text):
        raise ValueError("write an address such as https://mlflow.example.org")
    return text


class Registry(Section):
    """The MLflow registry that versions of the model go to."""

    uri: Annotated[Name, AfterValidator(_address)] | None = None
    """Its address, where `MLFLOW_TRACKING_URI` names none and no credentials are at hand. Never with credentials in it."""
    git_tags: bool = False
    """Whether a version also gets a git tag in the manner of GTO: version 3 of `flight-delay` is `flight-delay@v3.0.0`."""


@dataclass(frozen=True)
class Claim:
    """What was found of a version that is to be registered.

    Digests are DVC's own; `present` is that of the very bytes that would be uploaded (None: there are none), `recorded` what the
    lock has (None: it has none). `stale` are the stages behind the model that were not current when the facts were gathered.
    """

    model: str
    sha: str
    branch: str
    on_branch: bool
    dirty: bool
    facts_sha: str
    facts_base: str
    base: str | None
    """What the facts have to compare with, where the caller knows."""
    facts_dirty: bool
    overrides: int
    verdict: Result
    stated: Status | None
    """What a verdict that came with the facts says; None where none came."""
    path: str
    recorded: str | None
    present: str | None
    stale: tuple[str, ...] = ()
    git_tags: bool = False
    unheld: str | None = None
    """The path of the reference that `monitor` names, where the commit holds no such data set."""


def decide(claim: Claim) -> Result:
    """Whether it may be registered: every refusal is a failed check, each with its reason."""
    checks = [_name(claim), *_code(claim), _facts(claim), *_verdict(claim), _artifact(claim), *_stages(claim)]
    return combine(NAME, [*checks, *_reference(claim)])


def version_tag(model: str, version: int) -> str:
    """The git tag of a version, in the manner of GTO: the registry's number is the major one."""
    return f"{model}@v{version}.0.0"


def stage_tag(model: str, stage: str, number: int) -> str:
    """The git tag that says which version a stage (such as `production`) has from now on: `model#production#4` is its fourth.

    Raises ValueError for a name that GTO would not take.
    """
    if not fits_tags(model) or not fits_tags(stage) or number < 1:
        raise ValueError(f"no tag can be called {model}#{stage}#{number}")
    return f"{model}#{stage}#{number}"


def fits_tags(model: str) -> bool:
    """Whether the name of a model may stand in a git tag of GTO's: small letters, digits and inner hyphens."""
    return bool(_TAG_NAME.fullmatch(model))


def is_model_name(model: str) -> bool:
    """Whether MLflow takes it as the name of a model, and people can read what it takes."""
    plain = model.isprintable() and model.strip() == model and len(model) <= _LONGEST_NAME
    return plain and bool(model) and not set(model) & set("/:@'\"\\%") and model not in (".", "..")


def _check(name: str, fails: bool, reason: Reason, **values: Value) -> Result:
    if fails:
        return Result(name=name, status=Status.FAILED, reason=reason, values=dict(values))
    return Result(name=name, status=Status.PASSED, reason=Reason.HOLDS)


def _name(claim: Claim) -> Result:
    if claim.git_tags and is_model_name(claim.model):
        return _check("name", not fits_tags(claim.model), Reason.MODEL_NAME_NO_TAG, model=claim.model)
    return _check("name", not is_model_name(claim.model), Reason.MODEL_NAME_REFUSED, model=claim.model)


def _code(claim: Claim) -> list[Result]:
    sha = claim.sha[:7]
    return [
        _check("work tree", claim.dirty, Reason.WORK_TREE_DIRTY, sha=sha),
        _check("branch", not claim.on_branch, Reason.NOT_ON_BRANCH, sha=sha, branch=claim.branch),
    ]


def _facts(claim: Claim) -> Result:
    if claim.facts_sha != claim.sha:
        return _check("facts", True, Reason.FACTS_OF_ANOTHER, found=claim.facts_sha[:7], sha=claim.sha[:7])
    if claim.base is not None and claim.facts_base != claim.base:
        return _check("facts", True, Reason.FACTS_OF_OTHER_BASE, found=claim.facts_base[:7], base=claim.base[:7])
    if claim.overrides:
        return _check("facts", True, Reason.FACTS_OF_EXPERIMENT, count=claim.overrides)
    return _check("facts", claim.facts_dirty, Reason.FACTS_OF_DIRTY, sha=claim.sha[:7])


def _verdict(claim: Claim) -> list[Result]:
    found = claim.verdict.status
    why = claim.verdict.causes()[0].why
    checks = [_check("verdict", found is Status.FAILED, Reason.VERDICT_RED, sha=claim.sha[:7], why=why)]
    if claim.stated is not None and claim.stated is not found:
        checks.append(_check("verdict file", True, Reason.VERDICT_DIFFERS, stated=claim.stated.value, found=found.value))
    return checks


def _artifact(claim: Claim) -> Result:
    if claim.recorded is None:
        return _check("artifact", True, Reason.ARTIFACT_UNKNOWN, path=claim.path)
    if claim.present is None:
        return _check("artifact", True, Reason.ARTIFACT_MISSING, path=claim.path, recorded=claim.recorded)
    values: dict[str, Value] = {"path": claim.path, "present": claim.present, "recorded": claim.recorded}
    return _check("artifact", claim.present != claim.recorded, Reason.ARTIFACT_DIFFERS, **values)


def _stages(claim: Claim) -> list[Result]:
    return [_check(stage, True, Reason.STAGE_NOT_LOCKED, stage=stage, sha=claim.sha[:7]) for stage in claim.stale[:20]]


def _reference(claim: Claim) -> list[Result]:
    """That nothing is kept of what the model is to be compared with in production, which refuses no version."""
    if claim.unheld is None:
        return []
    values: dict[str, Value] = {"path": claim.unheld, "sha": claim.sha[:7]}
    return [Result(name="reference", status=Status.WARNED, reason=Reason.REFERENCE_UNHELD, values=values)]
