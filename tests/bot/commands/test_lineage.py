"""What code and data something was made of."""

import pytest

from bot.commands.lineage import Arguments, Present, decide, digests, look
from bot.grammar.kinds import Model
from policy.reasons import Reason
from tests.bot.commands.asking import HEAD, reply, request

LOCK = b"""\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - {path: data.csv, md5: 418cbd87aaaabbbb, size: 3}
    outs:
    - {path: model.pkl, md5: 9e01aaaabbbbcccc, size: 3}
"""


def test_the_digests_of_a_lock() -> None:
    assert digests(LOCK) == {"train: data.csv": "418cbd87aaaabbbb", "train: model.pkl": "9e01aaaabbbbcccc"}


@pytest.mark.parametrize(
    "raw", [None, b"", b"[", b"- 1", b"stages: 3", b"stages: {a: 1}", b"stages: {a: {outs: [1]}}", b"!!python/object:os.x {}"]
)
def test_ga_09_what_is_no_lock_has_none(raw: bytes | None) -> None:
    assert digests(raw) == {}


def test_what_differs_comes_first() -> None:
    after = {"train: data.csv": "000000000000", "train: model.pkl": "9e01aaaabbbbcccc"}
    said = reply(decide(request(), Arguments(), Present("main", HEAD, digests(LOCK), after))).detail.source
    assert said.startswith("1 of 2 recorded digests differ")
    assert said.index("`train: data.csv`") < said.index("`train: model.pkl`")
    assert "`418cbd87aaaa` | `000000000000`" in said


def test_a_version_of_a_model_is_found_by_its_tag() -> None:
    class Reads:
        def file(self, path: str, ref: str) -> bytes | None:
            return LOCK if ref == "delays@v3" else None

        def ref(self, name: str) -> str | None:
            return "c" * 40 if name == "tags/delays@v3" else None

    assert look(Reads(), request(), Arguments(Model("delays", "v3"))).head == "delays@v3"
    missing = look(Reads(), request(), Arguments(Model("delays", "v4")))
    assert reply(decide(request(), Arguments(Model("delays", "v4")), missing)).result.reason is Reason.NO_SUCH_REFERENCE
