"""Parts are taken only where their digests are those of the version. The whole of it is in tests/assay/verbs/test_pack.py."""

from datetime import UTC, datetime

from actions.evidence.gather import Sources, gather
from policy.evidence import Part
from policy.ledger import Checked
from policy.lineage import Lineage, Step
from policy.pack import About
from tests.policy.test_origin import SOME

ABOUT = About("delays", 3)


def lineage(origin: bool = True) -> Lineage:
    step = Step(3, datetime(2026, 1, 1, tzinfo=UTC), SOME if origin else None, () if origin else ("the tag `x` is missing",))
    return Lineage("delays", step, None, (step,), ())


def test_without_any_source_every_part_says_why_it_is_missing() -> None:
    found = gather(ABOUT, Sources(None, "no ledger", None, None, "no registry", None))
    assert [each.part for each in found.pieces] == list(Part) and not any(each.there for each in found.pieces)
    assert all(each.missing for each in found.pieces)
    assert (found.dvc, found.sha256) == ("", "")


def test_a_version_of_unknown_origin_has_its_lineage_and_says_what_is_wrong_with_it() -> None:
    found = {each.part: each for each in gather(ABOUT, Sources(Checked(()), "", lineage(False), None, "", None)).pieces}
    assert found[Part.LINEAGE].there and "the tag `x` is missing" in found[Part.LINEAGE].note
    assert "the tag `x` is missing" in found[Part.FACTS].missing
    assert found[Part.APPROVALS].missing == "the ledger has no entry about delays@3"


def test_an_origin_alone_gives_the_digest_of_the_model() -> None:
    found = gather(ABOUT, Sources(None, "no ledger", lineage(), None, "", None))
    assert found.dvc == SOME.model_digest
    assert "derived again without facts and policy" in found.pieces[1].missing
