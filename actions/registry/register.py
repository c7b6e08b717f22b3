"""Registers the version of the model that a commit of the default branch holds: looks, decides, then makes what is missing.

Whatever it makes it finds again by its tags, so that a second run, or one after a crash, ends in the same one version.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from actions.progress import Progress
from actions.registry import card, reference
from actions.registry import evidence as kept
from actions.registry.client import Registry, Run, Version
from actions.registry.reference import Wanted
from actions.registry.source import home_of, source_of
from actions.repository import MissingObject, Repository
from policy import document, origin
from policy.card import MadeOf
from policy.document import Policy
from policy.facts import Facts
from policy.facts.reading import read as read_facts
from policy.origin import Origin, TagsProblem
from policy.problems import UserProblem
from policy.registry import Claim, decide, version_tag
from policy.result import Result, Status
from policy.verdict import Verdict
from policy.verdict import decide as judge
from reports.card import render as render_card

_REGISTRATION = {"assay.purpose": "registration"}
"""Tells runs of ours from those of a training."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for a version: the bytes of `facts.json`, and whatever the caller knows beside them."""

    facts: bytes
    where: str = "facts.json"
    stated: Status | None = None
    """What a verdict that came with the facts says."""
    base: str | None = None
    """The commit that the facts have to compare with."""
    branch: str = "main"
    pull_request: int | None = None
    approvers: Sequence[str] = ()


@dataclass(frozen=True)
class Ready:
    """What looking found: whether it may be registered, what of, and the facts. `nothing_new`: the policy watched no change."""

    result: Result
    verdict: Verdict
    origin: Origin | None
    model: str
    nothing_new: bool
    git_tags: bool
    evidence: Mapping[str, bytes] = field(default_factory=dict)
    """What is kept beside the model, under its run: a file's content by its name."""
    reference: Wanted | None = None
    """What production is to be compared with, of which a profile is kept; None: the policy or the commit has none."""


@dataclass(frozen=True)
class Registered:
    """A version, whether this made it, and the git tag that it has."""

    version: Version
    made: bool
    tag: str | None = None
    unchanged: bool = False
    """The same bytes were registered for an earlier commit, and nothing that the policy watches has changed since."""


def model_of(policy: Policy) -> document.Model:
    """The section `model:`. Raises UserProblem where there is none."""
    if policy.model is None:
        raise UserProblem("no model is named", document.FILE_NAME, "Add `model: {name: ..., artifact: ...}`")
    return policy.model


def policy_at(repository: Repository, sha: str) -> Policy:
    """The policy that a commit holds. Raises UserProblem where it holds none."""
    raw = repository.read(document.FILE_NAME, sha)
    if raw is None:
        raise UserProblem(f"there is none at {sha[:7]}", document.FILE_NAME, "`assay init` writes one")
    return document.read(raw.decode("utf-8", "replace"))


def look(repository: Repository, evidence: Evidence, folder: Path, progress: Progress) -> Ready:
    """Hold everything against everything, and leave the very bytes that were hashed in `folder`, for the upload.

    Nothing of the repository is run. The verdict is computed again from the facts, under the policy of their base.

    Raises:
        UserProblem: facts, policy or pipeline cannot be read.
        OutsideProblem: DVC's remote cannot be reached.
    """
    head = repository.head()
    policy = policy_at(repository, head.sha)
    model = model_of(policy)
    facts = read_facts(evidence.facts, evidence.where)
    progress.step("judging the facts")
    judged_by = judging(repository, facts, head.sha, evidence.where)
    verdict = judge(document.read(judged_by.decode("utf-8", "replace")), facts)
    progress.step(f"reading {model.artifact}")
    source = source_of(repository, model.artifact, head.sha)
    recorded, made_of = source.digest, source.made_of
    wanted = reference.wanted(repository, policy, facts, head.sha)
    claim = Claim(
        model=model.name,
        sha=head.sha,
        branch=evidence.branch,
        on_branch=repository.was_head_of(head.sha, evidence.branch),
        dirty=head.dirty,
        facts_sha=facts.revision.head,
        facts_base=facts.revision.base,
        base=evidence.base,
        facts_dirty=facts.revision.dirty,
        overrides=len(facts.overrides),
        verdict=verdict.result,
        stated=evidence.stated,
        path=model.artifact,
        recorded=recorded,
        present=_present(repository, model.artifact, head.sha, folder) if recorded else None,
        stale=_stale(facts, made_of.stages) if made_of else (),
        git_tags=bool(policy.registry and policy.registry.git_tags),
        unheld=policy.monitor.reference_path if policy.monitor and wanted is None else None,
    )
    result = decide(claim)
    made = None
    if result.status is not Status.FAILED and made_of is not None and recorded is not None:
        made = _origin(
            code_sha=head.sha,
            code_tree=source.tree,
            pull_request=evidence.pull_request or facts.revision.pull_request,
            verdict=verdict.result.status.value,
            policy_digest=facts.policy.digest,
            facts_digest=f"sha256:{hashlib.sha256(evidence.facts).hexdigest()}",
            params_digest=made_of.params_digest,
            lock_digest=made_of.lock_digest,
            model_path=model.artifact,
            model_digest=recorded,
            data=made_of.data,
            remote=made_of.remote,
            approvers=tuple(dict.fromkeys(evidence.approvers)),
        )
    beside: dict[str, bytes] = {}
    if made is not None:
        progress.step("writing the model card")
        written = _card(repository, facts, verdict, model.name, made)
        beside = {kept.FACTS: evidence.facts, kept.POLICY: judged_by, kept.MODEL: kept.model(folder, made), kept.CARD: written}
    return Ready(result, verdict, made, model.name, facts.nothing_to_check, claim.git_tags, beside, wanted)


