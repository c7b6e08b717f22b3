"""Lets the alias of an environment point to what was approved, where that still is what it was, and says exactly what came of it.

A registry's tags are written by whoever may write to it. So they are held against what was approved, and so are git and its lock,
the bytes in DVC's remote, and those in the registry. Until all of that holds nothing is changed.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from actions.progress import Progress
from actions.registry import deploy, history
from actions.registry.client import Registry, Version
from actions.registry.register import model_of, policy_at
from actions.registry.source import Source, home_of, source_of
from actions.repository import Repository
from policy import document, lineage, origin
from policy.authorization import Authorization, Outcome
from policy.problems import Problem, UserProblem
from policy.promotion import covered, differences, untimely
from policy.registry import stage_tag

_AGAIN = "Ask for it again with `/promote`, or re-run all jobs of the run"
_MOST = 2_000


class NotPromoted(UserProblem):
    """It may not be promoted, or not any more. Exit code 1."""

    exit_code = 1


@dataclass(frozen=True)
class Around:
    """Where a promotion works: a folder of the repository, the environment, the default branch, the clock."""

    folder: Path
    environ: Mapping[str, str]
    branch: str
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class Promoted:
    """What came of it, and what went wrong, if anything did."""

    outcome: Outcome
    problem: Problem | None = None

    @property
    def exit_code(self) -> int:
        """0 where all of it was done."""
        return self.problem.exit_code if self.problem else 0


def promote(around: Around, leave: Authorization, note: Callable[[Outcome], None], progress: Progress) -> Promoted:
    """Do what a leave allows. Doing it again finishes what is left, and doubles nothing but the command of the user's.

    `note` keeps what is known so far, before each step that could be cut off; the last word is in what is given back.
    """
    work = _Promotion(around, leave, note, progress)
    try:
        with Repository.open(around.folder) as repository:
            url = work.go(repository)
    except Problem as problem:
        return work.failed(problem)
    return Promoted(work.outcome("promoted", url=url))


class _Promotion:
    """One leave in hand. `before` and `now` are what was seen of the alias."""

    def __init__(self, around: Around, leave: Authorization, note: Callable[[Outcome], None], progress: Progress) -> None:
        self.around, self.leave, self.progress, self._note = around, leave, progress, note
        self.subject = leave.subject
        self.alias = leave.subject.environment
        self.named = f"{self.subject.model}@{self.subject.version}"
        self.before: int | None = None
        self.now: int | None = None
        self._touched = False
        self._uri: str | None = None

    @cached_property
    def registry(self) -> Registry:
        """The registry that the environment names, else that of the policy."""
        return Registry.connect(self.around.environ, self._uri, lean=True)

    def outcome(self, state: str, said: str = "", url: str | None = None) -> Outcome:
        """What came of it, as far as it is known."""
        known = {"digest": self.leave.digest, "before": self.before, "now": self.now, "at": self.around.clock()}
        return Outcome.model_validate({**known, "state": state, "said": said[:_MOST], "url": url})

    def go(self, repository: Repository) -> str | None:
        """All of it; gives the address where the version runs, if there is one. Raises Problem where it stops."""
        self._leave_holds()
        policy = self._policy(repository)
        environment = deploy.prepared(policy.promote, self.around.environ) if policy.promote else {}
        stem = self._stem() if policy.registry and policy.registry.git_tags else None
        version = self._version()
        self._git(repository)
        self._alias_expected()
        self._remote(repository)
        self._bytes(repository, version)
        self._leave_holds()
        self._move()
        if stem:
            message = f"{self.subject.model} version {self.subject.version} in {self.alias}"
            repository.place_next_tag(stem, self.subject.commit, message)
        url = None
        if policy.promote:
            said = f"{self._points()}, and the step ended before `promote.run` did"
            self._note(self.outcome("unknown", said))
            url = deploy.run(policy.promote, repository.root, environment, self._told(), self.progress)
        self._look_again()
        if self.now != self.leave.version:
            raise NotPromoted("somebody moved it since", f"{self.subject.model}@{self.alias}", "Look who did")
        return url

    def failed(self, problem: Problem) -> Promoted:
        """What came of it where something went wrong."""
        if not self._touched:
            return Promoted(self.outcome("refused", f"Nothing was changed. {problem}"), problem)
        try:
            self._look_again()
        except Problem:
            self.now = None
            said = f"The alias {self.alias} was at {self.before or 'nothing'} and cannot be read again. {problem}"
            return Promoted(self.outcome("unknown", said), problem)
        if self.now == self.before != self.leave.version:
            return Promoted(self.outcome("refused", f"The alias was not moved. {problem}"), problem)
        return Promoted(self.outcome("unknown", f"{self._points()}, but not all is done. {problem}"), problem)

    # Looking

    def _leave_holds(self) -> None:
        if why := untimely(self.leave, self.around.clock()):
            raise NotPromoted(why, "decision.json", _AGAIN)
        for name, wanted in (("GITHUB_RUN_ID", self.leave.run), ("GITHUB_REPOSITORY_ID", self.subject.repository)):
            given = self.around.environ.get(name)
            if given and given != str(wanted):
                raise NotPromoted(f"the leave is for {wanted}, and this is {given}", name, _AGAIN)

    def _policy(self, repository: Repository) -> document.Policy:
        """The policy that is checked out, which has to be the one that was approved: its command is run."""
        text = (repository.read(document.FILE_NAME, repository.head().sha) or b"").decode("utf-8", "replace")
        if document.digest(text) != self.subject.policy:
            raise NotPromoted("it is not the one that was approved", document.FILE_NAME, _AGAIN)
        policy = document.read(text)
        self._uri = policy.registry.uri if policy.registry else None
        return policy

    def _version(self) -> Version:
        """The version, whose tags say what was approved."""
        self.progress.step(f"asking {self.registry.where}")
        found = self.registry.version(self.subject.model, self.leave.version)
        if found is None:
            raise NotPromoted("the registry knows no such version", self.named, _AGAIN)
        try:
            made = origin.read(found.tags, self.named)
        except origin.TagsProblem as problem:
            raise NotPromoted(problem.what, self.named, "Look who changed its tags") from None
        self._same(covered(made), self.named, "Look who changed its tags")
        return found

    def _git(self, repository: Repository) -> None:
        """The commit and its lock say what was approved, too."""
        sha = self.subject.commit
        self.progress.step(f"reading {sha[:7]}")
        where = f"git {sha[:7]}"
        try:
            known = repository.resolve(sha) == sha and repository.was_head_of(sha, self.around.branch)
        except UserProblem as problem:
            raise NotPromoted(problem.what, where, problem.next or _AGAIN) from None
        if not known:
            raise NotPromoted(f"it was never the head of {self.around.branch}", where, "Look who registered it")
        model = model_of(policy_at(repository, sha))
        if model.name != self.subject.model:
            raise NotPromoted(f"its assay.yml calls the model {model.name}", where, "Look who registered it")
        found = source_of(repository, model.artifact, sha)
        self._same(_parts(found), where, "Look who registered it: git says otherwise")
        self._source = found

    def _same(self, found: Mapping[str, object], where: str, advice: str) -> None:
        if odd := differences(self.subject, found):
            more = f" and {len(odd) - 3} more" if len(odd) > 3 else ""
            raise NotPromoted(f"it is not what was approved: {'; '.join(odd[:3])}{more}", where, advice)

    def _alias_expected(self) -> None:
        self._look_again()
        self.before = self.now
        if self.now not in (self.leave.expected, self.leave.version):
            told = f"it points to {self.now or 'nothing'}, not to {self.leave.expected or 'nothing'}"
            raise NotPromoted(f"{told}: somebody moved it meanwhile", f"{self.subject.model}@{self.alias}", _AGAIN)

    def _look_again(self) -> None:
        self.now = self.registry.aliases(self.subject.model).get(self.alias)

    def _remote(self, repository: Repository) -> None:
        """DVC's remote holds the bytes of the model, read from there."""
        made_of = self._source.made_of
        remote = made_of.remote if made_of else None
        self.progress.step(f"reading the model in the DVC remote {remote or ''}".rstrip())
        odd = repository.store.unlike(self.subject.artifact, remote)
        where = f"DVC remote {remote or ''}".rstrip()
        for digest, found in odd.items():
            told = f"holds {found} under that name" if found else "does not have it"
            raise NotPromoted(f"{digest} of the model: it {told}", where, "`dvc push` it from where it was made")

    def _bytes(self, repository: Repository, version: Version) -> None:
        """The registry holds the bytes of the model, where a version of ours has them."""
        self.progress.step("reading the model in the registry")
        advice = "Look who changed it, and register it again"
        run = self.registry.run(version.run) if version.run else None
        path = home_of(self.subject.artifact)
        if run is None or version.source != f"{run.artifacts.rstrip('/')}/{path}":
            raise NotPromoted("its source is not where `assay register` puts it", self.named, advice)
        with tempfile.TemporaryDirectory(prefix="assay-promote-") as scratch:
            found: Path | None = self.registry.download(run.id, path, Path(scratch))
            if found is not None and not self.subject.artifact.endswith(".dir"):
                files = [each for each in found.rglob("*") if each.is_file()]
                found = files[0] if len(files) == 1 else None
            method = self.subject.artifact.partition(":")[0]
            digest = repository.store.hash_copy(found, method) if found else "several files"
        if digest != self.subject.artifact:
            raise NotPromoted(f"it holds {digest}, not {self.subject.artifact}", self.named, advice)

    # Doing

    def _move(self) -> None:
        """Move the alias, if it is not there yet, and read it back."""
        self._touched = True
        if self.now == self.leave.version:
            self.progress.step(f"{self.alias} points to {self.now} already")
        else:
            self._note(self.outcome("unknown", "The step ended while it moved the alias."))
            self.progress.step(f"moving {self.alias} from {self.before or 'nothing'} to {self.leave.version}")
        history.move(self.registry, self.subject.model, self.alias, self.leave.version, self.leave.expected, self.around.clock())
        self.now = self.leave.version

    def _stem(self) -> str:
        """What git tags of this environment begin with."""
        try:
            return stage_tag(self.subject.model, self.alias, 1).removesuffix("1")
        except ValueError as error:
            advice = "Turn `registry.git_tags` off, or use names of small letters, digits and hyphens"
            raise UserProblem(str(error), document.FILE_NAME, advice) from None

    def _told(self) -> dict[str, str]:
        """What the command of the user's is told."""
        return {
            "ASSAY_MODEL": self.subject.model,
            "ASSAY_VERSION": self.subject.version,
            "ASSAY_ENVIRONMENT": self.alias,
            "ASSAY_MODEL_URI": f"models:/{self.subject.model}/{self.subject.version}",
            "ASSAY_PREVIOUS_VERSION": str(self._previous() or ""),
        }

    def _previous(self) -> int | None:
        """The version that had the alias before this one; where the alias was moved earlier, what the registry remembers."""
        if self.before != self.leave.version:
            return self.before
        versions = self.registry.versions(self.subject.model)
        reigns = lineage.reigns({each.number: (each.tags, each.aliases) for each in versions})
        others = (each.version for each in reigns if each.alias == self.alias and each.version != self.leave.version)
        return next(others, None)

    def _points(self) -> str:
        return f"The alias {self.alias} points to version {self.now} now" if self.now else f"The alias {self.alias} is gone"


def _parts(found: Source) -> dict[str, object]:
    """What git says, as the parts of a `Subject`."""
    made_of = found.made_of
    if made_of is None:
        return {"tree": found.tree, "artifact": found.digest or "nothing"}
    return {
        "tree": found.tree,
        "lock": made_of.lock_digest,
        "data": made_of.data,
        "artifact": found.digest,
        "params": made_of.params_digest,
    }
