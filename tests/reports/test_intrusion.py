"""What issues about the registry say."""

from datetime import UTC, datetime

from policy.intrusion import Move
from policy.lineage import Step
from reports import intrusion

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTILE = "x` | <!-- @acme/team\r\n\u202e"
STEP = Step(3, NOW, None, ("the tag `assay.schema` is missing",), ("production",), "run-1", "s3://bucket/model", "eve")


def incident(version: int | None, promoted: int | None, act: str = "report", step: Step | None = STEP) -> str:
    return intrusion.incident("delays", Move("production", version, promoted, act), step, NOW).source  # type: ignore[arg-type]


def test_an_incident_says_who_what_and_when_as_far_as_the_registry_does() -> None:
    said = incident(3, 2)
    assert "The alias `production` of `delays` points to version 3, and no promotion put it there" in said
    assert "| who moved it, and when | the registry does not tell |" in said
    assert "| by | `eve` |" in said and "| from | `s3://bucket/model` |" in said and "| run | `run-1` |" in said
    assert "`/promote delays@3 to production`" in said and "set the alias back to version 2" in said


def test_what_is_to_be_done_is_what_can_be_done() -> None:
    assert "is set back to version 2 by itself" in incident(3, 2, "revert")
    assert "delete the alias" in incident(3, None, "revert")
    gone = incident(None, 2, step=None)
    assert "points to nothing" in gone and "/promote" not in gone


def test_a_candidate_says_what_is_missing() -> None:
    said = intrusion.candidate("delays", STEP).source
    assert "Version 3 of `delays` was made around" in said and "assay.schema" in said
    assert "`assay register`" in said


def test_of_many_faults_some_are_listed() -> None:
    many = Step(3, NOW, None, tuple(f"the tag {number} is missing" for number in range(30)))
    assert "and 20 more" in intrusion.candidate("delays", many).source


def test_what_others_wrote_begins_no_row_no_mention_and_no_comment() -> None:
    step = Step(3, NOW, None, (HOSTILE,), (HOSTILE,), HOSTILE, HOSTILE, HOSTILE)
    for said in (
        intrusion.candidate(HOSTILE, step).source,
        intrusion.incident(HOSTILE, Move("production", 3, 2, "report"), step, NOW).source,
        intrusion.held(HOSTILE).source,
    ):
        assert "<!--" not in said and "\u202e" not in said and "\r" not in said
        rows = [line for line in said.split("\n") if line.startswith("|")]
        assert all(line.replace("\\|", "").count("|") == 3 for line in rows)


def test_the_end_says_how_it_came_to_it() -> None:
    assert "points to what was promoted last" in intrusion.right(None, NOW).source
    assert "Set back to version 2" in intrusion.right(Move("production", 3, 2, "revert"), NOW).source
    assert "gone" in intrusion.settled(None).source and "origin" in intrusion.settled(STEP).source
    assert "2026-05-01 12:00 UTC" in intrusion.again(NOW).source
