"""`assay audit` over real branches: sound ones, and what somebody did to others (AU-02, AU-04, AU-05)."""

import csv
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from actions.registry.client import Registry
from bot.gateway.requesting import RequestGateway
from bot.gateway.transport import Transport
from bot.promotion.told import LABEL
from policy import ledger, origin
from policy.ledger import Decision, Digests, Draft, Kept, Personal, Subject
from tests.assay.conftest import Assay, Done
from tests.bench.ledger import approvals
from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.policy.test_origin import SOME
from tests.registry import fresh, mlflow_server, registry
from tests.repositories import Repo, environment

__all__ = ["here", "mlflow_server", "registry"]

NOW = "2026-03-01T12:00:00+00:00"
HOSTILE = '=HYPERLINK("http://x","y")\r\nEntry 99: \x1b[31mforged \u202e'


def chain(count: int, because: str = "better") -> list[Kept]:
    made: list[Kept] = []
    for index in range(count):
        about = Subject(model="delays" if index % 2 else "fares", version="3", environment="production", number=12)
        draft = Draft(key=f"k{index}", decision=Decision.HELD, reason="holds", repository=1, subject=about)
        personal = Personal(salt=f"{index:032x}", actor_id=7, login="mona", because=because)
        made.append(ledger.append(made[-1].entry if made else None, draft, personal, NOW))
    return made


class Book:
    """A remote with a ledger, and a clone that verifies it."""

    def __init__(self, folder: Path, entries: list[Kept]) -> None:
        self.origin = Repo(folder / "origin", dvc=False).write("README.md", "code\n").commit()
        self.origin.git("checkout", "--quiet", "--orphan", ledger.BRANCH)
        self.origin.write("README.md", "the ledger\n").commit("Begin")
        for each in entries:
            self.add(each)
        self.clone = Repo(folder / "clone", dvc=False)
        self.clone.git("remote", "add", "origin", str(self.origin.root))

    def add(self, kept: Kept) -> None:
        number = kept.entry.sequence
        self.origin.write(ledger.path(number), ledger.write(kept)).commit(f"Entry {number}")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path, chain(4))


def verify(assay: Assay, book: Book, *more: str) -> Done:
    return assay("audit", "verify", *more, cwd=book.clone.root)


def test_a_sound_ledger_holds_and_says_what_to_keep(assay: Assay, book: Book) -> None:
    done = verify(assay, book)
    tip = book.origin.sha()
    assert done.code == 0 and f"4 entries hold (0 without personal data); keep {tip}:4 elsewhere" in done.out
    assert verify(assay, book, "--expect", f"{tip}:4", "--offline").code == 0
    told = json.loads(verify(assay, book, "--json", "--expect", chain(4)[-1].entry.hash).out)
    assert told.pop("not_compared") == {
        "registry": "MLFLOW_TRACKING_URI not set",
        "deployments": "GITHUB_REPOSITORY and GITHUB_TOKEN not set",
    }
    assert told == {"entries": 4, "head": chain(4)[-1].entry.hash, "commit": tip, "removed": 0, "fault": None}


def test_without_a_ledger_it_says_so(assay: Assay, book: Book) -> None:
    assert verify(assay, book, "--offline").code == 2
    book.origin.git("checkout", "--quiet", "main")
    book.origin.git("branch", "-D", ledger.BRANCH)
    assert verify(assay, book).code == 2
    book.clone.git("remote", "set-url", "origin", str(book.origin.root / "nowhere"))
    assert verify(assay, book).code == 3
    assert verify(assay, book, "--expect", "soon").code == 2


def test_au_02_an_entry_changed_on_the_branch_is_named(assay: Assay, book: Book) -> None:
    raw = ledger.write(chain(4)[1]).replace(b"delays", b"delayz")
    book.origin.write(ledger.path(2), raw).commit("a small correction")
    done = verify(assay, book)
    assert done.code == 1 and f"does not hold at entry 2: commit {book.origin.sha()[:12]} does something else" in done.out


