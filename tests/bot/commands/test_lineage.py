"""What code and data something was made of."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.commands.lineage import Arguments, Present, decide, digests, look
from bot.grammar.kinds import Model
from policy.lineage import Lineage, Step
from policy.problems import OutsideProblem
from policy.reasons import Reason
from tests.bot.commands.asking import HEAD, reply, request
from tests.policy.test_origin import SOME

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


# With a registry

STEP = Step(3, datetime(2026, 5, 1, tzinfo=UTC), SOME, aliases=("production",), run="r1")
FOUND = Lineage("delays", STEP, None, (STEP,), ())
POLICY = b"version: 1\nmodel: {name: delays, artifact: model.pkl}\n"


@dataclass
class Known:
    """A registry with one version."""

    found: Lineage | None = FOUND
    asked: list[str] = field(default_factory=list)

    def lineage(self, name: str) -> Lineage:
        self.asked.append(name)
        if self.found is None:
            raise OutsideProblem("the registry cannot be reached", "https://mlflow.example.org")
        return self.found

    def facts(self, step: Step) -> bytes | None:
        return None


class Files:
    """A repository without tags."""

    def file(self, path: str, ref: str) -> bytes | None:
        if path == "assay.yml":
            return POLICY if ref == "main" else b"version: 1\nmodel: {name: other, artifact: x}\n"
        return LOCK if ref in (HEAD, SOME.code_sha) else None

    def ref(self, name: str) -> str | None:
        return None


def asked(registry: Known, model: str, version: str) -> tuple[bool, Reason, str]:
    arguments = Arguments(Model(model, version))
    mine = replace(request(), registry=registry)
    found = reply(decide(mine, arguments, look(Files(), mine, arguments)))
    return found.done, found.result.reason, found.detail.source


def test_what_the_registry_says_comes_before_the_digests_of_the_lock() -> None:
    registry = Known()
    done, _, said = asked(registry, "delays", "production")
    assert done and registry.asked == ["delays@production"]
    assert said.index("`delays@3`") < said.index("```mermaid") < said.index("0 of 2 recorded digests differ")
    assert "| approvals | ada |" in said


def test_a_version_without_origin_says_what_is_missing() -> None:
    lost = Step(3, STEP.created, None, ("the tag `assay.code_sha` is missing",))
    done, _, said = asked(Known(Lineage("delays", lost, None, (lost,), ())), "delays", "v3")
    assert done and "| **missing** |" in said and "recorded digests" not in said


def test_only_the_model_of_the_bases_policy_is_asked_about() -> None:
    registry = Known()
    done, reason, said = asked(registry, "other", "v1")
    assert (done, reason, registry.asked) == (False, Reason.NO_SUCH_REFERENCE, [])
    assert "another model" in said


def test_a_registry_that_is_away_is_said_and_not_a_crash() -> None:
    done, reason, said = asked(Known(None), "delays", "v3")
    assert (done, reason) == (False, Reason.NO_SUCH_REFERENCE)
    assert "cannot be reached" in said and "mlflow.example.org" not in said
