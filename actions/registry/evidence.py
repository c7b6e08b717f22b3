"""What a registration keeps beside the model, under its run: facts, policy, card, and the SHA-256 of the bytes.

So that an evidence pack can be made from the registry long after the run and its artifacts on GitHub are gone. Whoever reads it
holds it against the digests in the version's tags.
"""

import hashlib
import json
from pathlib import Path

from actions.registry.client import Registry
from policy.facts.record import MAX_BYTES
from policy.lineage import Step
from policy.origin import Origin
from policy.problems import UserProblem

FACTS = "facts.json"
POLICY = "assay.yml"
CARD = "card.md"
MODEL = "model.json"


def folder(made: Origin) -> str:
    """Where it lies in a run's artifacts: named by the commit, because one run may hold what several were registered with."""
    return f"evidence-{made.code_sha[:12]}"


def facts(registry: Registry, step: Step) -> bytes | None:
    """What lies there as the facts of a version, at most 5 MiB; None where nothing does.

    Raises:
        UserProblem: they are more than facts can be, or the registry does not let us read them.
        OutsideProblem: the registry cannot be reached.
    """
    if step.origin is None or step.run is None or registry.run(step.run) is None:
        return None
    path = folder(step.origin)
    size = registry.files(step.run, path).get(FACTS, 0)
    if size > MAX_BYTES:
        raise UserProblem(f"the facts have {size:,} bytes, which no facts have", f"run {step.run}", "Look who replaced them")
    return registry.read(step.run, f"{path}/{FACTS}", MAX_BYTES)


def model(bytes_of: Path, made: Origin) -> bytes:
    """The digests of the model's bytes, which lie in a folder: DVC's, and the SHA-256 of the one file.

    Of several files it is that of what `sha256sum` prints for them, in the order of their paths.
    """
    files = sorted(
        (each for each in bytes_of.rglob("*") if each.is_file()), key=lambda each: each.relative_to(bytes_of).as_posix()
    )
    whole = made.model_digest.endswith(".dir")
    if not whole and len(files) == 1:
        sha256 = _sha256(files[0])
    else:
        listing = "".join(f"{_sha256(each)}  {each.relative_to(bytes_of).as_posix()}\n" for each in files)
        sha256 = hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()
    return json.dumps({"dvc": made.model_digest, "sha256": sha256}, sort_keys=True).encode() + b"\n"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
