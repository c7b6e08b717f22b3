"""The pulse reads well in an issue and as JSON: pictures first, hostile names harmless, and never too long."""

import json
import re
from dataclasses import replace

from policy import document
from policy.ledger import Decision
from policy.pulse.flow import Pulled
from policy.pulse.pulse import Pulse, Sources, compose
from policy.pulse.risks import Risk
from reports import pulse as drawn
from tests.policy.pulse.diary import Diary, at
from tests.policy.pulse.test_pulse import LEDGER, POLICY, TEXT, VERSIONS

HOSTILE = "@acme/all <!-- | `x` --> #1 ![a](http://x/y)\u202e"
LIMIT = 65_536


def pulse(policy: str = TEXT, **more: object) -> Pulse:
    return replace(compose(document.read(policy), Sources(LEDGER, VERSIONS), at(180)), **more)


def test_the_issue_shows_the_line_to_the_target_then_objectives_risks_and_flow() -> None:
    body = drawn.body(pulse()).source
    order = [
        body.index(each) for each in ("### Objectives", "xychart-beta", "| objective |", "### Risks", "### Flow to `production`")
    ]
    assert order == sorted(order)
    chart = re.search(r"```mermaid\n(.*?)```", body, re.DOTALL)
    assert chart and chart[1].count("    line [") == 2 and '"v1", "v2", "v3", "2026-12-31"' in chart[1]
    assert "the level line is the target, 0.8, the last point is expected" in chart[1]
    assert "| 🟢 | `better`: **on track** | `roc_auc` | 0.73 | ≥ 0.8 | 2026-12-31 |" in body
    assert "| ⚪ | lock, open | `production` | `mona` | 2026-04-12 | — | #12 |" in body
    assert "| promotions a week |" in body and "nothing to measure" in body


def test_too_little_history_is_said_and_no_forecast_is_drawn() -> None:
    body = drawn.body(compose(POLICY, Sources(LEDGER, VERSIONS[:2]), at(180))).source
    assert "too little history to tell" in body and "2 of the 3 versions that a forecast needs" in body
    assert "the last point is expected" not in body


def test_what_could_not_be_read_is_named_first_and_its_part_left_out() -> None:
    body = drawn.body(compose(POLICY, Sources("no branch", "no server", notes=("Look there",)), at(180))).source
    assert "- Objectives could not be read: no server." in body and "- Flow could not be read: no branch." in body
    assert "- Look there." in body and "###" not in body


def test_nothing_open_and_nothing_measured_are_said_and_are_no_noughts() -> None:
    body = drawn.body(compose(POLICY, Sources([], []), at(180))).source
    assert "Nothing is open." in body and body.count("nothing to measure") == 6
    assert "the ledger covers less than a week of it" in body


def test_names_that_others_chose_can_do_nothing_in_the_issue() -> None:
    text = json.dumps({
        "version": 1,
        "objectives": [
            {"name": HOSTILE, "metric": HOSTILE, "better": "higher", "target": 1, "by": "2026-12-31", "owner": "@acme/all",
             "where": {HOSTILE: HOSTILE}}
        ],
    })  # fmt: skip
    diary = Diary().add(Decision.WAIVED, 170, gate=HOSTILE, login=HOSTILE, inputs={"until": "2026-12-31"})
    body = drawn.body(compose(document.read(text), Sources(diary.kept, VERSIONS), at(180))).source
    assert "<!--" not in body and "-->" not in re.sub(r"y-axis .*", "", body) and "\u202e" not in body
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", body)
    assert "@acme" not in outside and "http" not in outside
    rows = [line for line in body.split("\n") if line.startswith("| ⚪")]
    assert [len(re.findall(r"(?<!\\)\|", each)) for each in rows] == [9, 8]


def test_ever_so_many_objectives_and_risks_fit_into_an_issue() -> None:
    found = pulse()
    assert found.standings and found.risks
    risk: Risk = replace(found.risks[0], about="|" * 400, owner="`" * 80)
    long = found.standings[0].objective.model_copy(update={"name": "`|" * 50, "metric": "`|" * 250})
    standing = replace(found.standings[0], objective=long)
    body = drawn.body(replace(found, standings=(standing,) * 20, risks=(risk,) * 1_000)).source
    assert "And 970 more" in body and len(body) < LIMIT - 20_000
    assert body.count("xychart-beta") == 6


def test_machines_read_numbers_and_null_for_what_is_not_known() -> None:
    told = json.loads(json.dumps(drawn.data(pulse()), allow_nan=False))
    (objective,) = told["objectives"]
    assert (objective["outlook"], objective["better"], objective["chance"]) == ("on track", "higher", 1.0)
    assert [each["version"] for each in objective["points"]] == ["v1", "v2", "v3"]
    assert told["risks"][0]["urgency"] == "open" and told["risks"][0]["until"] is None
    assert told["flow"]["now"]["promotions"] == 1 and told["flow"]["before"]["change_failure_rate"] is None
    nothing = drawn.data(compose(POLICY, Sources("no branch", "no server"), at(180)))
    assert nothing["objectives"] is nothing["risks"] is nothing["flow"] is None
    assert [each["part"] for each in nothing["unread"]] == ["objectives", "risks", "flow"]


def test_lead_times_from_pull_requests_stand_below_the_four_where_any_is_known() -> None:
    known = compose(POLICY, Sources(LEDGER, VERSIONS, pulls={7: Pulled(at(90), at(98))}), at(180))
    assert [name for name, *_ in drawn.flow_rows(known)[4:]] == [
        "from the pull request to promoted",
        "from the merge to promoted",
    ]
    assert "| from the merge to promoted | 2 d (nine of ten: 2 d; of 1) | nothing to measure |" in drawn.body(known).source
    assert len(drawn.flow_rows(pulse())) == 4
    now = drawn.data(known)["flow"]["now"]
    assert now["lead_time_from_pull_request"]["median"] == 10 * 86_400 and now["lead_time_from_merge"]["count"] == 1