def register(
    registry: Registry, repository: Repository, ready: Ready, folder: Path, run: str | None, progress: Progress
) -> Registered:
    """Make the version that `look` allowed, or find it again. `run` names a finished run to keep it under, not one of ours.

    Raises:
        UserProblem: what was looked at may not be registered, there is no such run, a version claims to be this and is not, or
            the data that production is to be compared with is nowhere or cannot be read.
        OutsideProblem: the registry, or for that data DVC's remote, cannot be reached.
    """
    made = ready.origin
    if made is None:
        raise UserProblem("this may not be registered", ready.model)
    progress.step(f"asking {registry.where}")
    known = registry.versions(ready.model)
    version = _same(known, made)
    if version is None and ready.nothing_new and (earlier := _kept(known, made)):
        return Registered(earlier, made=False, unchanged=True)
    new = version is None
    if version is None:
        profile = _profile(repository, ready, progress)
        home = _home(registry, made, ready, folder, run, progress)
        tags = origin.tags(made) | (reference.keep(registry, home.id, profile) if profile is not None else {})
        progress.step(f"registering {ready.model}")
        created = registry.create(ready.model, home, home_of(made.model_digest), tags, _described(made, ready))
        version = _first(registry, made, created)
        new = version.number == created.number
    elif origin.REFERENCE not in version.tags and version.run and (profile := _profile(repository, ready, progress)) is not None:
        # Registered before profiles were kept, or before the policy had a `monitor`.
        tags = reference.keep(registry, version.run, profile)
        registry.set_tags(version, tags)
        version = replace(version, tags={**version.tags, **tags})
    tag = None
    if ready.git_tags:
        tag = version_tag(ready.model, version.number)
        repository.place_tag(tag, made.code_sha, f"{ready.model} version {version.number}, {made.model_digest}")
    return Registered(version, made=new, tag=tag)


# Looking


def _origin(**fields: Any) -> Origin:
    """The origin, unless tags cannot hold it: thousands of paths, or names that are no text."""
    try:
        return Origin(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        what = f"tags cannot hold `{first['loc'][0]}`: {first['msg'][:100]}"
        raise UserProblem(what, document.FILE_NAME, "Track folders in place of single files, and give them plain names") from None


def judging(repository: Repository, facts: Facts, sha: str, where: str) -> bytes:
    """The policy that judges facts: that of their base, whatever they say; the commit's own only where the base has none.

    Raises UserProblem where the facts were gathered under another.
    """
    base = repository.read(document.FILE_NAME, repository.resolve(facts.revision.base))
    raw = (base if base is not None else repository.read(document.FILE_NAME, sha)) or b""
    if document.digest(raw.decode("utf-8", "replace")) != facts.policy.digest:
        raise UserProblem("the facts were gathered under another policy", where, "Run `assay check` again")
    return raw


def _card(repository: Repository, facts: Facts, verdict: Verdict, model: str, made: Origin) -> bytes:
    """The model card of what is registered, with what people wrote in the one that is committed."""
    before = card.existing(repository, model, made.code_sha)
    return render_card(model, facts, verdict, MadeOf.of(made), before).encode()


def _stale(facts: Facts, stages: Sequence[str]) -> tuple[str, ...]:
    """The stages behind the model that were out of date when the facts were gathered."""
    known = facts.pipeline.stages if facts.pipeline else []
    behind = set(stages)
    return tuple(each.name for each in known if each.state != "current" and each.name.rpartition(":")[2] in behind)


def _present(repository: Repository, path: str, sha: str, folder: Path) -> str | None:
    """The digest of the artifact: the work tree's where that differs from the lock, else that of the copy in `folder`."""
    tracked = repository.tracked(path, sha)
    here = repository.tracked(path)
    if tracked is None:
        return None
    if here is not None and here.digest != tracked.digest:
        return here.digest
    try:
        files = repository.files(tracked)
    except MissingObject:
        return None
    whole = tracked.digest.endswith(".dir")
    top = tracked.path.rstrip("/")
    for file in files:
        name = file.name.removeprefix(f"{top}/") if whole else Path(file.name).name
        target = folder / name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise UserProblem("a file of the artifact lies outside of it", name[:200], "Write the artifact again")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.path, target)
    method = tracked.digest.partition(":")[0]
    only = None if whole else next(iter(folder.iterdir()), None)
    return repository.store.hash_copy(folder if only is None else only, method)


