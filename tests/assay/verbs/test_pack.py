"""`assay audit pack` over a real ledger and a real registry: what is in it, and what tampering shows."""

import json
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sigstore.dsse import Statement as IntotoStatement

from actions.evidence import archive
from actions.progress import Silent
from actions.registry import register
from actions.registry.client import Registry
from actions.repository import Repository
from policy import ledger, pack
from policy.evidence import Part
from policy.facts.reading import write
from policy.ledger import Decision, Draft, Kept, Personal, Subject
from tests.assay.conftest import Assay, Done, told
from tests.registry import Release, mlflow_server, release
from tests.repositories import Repo, environment

__all__ = ["mlflow_server"]

NOW = "2026-03-01T12:00:00+00:00"
HOSTILE = "</style><script>alert(1)</script> \u202e [x](http://x) @team"


def entries(model: str, version: str) -> list[Kept]:
    made: list[Kept] = []
    for index, (decision, name) in enumerate(
        [(Decision.REQUESTED, model), (Decision.APPROVED, model), (Decision.APPROVED, "another"), (Decision.PROMOTED, model)]
    ):
        about = Subject(model=name, version=version, environment="production", number=12 if name == model else 13)
        draft = Draft(key=f"k{index}", decision=decision, reason="holds", repository=1, subject=about)
        personal = Personal(salt=f"{index:032x}", actor_id=7, login="mona", because=HOSTILE)
        made.append(ledger.append(made[-1].entry if made else None, draft, personal, NOW))
    return made


def keep(repo: Repo, book: list[Kept]) -> None:
    """The branch of the ledger in a clone, an entry a commit, without a checkout."""
    stream = bytearray()
    for kept in book:
        number, raw = kept.entry.sequence, ledger.write(kept)
        stream += f"commit refs/heads/{ledger.BRANCH}\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\ne\n".encode()
        stream += f"M 100644 inline {ledger.path(number)}\ndata {len(raw)}\n".encode() + raw + b"\n"
    subprocess.run(
        ["git", "fast-import", "--quiet", "--force"], cwd=repo.root, input=bytes(stream), check=True, env=environment()
    )


@dataclass(frozen=True)
class Promoted:
    """A version that was registered, and the ledger of its promotion in the clone."""

    release: Release
    version: int
    server: str

    @property
    def root(self) -> Path:
        return self.release.repo.root

    @property
    def name(self) -> str:
        return f"{self.release.model}@{self.version}"


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory, mlflow_server: str) -> Promoted:
    template = Repo(tmp_path_factory.mktemp("template")).with_pipeline().push_data()
    found = release(template, tmp_path_factory.mktemp("promoted") / "repo")
    registry = Registry.connect({"MLFLOW_TRACKING_URI": mlflow_server})
    with tempfile.TemporaryDirectory() as scratch, Repository.open(found.repo.root) as repository:
        ready = register.look(repository, found.evidence(), Path(scratch), Silent())
        done = register.register(registry, repository, ready, Path(scratch), None, Silent())
    keep(found.repo, entries(found.model, str(done.version.number)))
    return Promoted(found, done.version.number, mlflow_server)


