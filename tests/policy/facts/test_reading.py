"""`facts.json` comes from somebody who is not trusted."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts import Facts, PolicyFacts, RevisionFacts, ToolFacts
from policy.facts.reading import read, write
from policy.facts.record import MAX_BYTES
from policy.problems import UserProblem

FACTS = Facts(
    revision=RevisionFacts(base="a" * 40, base_name="main", head="b" * 40),
    policy=PolicyFacts(digest="sha256:0", read_from="base"),
    tools=ToolFacts(assay="0", python="3.11"),
)


def refused(raw: bytes) -> str:
    with pytest.raises(UserProblem) as caught:
        read(raw)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def altered(**changes: object) -> bytes:
    return json.dumps({**json.loads(write(FACTS)), **changes}).encode()


def test_what_was_written_is_read_back() -> None:
    assert read(write(FACTS)) == FACTS


def test_a_newer_minor_version_with_unknown_keys_is_read() -> None:
    assert read(altered(schema_version="1.7", astrology=["leo"])).revision == FACTS.revision


@pytest.mark.parametrize("version", ["2.0", "0.9", "1", "", "1.0; rm", None, 1.0, "01.0"])
def test_ga_03_an_unknown_major_version_is_refused(version: object) -> None:
    assert "schema" in refused(altered(schema_version=version))


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400"])
def test_ga_05_what_is_not_a_finite_number_is_refused(number: bytes) -> None:
    refused(write(FACTS).replace(b'"revision"', b'"seconds": ' + number + b', "revision"', 1))


def test_ga_05_a_key_that_stands_twice_is_refused() -> None:
    assert "twice" in refused(write(FACTS).replace(b'"revision"', b'"seconds": 1, "seconds": 2, "revision"', 1))


def test_ga_05_deep_nesting_is_refused_without_recursion() -> None:
    assert "nested" in refused(b'{"schema_version": "1.0", "data": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}")


def test_ga_05_brackets_inside_strings_do_not_count_as_nesting() -> None:
    revision = {"base": "a", "base_name": "[" * 100 + '\\"{', "head": "b"}
    assert read(altered(revision=revision)).revision.base_name.startswith("[[")


def test_ga_03_too_many_bytes_are_refused_before_parsing() -> None:
    assert "bytes" in refused(b"[" * (MAX_BYTES + 1))


def test_ga_03_ten_million_rows_of_metrics_do_not_fit() -> None:
    metric = {"metric": "m", "source": "s"}
    refused(altered(evaluation={"metrics": [metric] * 10_001}))


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"\xff\xfe", b"{", b'"text"', b"{}"])
def test_ga_03_what_is_no_facts_is_refused_in_one_line(raw: bytes) -> None:
    refused(raw)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    refused(raw)


@given(st.data())
def test_a_flipped_byte_is_read_or_refused_but_never_a_traceback(data: st.DataObject) -> None:
    raw = bytearray(write(FACTS))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UserProblem):
        read(bytes(raw))