# Making


def _profile(repository: Repository, ready: Ready, progress: Progress) -> bytes | None:
    """What is kept of the reference; None where there is none."""
    if ready.reference is None:
        return None
    from actions.monitor import keeping  # brings polars and NumPy, which only this needs

    wanted = ready.reference
    progress.step(f"profile of {wanted.section.reference_path}")
    return keeping.kept(repository, wanted.section, wanted.sha, wanted.marked)


def _described(made: Origin, ready: Ready) -> str:
    """What MLflow's own pages show beside a version. A card is longer than they take, so they say where it is."""
    written = ready.evidence.get(kept.CARD)
    if written is None:
        return ""
    return f"Model card: {kept.folder(made)}/{kept.CARD} of its run, SHA-256 {hashlib.sha256(written).hexdigest()}"


def _home(registry: Registry, made: Origin, ready: Ready, folder: Path, run: str | None, progress: Progress) -> Run:
    """A run that holds the bytes, and the evidence beside them."""
    model = ready.model
    if run is not None:
        found = registry.run(run)
        if found is None or found.status != "FINISHED":
            what = "there is no such run" if found is None else f"the run is {found.status.lower()}"
            raise UserProblem(what, f"run {run[:80]}", "Name a finished run of this tracking server, or leave --run out")
        _bring_all(registry, found, made, ready, folder, progress)
        return found
    experiment = f"assay/{model}"
    tags = {**_REGISTRATION, "assay.code_sha": made.code_sha, "assay.model_digest": made.model_digest}
    begun = registry.runs(experiment, tags)
    home = begun[0] if begun else registry.begin(experiment, f"{model} {made.code_sha[:12]}", tags | _git(made))
    _bring_all(registry, home, made, ready, folder, progress)
    if home.status != "FINISHED":
        registry.finish(home.id)
    return home


def _bring_all(registry: Registry, run: Run, made: Origin, ready: Ready, folder: Path, progress: Progress) -> None:
    _bring(registry, run, home_of(made.model_digest), folder, progress)
    if ready.evidence:
        with tempfile.TemporaryDirectory(prefix="assay-evidence-") as scratch:
            for name, raw in ready.evidence.items():
                Path(scratch, name).write_bytes(raw)
            _bring(registry, run, kept.folder(made), Path(scratch), progress)


def _bring(registry: Registry, run: Run, path: str, folder: Path, progress: Progress) -> None:
    """Let a run hold what is in the folder, and see that it does: a server may keep some names otherwise than they were given."""
    wanted = {file.relative_to(folder).as_posix(): file.stat().st_size for file in folder.rglob("*") if file.is_file()}
    if registry.files(run.id, path) == wanted:
        return
    progress.step("uploading the artifact")
    registry.upload(run.id, folder, path)
    found = registry.files(run.id, path)
    if found != wanted:
        odd = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
        what = f"{len(odd)} files did not arrive as they are, such as {odd[0][:100]!r}"
        raise UserProblem(what, f"run {run.id}", "Give the files plain names, without `#`, `?` and `%`")


def _git(made: Origin) -> dict[str, str]:
    """What MLflow's own pages show as the source."""
    return {"mlflow.source.git.commit": made.code_sha}


def _same(known: Sequence[Version], made: Origin) -> Version | None:
    """The first version that was made of the same commit and holds the same bytes."""
    for version in known:
        key = (version.tags.get("assay.code_sha"), version.tags.get("assay.model_digest"))
        if key == made.key:
            try:
                origin.read(version.tags)
            except TagsProblem as problem:
                where = f"{version.model}@{version.number}"
                raise UserProblem(
                    f"it claims to be this version, but {problem.what}", where, "Look who changed its tags"
                ) from None
            return version
    return None


def _kept(known: Sequence[Version], made: Origin) -> Version | None:
    """The newest version with the same bytes, made of the same data and parameters."""
    for version in reversed(known):
        try:
            found = origin.read(version.tags)
        except TagsProblem:
            continue
        if (found.model_digest, found.data, found.params_digest) == (made.model_digest, made.data, made.params_digest):
            return version
    return None


def _first(registry: Registry, made: Origin, created: Version) -> Version:
    """The version that stays where two processes made the same one at once: the lower number; the other is taken back."""
    first = _same(registry.versions(created.model), made) or created
    if first.number < created.number:
        registry.withdraw(created)
        return first
    return created