def test_au_02_a_forged_entry_by_somebody_else_is_named_where_the_author_is_known(assay: Assay, book: Book) -> None:
    book.add(chain(5)[-1])
    assert verify(assay, book).code == 0
    forged = ledger.append(chain(5)[-1].entry, Draft(key="f", decision=Decision.HELD, reason="holds", repository=1),
                           Personal(salt="0" * 32, actor_id=1, login="eve"), NOW)  # fmt: skip
    book.origin.write(ledger.path(6), ledger.write(forged))
    book.origin.git("add", "--all")
    book.origin.git("commit", "--quiet", "--author", "Eve <eve@example.org>", "-m", "Entry 6")
    done = verify(assay, book, "--author", "ada@example.org")
    assert done.code == 1 and "entry 6: commit" in done.out and "is by 'eve@example.org'" in done.out


def test_au_02_a_rewritten_branch_is_named_by_the_clone_that_knew_it(assay: Assay, book: Book) -> None:
    assert verify(assay, book).code == 0
    tip = book.origin.sha()
    book.origin.git("reset", "--quiet", "--hard", "HEAD~2")
    for _ in range(2):  # it stays so, however often it is asked
        done = verify(assay, book)
        assert done.code == 1 and f"does not hold {tip[:12]} any more" in done.out and "rewritten" in done.out
    other = Book.__new__(Book)
    other.origin, other.clone = book.origin, Repo(book.clone.root.parent / "second", dvc=False)
    other.clone.git("remote", "add", "origin", str(book.origin.root))
    assert verify(assay, other).code == 0
    assert "no part of the branch" in verify(assay, other, "--expect", tip).out
    assert "there were 4 entries, and there are 2" in verify(assay, other, "--expect", f"{tip}:4").out
    assert "entry 3: there were 4 entries, and there are 2" in verify(assay, other, "--expect", f"{chain(4)[3].entry.hash}:4").out


def test_au_02_two_entries_in_a_commit_a_merge_and_a_stray_file_are_named(assay: Assay, book: Book) -> None:
    for each in chain(6)[4:]:
        book.origin.write(ledger.path(each.entry.sequence), ledger.write(each))
    book.origin.commit("two at once")
    assert "entry 5: commit" in verify(assay, book).out
    book.origin.git("reset", "--quiet", "--hard", "HEAD~1")
    book.origin.write("notes\x07.txt", "x").commit("a note")
    assert "does something else than add entries/000/000005.json" in verify(assay, book).out


def test_au_04_a_name_is_taken_out_by_a_later_commit_and_the_ledger_holds(assay: Assay, book: Book) -> None:
    for each in chain(4)[:2]:
        book.origin.write(ledger.path(each.entry.sequence), ledger.write(Kept(each.entry, None)))
    book.origin.commit("Remove personal data")
    book.add(chain(5)[-1])
    done = verify(assay, book, "--expect", f"{chain(5)[-1].entry.hash}:5")
    assert done.code == 0 and "5 entries hold (2 without personal data)" in done.out
    listed = assay("audit", "log", cwd=book.clone.root).out.splitlines()
    assert "whose name was taken out" in listed[0] and "by mona" in listed[2]


def test_au_05_hostile_text_begins_no_line_and_no_formula(assay: Assay, tmp_path: Path) -> None:
    book = Book(tmp_path, chain(2, HOSTILE))
    listed = assay("audit", "log", cwd=book.clone.root).out
    assert len(listed.splitlines()) == 2 and "\x1b" not in listed and "\u202e" not in listed
    out = tmp_path / "x.csv"
    assert assay("audit", "export", "--format", "csv", "-o", str(out), cwd=book.clone.root).code == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [each["because"] for each in rows] == [f"'{HOSTILE}"] * 2


def test_what_is_listed_and_exported_can_be_narrowed(assay: Assay, book: Book) -> None:
    lines = assay("audit", "export", "--model", "delays", cwd=book.clone.root).out.splitlines()
    assert [json.loads(each)["sequence"] for each in lines] == [2, 4]
    assert assay("audit", "log", "--since", "2026-03-02", cwd=book.clone.root).out == ""
    assert len(assay("audit", "log", "--json", "--since", "2026-03-01", cwd=book.clone.root).out.splitlines()) == 4
    assert assay("audit", "log", "--since", "soon", cwd=book.clone.root).code == 2


