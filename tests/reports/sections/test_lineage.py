"""Where a verdict comes from."""

from reports.section import Section
from reports.story import tell
from tests.reports.examples import full_facts, full_verdict, revision


def section(key: str, **facts: object) -> Section:
    found = tell(full_facts(**facts), full_verdict()).section(key)
    assert found is not None
    return found


def test_lineage_names_code_policy_and_data() -> None:
    found = section("lineage", revision=revision(merge_base="e" * 40, dirty=True, shallow=True))
    code, policy, tools, matched = map(str, found.paragraphs)
    assert code == (
        "Code `9ab41d0` on `main` at `4f2c9e1`, compared with their merge base `eeeeeee`, with changes that are not committed, "
        "from a shallow clone, 2 files changed."
    )
    assert policy == "Policy `assay.yml` from the base, digest `c01dc01dc01d`; this change does not alter it."
    assert tools.startswith("Computed with assay `0.1.0`, Python `3.11.9`")
    assert matched == "Predictions matched by key: all 60,000; seed of the resampling: 0."
    assert found.rows[0].line == "| `data/flights.parquet` | `b4e817feb4e8` | `418cbd87418c` | 17.5 MiB |"
