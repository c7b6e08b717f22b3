"""What a registration keeps: the digests of the model's bytes."""

import hashlib
import json
from pathlib import Path

from actions.registry import evidence
from tests.policy.test_origin import SOME

FILE = SOME.model_copy(update={"model_digest": f"md5:{'5' * 32}"})


def test_a_file_has_its_own_digest_and_a_folder_that_of_its_listing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    one = hashlib.sha256(b"1").hexdigest()
    assert json.loads(evidence.model(tmp_path, FILE)) == {"dvc": FILE.model_digest, "sha256": one}
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(b"1")
    listing = f"{one}  a\n{one}  b/c\n"
    assert json.loads(evidence.model(tmp_path, SOME))["sha256"] == hashlib.sha256(listing.encode()).hexdigest()
    assert evidence.folder(FILE) == f"evidence-{'a' * 12}"