def test_a_long_ledger_of_approvals_that_rest_on_different_things_is_verified_whole(assay: Assay, tmp_path: Path) -> None:
    """Written by `git fast-import`, one commit each. How long ten thousand take, `make bench` measures."""
    stream = bytearray()
    for kept in approvals(300):
        number, raw = kept.entry.sequence, ledger.write(kept)
        stream += f"commit refs/heads/{ledger.BRANCH}\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\ne\n".encode()
        stream += f"M 100644 inline {ledger.path(number)}\ndata {len(raw)}\n".encode() + raw + b"\n"
    repo = Repo(tmp_path, dvc=False)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=repo.root, input=bytes(stream), check=True, env=environment())
    done = assay("audit", "verify", "--offline", cwd=repo.root)
    assert done.code == 0 and "300 entries hold" in done.out


def test_the_page_says_whether_the_ledger_holds(assay: Assay, book: Book, tmp_path: Path) -> None:
    out = tmp_path / "ledger.html"
    narrowed = ("audit", "export", "--format", "html", "-o", str(out), "--model", "delays")
    assert assay(*narrowed, cwd=book.clone.root).code == 0
    html = out.read_text("utf-8")
    assert "All 4 entries hold" in html and "about delays" in html and "fares" not in html
    book.origin.write(ledger.path(2), b"{}").commit("a small correction")
    assert assay(*narrowed, cwd=book.clone.root).code == 1
    assert "does not hold at entry 2" in out.read_text("utf-8")


# --- around the process ---

WATCHED = """\
version: 1
model: {{name: {model}, artifact: model/}}
roles: {{ml-lead: [carol]}}
environments: {{production: {{approved_if: [{{role: ml-lead}}], on_outside_move: {act}}}}}
"""


@dataclass
class Outside:
    """A model whose version 1 was promoted to production, and whose version 2 was made and put there by somebody else."""

    here: Scene
    registry: Registry
    model: str

    def policy(self, act: str) -> None:
        self.here.github.commit(REPOSITORY, {"assay.yml": WATCHED.format(model=self.model, act=act)})

    @property
    def issues(self) -> list[tuple[str, str]]:
        found = RequestGateway.of(self.here.gateway).issues(LABEL, "all")
        return sorted((each.title.removeprefix(self.model), each.state) for each in found)


@pytest.fixture
def outside(here: Scene, assay: Assay, registry: Registry, mlflow_server: str, monkeypatch: pytest.MonkeyPatch) -> Outside:
    made = Outside(here, registry, fresh())
    run = registry.begin(f"assay/{made.model}", "a run", {})
    registry.create(made.model, run, "model", origin.tags(SOME))
    registry.create(made.model, run, "model", {})
    payload = {"model": made.model, "version": 1, "approvers": []}
    RequestGateway.of(here.gateway).create_deployment(here.base, "production", made.model, payload)
    registry.point(made.model, "production", 2)
    monkeypatch.setattr(Transport, "spacing", 0.0, raising=False)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    job = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": here.github.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_TOKEN": here.token,
    }
    for name, value in {**job, "MLFLOW_TRACKING_URI": mlflow_server}.items():
        monkeypatch.setenv(name, value)
    return made


def test_tt_08_what_went_around_the_process_is_told_then_set_back_and_closed(
    outside: Outside, assay: Assay, tmp_path: Path
) -> None:
    outside.policy("report")
    done = assay("audit", "watch", cwd=tmp_path)
    assert done.code == 1 and f"{outside.model}@production pointed to 2, and 1 was promoted" in done.out
    told = [
        ("@production points to version 2, which was not promoted", "open"),
        (" version 2 was not registered by Assay", "open"),
    ]
    assert outside.issues == sorted(told)
    outside.policy("revert")
    done = assay("audit", "watch", "--json", cwd=tmp_path)
    found = json.loads(done.out)
    assert done.code == 0 and found["moves"] == [{"environment": "production", "version": 2, "promoted": 1, "set_back": True}]
    assert found["strangers"] == [2] and outside.registry.aliases(outside.model) == {"production": 1}
    assert [state for _, state in outside.issues] == ["open", "closed"]
    assert assay("audit", "watch", cwd=tmp_path).code == 0


