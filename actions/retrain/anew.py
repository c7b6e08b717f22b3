"""What training a branch anew does besides a check: imports updated before it; what it made pushed and left after it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from actions.progress import Progress
from actions.repository import Repository
from actions.train.results import made, pack
from actions.train.transfer import renew, send
from policy.facts import Facts
from policy.facts import commit as commits
from policy.problems import UserProblem
from policy.verdict import Verdict

FACTS = "facts.json"
"""Beside `commit.json`; the one names the other."""


@dataclass(frozen=True)
class Asking:
    """What `commit.json` is about: the run `id`, and the commit that it began with."""

    id: str
    sha: str


@dataclass
class Anew:
    """One training of what is checked out. `asking` says for whom `commit.json` is left; None leaves and pushes nothing."""

    asking: Asking | None
    update: bool = True
    write: Callable[[Path, bytes], object] = Path.write_bytes
    """How a file is written."""
    _imports: list[str] = field(default_factory=list)

    def begin(self, repository: Repository, progress: Progress) -> None:
        """Update the imports of DVC, where there are any.

        Raises:
            UserProblem: files that git keeps were edited, so what came of a run would not be that of the commit.
            OutsideProblem: the source of an import cannot be read.
        """
        sha = repository.head().sha
        edited = [path for path in repository.changed_files(sha) if repository.read(path, sha) is not None]
        if edited:
            cure = "Commit it or put it away (`git stash`): what is trained anew is what is committed"
            raise UserProblem("it was edited and not committed", edited[0], cure)
        if self.update:
            self._imports = sorted({out.file for out in repository.outs() if out.kind == "import"})
            renew(repository, self._imports, progress)

    def end(self, repository: Repository, facts: Facts, verdict: Verdict, target: Path, progress: Progress) -> None:
        """Push what was made, unless the verdict is red, and leave what changed in git.

        Of a red one the record is left all the same, for the evidence: nobody but `assay propose` reads it, which closes it. Of a
        run that did not come to its end there is nothing to be left.

        Raises UserProblem where what changed cannot be committed from here, OutsideProblem where it cannot be pushed.
        """
        target.unlink(missing_ok=True)
        if self.asking is None or facts.halted_by is not None or facts.errors:
            return
        evidence = commits.digest(target.with_name(FACTS).read_bytes())
        packed = pack(repository, facts, self.asking, self._imports).model_copy(update={"facts": evidence})
        changed = {file.path for file in packed.files}
        if verdict.passed and changed:
            send(repository, [*made(facts), *self._changed_imports(repository, changed)], progress)
        self.write(target, commits.write(packed))

    def _changed_imports(self, repository: Repository, changed: set[str]) -> list[str]:
        """As `dvc push` takes them: those that lie in a remote of ours, from the folder that holds `.dvc`."""
        pushed = {out.file for out in repository.outs() if out.pushed and out.file in changed}
        return [str((repository.root / path).relative_to(repository.dvc_root)) for path in self._imports if path in pushed]
