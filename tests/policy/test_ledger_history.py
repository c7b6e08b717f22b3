"""The history of the branch adds entries, or takes names out of them; anything else is named."""

import pytest

from policy import ledger
from policy.ledger import Anchor, Kept
from policy.ledger_history import Change, Step, anchored, walk
from tests.policy.test_ledger import chain

SHAS = [f"{each:040x}" for each in range(1, 9)]
CHAIN = chain(3)
CONTENTS = {f"b{index}": ledger.write(each) for index, each in enumerate(CHAIN, 1)}
CONTENTS["gone"] = ledger.write(Kept(CHAIN[0].entry, None))
CONTENTS["other"] = ledger.write(Kept(CHAIN[1].entry, None))


def added(number: int, blob: str = "", mode: str = "100644") -> Change:
    return Change("A", mode, ledger.path(number), "0" * 40, blob or f"b{number}")


def steps(*changes: tuple[Change, ...]) -> list[Step]:
    return [Step(SHAS[at], (SHAS[at - 1],) if at else (), "a@x", each) for at, each in enumerate(changes)]


SOUND = steps((Change("A", "100644", "README.md", "0", "r"),), (added(1),), (added(2),), (added(3),))


def test_a_sound_history_gives_the_files_in_their_order() -> None:
    walked = walk(SOUND, CONTENTS)
    assert (walked.blobs, walked.fault) == (("b1", "b2", "b3"), None)
    assert anchored(walked, Anchor(SHAS[2], 2)) is None and anchored(walked, Anchor(SHAS[2])) is None
    assert walk(SOUND[:0], CONTENTS).fault is None
    assert walk(steps((added(1),)), CONTENTS).fault is None


def test_a_commit_that_was_kept_elsewhere_is_looked_for() -> None:
    walked = walk(SOUND, CONTENTS)
    assert "rewritten" in str(anchored(walked, Anchor("f" * 40, 2)))
    assert "there were 1 entries" in str(anchored(walked, Anchor(SHAS[2], 1)))
    assert anchored(walked, Anchor("f" * 64, 2)) is None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ((added(5),), 4),
        ((added(4, mode="120000"),), 4),
        ((added(4), added(5)), 4),
        ((), 4),
        ((Change("D", "000000", ledger.path(2), "b2", "0"),), 2),
        ((Change("M", "100644", ledger.path(1), "b1", "other"),), 1),
        ((Change("M", "100644", ledger.path(1), "b1", "missing"),), 1),
        ((Change("M", "100644", ledger.path(1), "gone", "b1"),), 1),
        ((Change("M", "100755", ledger.path(1), "b1", "gone"),), 1),
        ((Change("M", "100644", ledger.path(1), "b1", "gone"), added(4)), 1),
        ((Change("M", "100644", "README.md", "r", "s"),), 4),
    ],
)
def test_any_other_commit_is_named_with_the_first_entry_that_it_touches(change: tuple[Change, ...], place: int) -> None:
    last = Step(SHAS[4], (SHAS[3],), "a@x", change)
    fault = walk([*SOUND, last], CONTENTS).fault
    assert fault is not None and fault.sequence == place and SHAS[4][:12] in fault.what


def test_a_name_is_taken_out_and_the_next_entry_follows() -> None:
    removed = Step(SHAS[3], (SHAS[2],), "a@x", (Change("M", "100644", ledger.path(1), "b1", "gone"),))
    later = Step(SHAS[4], (SHAS[3],), "a@x", (added(3),))
    walked = walk([*SOUND[:3], removed, later], CONTENTS)
    assert (walked.blobs, walked.fault) == (("gone", "b2", "b3"), None)


def test_a_merge_a_second_root_and_a_stranger_are_named() -> None:
    for parents in ((), (SHAS[3], SHAS[0]), (SHAS[1],)):
        fault = walk([*SOUND, Step(SHAS[4], parents, "a@x", (added(4),))], CONTENTS).fault
        assert fault is not None and "does not stand on" in fault.what
    assert "is by 'a@x'" in str(walk(SOUND, CONTENTS, ["bot@x"]).fault)
    assert walk(SOUND, CONTENTS, ["a@x"]).fault is None