def test_a_policy_without_a_model_is_nothing_to_look_after(outside: Outside, assay: Assay, tmp_path: Path) -> None:
    done = assay("audit", "watch", cwd=tmp_path)
    assert done.code == 2 and "the policy names no model" in done.err


def test_without_a_registry_the_line_says_what_to_set(
    outside: Outside, assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    done = assay("audit", "watch", cwd=tmp_path)
    assert done.code == 2 and "MLFLOW_TRACKING_URI" in done.err


def test_a_registry_that_is_away_is_something_outside(
    outside: Outside, assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.policy("report")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    assert assay("audit", "watch", cwd=tmp_path).code == 3 and outside.issues == []


def test_au_02_an_alias_that_was_moved_past_the_ledger_is_named(
    assay: Assay, tmp_path: Path, registry: Registry, mlflow_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rolling back needs no approval, so its entry can stand alone."""
    name = fresh("flight")
    run = registry.begin(f"assay/{name}", "a run", {})
    for _ in range(2):
        registry.create(name, run, "model", origin.tags(SOME))
    registry.point(name, "production", 1)
    about = Subject(model=name, version="1", environment="production", number=12)
    draft = Draft(key="k", decision=Decision.ROLLED_BACK, reason="holds", repository=1, subject=about)
    book = Book(tmp_path, [ledger.append(None, draft, Personal(salt="a" * 32, actor_id=7, login="mona"), NOW)])
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    assert verify(assay, book).code == 0
    registry.point(name, "production", 2)
    done = verify(assay, book)
    assert done.code == 1 and "the registry points to version 2" in done.out
    assert verify(assay, book, "--offline").code == 0


def test_au_02_what_github_deployed_past_the_ledger_is_named_and_what_was_not_compared_is_said(
    assay: Assay, tmp_path: Path, here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def entry(approved: str, tail: Kept | None = None) -> Kept:
        draft = Draft(
            key=approved, decision=Decision.ROLLED_BACK, reason="holds", repository=1, inputs={"approved": approved},
            subject=Subject(model="delays", version="1", environment="production", number=12), digests=Digests(code=here.base),
        )  # fmt: skip
        return ledger.append(tail.entry if tail else None, draft, Personal(salt="a" * 32, actor_id=7, login="mona"), NOW)

    def deploy(digest: str) -> None:
        payload = {"model": "delays", "version": 1, "issue": 12, "digest": digest}
        RequestGateway.of(here.gateway).create_deployment(here.base, "production", "delays", payload)

    book = Book(tmp_path, [entry("one")])
    assert "not compared with the deployments: GITHUB_REPOSITORY and GITHUB_TOKEN not set" in verify(assay, book).out
    for name, value in (("URL", here.github.url), ("REPOSITORY", REPOSITORY), ("TOKEN", here.token)):
        monkeypatch.setenv({"URL": "GITHUB_API_URL"}.get(name, f"GITHUB_{name}"), value)
    done = verify(assay, book)
    assert done.code == 1 and "entry 1: it put version 1 of delays into production for #12, and GitHub has no" in done.out
    deploy("one")
    done = verify(assay, book)
    assert done.code == 0 and "not compared with the deployments" not in done.out and "compared with the registry" in done.out
    deploy("two")
    done = verify(assay, book)
    assert done.code == 1 and "entry 1: deployment" in done.out and "and no entry tells of that" in done.out
    assert "--offline asks nobody" in verify(assay, book, "--offline").out
    book.add(entry("two", entry("one")))
    assert verify(assay, book).code == 0
    here.github.fail("status", path="/deployments", times=None, status=403)
    assert verify(assay, book).code != 0