@pytest.fixture
def there(promoted: Promoted, assay: Assay, monkeypatch: pytest.MonkeyPatch) -> Promoted:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", promoted.server)
    return promoted


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pairs of keys as PEM: `ed`, `other`, `ec`, and one of a kind that is not used."""
    folder = tmp_path_factory.mktemp("keys")
    made = {
        "ed": ed25519.Ed25519PrivateKey.generate(),
        "other": ed25519.Ed25519PrivateKey.generate(),
        "ec": ec.generate_private_key(ec.SECP256R1()),
        "rsa": rsa.generate_private_key(65537, 2048),
    }
    for name, key in made.items():
        (folder / name).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{name}.pub").write_bytes(public)
    return folder


def packed(assay: Assay, there: Promoted, out: Path, *more: str | Path, name: str = "") -> Done:
    return assay("audit", "pack", name or there.name, "--out", out, "--offline", *more, cwd=there.root)


def looked(assay: Assay, path: Path, *more: str | Path) -> Done:
    return assay("audit", "pack", "--verify", path, *more, cwd=path.parent)


def test_a_pack_holds_every_part_and_says_how_it_is_signed(assay: Assay, there: Promoted, keys: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack.zip"
    done = packed(assay, there, out, "--key", keys / "ed")
    assert done.code == 0, done.err
    files = archive.read(out)
    statement = pack.read(files[pack.STATEMENT])
    assert {each.part: each.missing for each in statement.predicate.parts} == dict.fromkeys(Part, "")
    assert files["card.md"].startswith(b"---\n") and there.release.head.encode() in files["card.md"]
    assert [path for path in files if path.startswith("ledger/")] == [f"ledger/00000{at}.json" for at in (1, 2, 4)]
    assert statement.subject[0].name == there.name and list(statement.subject[0].digest) == ["sha256"]
    sha256 = there.release.repo.run("sha256sum", "model.txt").split()[0]
    assert statement.subject[0].digest["sha256"] == sha256
    IntotoStatement(files[pack.STATEMENT])  # as sigstore reads it
    html = files[pack.INDEX].decode()
    assert "<script" not in html and "\u202e" not in html and "mona" in html and "no part answers this" in html
    done = looked(assay, out, "--key", keys / "ed.pub")
    assert done.code == 0 and "holds" in done.out and "signed by key" in done.out and "not checked" not in done.out
    assert "not checked: no --key" in looked(assay, out).out
    report = json.loads(looked(assay, out, "--json", "--key", keys / "ed.pub").out)
    assert (report["fault"], report["checked_with_key"], report["missing"]) == (None, True, [])


def test_au_07_a_pack_rebuilt_twice_has_identical_bytes(assay: Assay, there: Promoted, keys: Path, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        assert packed(assay, there, tmp_path / name, "--key", keys / "ed").code == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_issue_an_entry_and_its_hash_name_the_same_version(assay: Assay, there: Promoted, tmp_path: Path) -> None:
    digest = entries(there.release.model, str(there.version))[3].entry.hash
    for number, name in enumerate(["12", "entry:4", digest[:12]]):
        done = packed(assay, there, tmp_path / f"{number}.zip", "--json", name=name)
        assert done.code == 0 and json.loads(done.out)["about"] == there.name
    for name, said in (("99", "the ledger has no issue 99"), ("entry:9", "no entry 9"), ("soon", "it names no issue")):
        (line,) = told(packed(assay, there, tmp_path / "x.zip", name=name), 2)
        assert said in line


def test_au_08_what_is_missing_is_named_with_its_reason(
    assay: Assay, there: Promoted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Repo(tmp_path / "bare").write("README.md", "no ledger\n").commit()
    out = tmp_path / "pack.zip"
    done = assay("audit", "pack", there.name, "--out", out, "--offline", cwd=bare.root)
    assert done.code == 0 and "not evidenced: approvals" in done.out
    files = archive.read(out)
    (gone,) = [each for each in pack.read(files[pack.STATEMENT]).predicate.parts if each.missing]
    assert "there is no branch assay-ledger here" in gone.missing
    assert "Not evidenced: there is no branch assay-ledger" in files[pack.INDEX].decode()
    assert looked(assay, out).code == 0
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    (line,) = told(packed(assay, there, out), 2)
    assert "nobody knows the digest of the model" in line and "no registry is named" in line


def test_facts_are_taken_only_where_they_are_those_of_the_version(assay: Assay, there: Promoted, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_bytes(there.release.evidence().facts)
    assert packed(assay, there, tmp_path / "pack.zip", "--facts", facts).code == 0
    facts.write_bytes(write(there.release.facts(seconds=99)))
    (line,) = told(packed(assay, there, tmp_path / "pack.zip", "--facts", facts), 2)
    assert "not the facts that the version was registered with" in line


def rewritten(source: Path, target: Path, change: dict[str, bytes | None]) -> Path:
    files: dict[str, bytes | None] = {**archive.read(source), **change}
    target.write_bytes(archive.write({path: raw for path, raw in files.items() if raw is not None}))
    return target


def test_au_02_whatever_is_done_to_a_pack_the_first_thing_that_does_not_fit_is_named(
    assay: Assay, there: Promoted, keys: Path, tmp_path: Path
) -> None:
    out, bad = tmp_path / "pack.zip", tmp_path / "bad.zip"
    assert packed(assay, there, out, "--key", keys / "ed").code == 0
    files = archive.read(out)
    for path, raw in files.items():
        flipped = bytes([raw[0] ^ 1]) + raw[1:]
        done = looked(assay, rewritten(out, bad, {path: flipped}))
        assert done.code == 1 and "does not hold at" in done.out, path
        assert path in done.out or path == pack.STATEMENT, done.out
        done = looked(assay, rewritten(out, bad, {path: None}))
        assert done.code == 1 and "does not hold at" in done.out, path
    done = looked(assay, rewritten(out, bad, {"facts.json": files["assay.yml"], "assay.yml": files["facts.json"]}))
    assert done.code == 1 and "facts.json: its SHA-256 is" in done.out
    done = looked(assay, rewritten(out, bad, {"more.txt": b"more"}))
    assert done.code == 1 and "more.txt: it is there, and the statement does not name it" in done.out
    done = looked(assay, out, "--key", keys / "other.pub")
    assert done.code == 1 and "signed by another key" in done.out


def test_a_pack_made_anew_by_somebody_else_is_not_the_signed_one(
    assay: Assay, there: Promoted, keys: Path, tmp_path: Path
) -> None:
    signed, forged = tmp_path / "signed.zip", tmp_path / "forged.zip"
    assert packed(assay, there, signed, "--key", keys / "ec").code == 0
    assert looked(assay, signed, "--key", keys / "ec.pub").code == 0
    assert "unsigned, so anybody could have made it" in packed(assay, there, forged).out
    assert looked(assay, forged).code == 0
    done = looked(assay, forged, "--key", keys / "ec.pub")
    assert done.code == 1 and "it is not signed" in done.out
    envelope = json.loads(archive.read(signed)[pack.ENVELOPE])
    envelope["signatures"][0]["sig"] = "AAAA" + envelope["signatures"][0]["sig"][4:]
    bad = rewritten(signed, tmp_path / "bad.zip", {pack.ENVELOPE: json.dumps(envelope).encode()})
    done = looked(assay, bad, "--key", keys / "ec.pub")
    assert done.code == 1 and "the signature does not hold" in done.out


def test_usage_is_told_in_a_line(assay: Assay, there: Promoted, keys: Path, tmp_path: Path) -> None:
    for arguments, said in (
        ((), "name what the pack is about"),
        (("12", "--verify", "x.zip"), "name what the pack is about"),
        (("12", "--key", keys / "rsa"), "a key of this kind"),
        (("12", "--key", keys / "ed.pub"), "no key to sign with"),
        (("12", "--key", keys / "none"), "the key cannot be read"),
        (("--verify", keys / "ed"), "it cannot be read as a zip"),
        (("--verify", keys / "none"), "it cannot be read"),
    ):
        (line,) = told(assay("audit", "pack", "--offline", *arguments, cwd=there.root), 2)
        assert said in line
    (line,) = told(packed(assay, there, tmp_path / "x.zip", "--sign"), 2)
    assert "there is no identity to sign with here" in line
    out = tmp_path / "pack.zip"
    assert packed(assay, there, out).code == 0
    (line,) = told(looked(assay, out, "--key", keys / "ed"), 2)
    assert "this is no key to check with" in line


def test_a_ledger_that_does_not_hold_is_said_and_is_exit_code_1(assay: Assay, there: Promoted, tmp_path: Path) -> None:
    repo = there.release.repo.copy(tmp_path / "copy")
    book = entries(there.release.model, str(there.version))
    keep(repo, [*book[:2], book[3]])
    out = tmp_path / "pack.zip"
    done = assay("audit", "pack", there.name, "--out", out, "--offline", cwd=repo.root)
    assert done.code == 1 and "the ledger does not hold at entry 3" in done.err
    assert "the ledger does not hold at entry 3" in archive.read(out)[pack.INDEX].decode()


def test_a_zip_that_holds_a_path_twice_is_refused(assay: Assay, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made, pytest.warns(UserWarning):
        made.writestr("a", b"1")
        made.writestr("a", b"2")
    (line,) = told(looked(assay, tmp_path / "x.zip"), 2)
    assert "it holds 'a' twice" in line
