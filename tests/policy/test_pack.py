"""The statement of a pack binds every byte in it, and what names a version in a ledger."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import ledger, pack
from policy.evidence import Part
from policy.ledger import Kept, Subject
from policy.pack import About, Model, Piece, Predicate, Statement, about, concerns, fault, file, listed, subject
from tests.policy.test_ledger import NOW, chain, draft

ENTRY = ledger.write(chain(1)[0])
CONTENTS = {
    Part.FACTS: {"facts.json": b"{}"},
    Part.APPROVALS: {"ledger/000001.json": ENTRY},
    Part.CARD: {"card.md": b"# a card\n"},
}
PIECES = tuple(Piece(each, CONTENTS.get(each, {}), "" if each in CONTENTS else "nobody has it") for each in Part)


def packed(pieces: tuple[Piece, ...] = PIECES, **changes: str) -> dict[str, bytes]:
    page = b"<!doctype html>"
    parts = tuple(listed(each) for each in pieces)
    told = Predicate(assay="0", model=Model(name="delays", version="3"), parts=parts, index=file(pack.INDEX, page), **changes)
    statement = pack.write(Statement(subject=(subject("delays@3", f"md5:{'5' * 32}", ""),), predicate=told))
    return {path: raw for each in pieces for path, raw in each.files.items()} | {pack.INDEX: page, pack.STATEMENT: statement}


GOOD = packed()
PATHS = st.sampled_from(sorted(GOOD))


def test_what_was_packed_fits_and_gaps_say_why() -> None:
    assert fault(GOOD) is None
    parts = pack.read(GOOD[pack.STATEMENT]).predicate.parts
    assert [each.part for each in parts if each.missing == "nobody has it"] == [each for each in Part if each not in CONTENTS]
    assert listed(Piece(Part.CARD, {})).missing == "not evidenced"


@given(PATHS, st.data())
@settings(max_examples=100)
def test_au_02_no_bit_can_be_flipped(path: str, data: st.DataObject) -> None:
    raw = bytearray(GOOD[path])
    at = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[at // 8] ^= 1 << at % 8
    files = GOOD | {path: bytes(raw)}
    # Without a signature, one bit of the statement may well make another sound statement; what was signed is then another.
    assert fault(files) is not None or path == pack.STATEMENT


@given(PATHS)
def test_au_02_no_file_can_be_dropped_or_added(path: str) -> None:
    assert fault({name: raw for name, raw in GOOD.items() if name != path}) is not None
    said = fault(GOOD | {f"{path}.more": b""})
    assert said is not None and "does not name it" in said


def test_au_02_swapped_parts_are_found() -> None:
    said = fault(GOOD | {"facts.json": GOOD["card.md"], "card.md": GOOD["facts.json"]})
    assert said is not None and said.startswith("facts.json: its SHA-256")


def test_parts_that_do_not_belong_together_are_found_though_the_statement_names_them() -> None:
    said = fault(packed(facts=f"sha256:{'0' * 64}"))
    assert said is not None and "not the facts that the version was registered with" in said
    forged = tuple(Piece(each.part, {"ledger/000001.json": b"{}"}) if each.part is Part.APPROVALS else each for each in PIECES)
    assert "no record of the ledger" in (fault(packed(forged)) or "")
    assert "not each part once" in (fault(packed(PIECES[1:])) or "")
    both = (*PIECES[:-1], PIECES[0])
    assert "not each part once" in (fault(packed(both)) or "")


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff", b'{"_type":1}', GOOD[pack.STATEMENT] + b"\n", b"[" * 90])
def test_what_is_no_statement_is_refused_in_words(raw: bytes) -> None:
    said = fault({pack.STATEMENT: raw})
    assert said is not None and said.startswith("statement.json: ") and "\n" not in said


def test_a_subject_is_named_by_the_best_digest_there_is() -> None:
    assert subject("m", "md5:aa", "b" * 64).digest == {"sha256": "b" * 64}
    assert subject("m", "md5:aa", "").digest == {"md5": "aa"}
    assert subject("m", "md5:aa.dir", "").digest == {"dvc-md5-dir": "aa"}
    assert subject("m", "md5-dos2unix:aa", "").digest == {"dvc-md5-dos2unix": "aa"}


def book() -> list[Kept]:
    made: list[Kept] = []
    for index, told in enumerate(
        [Subject(model="delays", version="v3", number=12), Subject(model="delays", number=12), Subject()]
    ):
        personal = chain(1)[0].personal
        assert personal is not None
        made.append(ledger.append(made[-1].entry if made else None, draft(f"k{index}", subject=told), personal, NOW))
    return made


def test_issues_entries_hashes_and_versions_are_told_apart() -> None:
    made = book()
    wanted = About("delays", 3, None, 12)
    for name in ("12", "#12", "entry:1", made[0].entry.hash, made[0].entry.hash[:12]):
        assert about(name, made) == wanted
    assert about("delays@3", made) == About("delays", 3)
    assert about("delays@champion", []) == About("delays", None, "champion")
    assert [concerns(each.entry, wanted) for each in made] == [True, True, False]
    assert [concerns(each.entry, About("delays", 3)) for each in made] == [True, False, False]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("7", "the ledger has no issue 7"),
        ("entry:3", "names no version"),
        ("entry:9", "no entry 9"),
        ("a" * 12, "no entry"),
        ("x", "names no"),
    ],
)
def test_what_names_nothing_is_refused(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        about(name, book())
