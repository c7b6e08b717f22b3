"""A run of the default branch that made a model anew, and the GitHub on loopback where it is proposed."""

from dataclasses import dataclass, field
from typing import Any

from bot.around import Around
from bot.gateway.locking import LockGateway
from bot.gateway.proposing import ProposalGateway
from bot.gateway.records import Repository
from bot.landing import FILE, NAME
from bot.proposing import keeping
from bot.proposing.keeping import Asked, Proposed
from policy.facts import Facts
from policy.facts.commit import CommitFacts, CommitFile, write
from policy.facts.record import PolicyFacts
from policy.proposing import Kind
from tests.bot import material
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.loopback.state import Run

IMPORT = "frozen: true\ndeps:\n- md5: {}\n  path: ../live.csv\nouts:\n- md5: {}\n  size: {}\n  hash: md5\n  path: raw.csv\n"
PIPELINE = "stages: {train: {cmd: python train.py, params: [lr], metrics: [metrics.json: {cache: false}]}}\n"
FILES = {"data/raw.csv.dvc": IMPORT.format("a2", "a2", 9), "dvc.lock": "schema: '2.0'\n", "metrics.json": '{"accuracy": 0.95}\n'}
POLICY = material.POLICY + "model: {name: flight-delay, artifact: model.txt}\n"


@dataclass
class Runs:
    """What runs leave, and what becomes of it."""

    here: Scene
    sha: str = ""
    policy: str = POLICY
    refs: list[str] = field(default_factory=list)

    def begin(self) -> "Runs":
        """The default branch as runs find it."""
        files = {"dvc.yaml": PIPELINE, "data/raw.csv.dvc": IMPORT.format("a1", "a1", 5), "assay.yml": self.policy}
        self.sha = self.here.github.commit(REPOSITORY, files)
        return self

    def run(self) -> Run:
        """A run of it."""
        return self.here.github.run(REPOSITORY, self.sha, "main", "workflow_dispatch", path=".github/workflows/assay-retrain.yml")

    def facts(self, accuracy: float = 0.95, **claimed: Any) -> Facts:
        """What an honest runner says."""
        claim = {"pull_request": None, "repository": REPOSITORY, "base": self.sha, "head": self.sha, "merge_base": self.sha}
        made = material.facts(accuracy=accuracy, **{**claim, **claimed})
        return made.model_copy(update={"policy": PolicyFacts(digest=material.document.digest(self.policy), read_from="base")})

    def leave(self, run: Run, files: dict[str, str] | None = None, facts: Facts | None = None, **claimed: Any) -> Run:
        """What a run uploads."""
        listed = [CommitFile(path=path, text=text) for path, text in (FILES if files is None else files).items()]
        told = CommitFacts(**{"request": str(run.id), "sha": self.sha, "files": listed, **claimed})
        self.here.github.artifact(REPOSITORY, run, NAME, {FILE: write(told)})
        raw = (facts or self.facts()).model_dump_json().encode()
        self.here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": raw})
        return run

    def gateway(self) -> ProposalGateway:
        """With the rights of the job that proposes, and no more."""
        token = self.here.github.token(REPOSITORY, actions="read", contents="write", pull_requests="write")
        return ProposalGateway.of(self.here.as_token(token))

    def propose(self, run: Run, kind: Kind = "retrain", because: str = "", gateway: ProposalGateway | None = None) -> Proposed:
        """Propose what a run left."""
        home = Repository(self.here.github.repository(REPOSITORY).id, REPOSITORY, "main", False)
        around = Around(LockGateway.of(gateway or self.gateway()), home)
        return keeping.propose(around, Asked(kind, run.id, because))

    def tip(self, run: Run, kind: Kind = "retrain") -> str | None:
        """Where the branch of a proposal ends."""
        return self.here.github.repository(REPOSITORY).git.ref(f"refs/heads/assay/{kind}-{run.id}")

    def issue(self, number: int | None) -> Any:
        """The pull request as an issue: title, body, state, labels."""
        assert number is not None
        return self.here.github.repository(REPOSITORY).issues[number]

    def said(self, number: int | None) -> list[str]:
        """The comments on it."""
        assert number is not None
        return [each.body for each in self.here.github.comments(REPOSITORY, number)]
