"""The text of a proposal names what was made, and holds whatever anybody wrote as text."""

from policy.facts.newest import NewestFacts
from policy.merging import LOUD
from policy.reasons import Reason
from policy.tuned import Tried
from policy.verdict import decide
from reports import proposal
from reports.proposal import Scene
from tests.bot import material
from tests.policy.test_newest import fact
from tests.reports.test_tuning import tuned

SCENE = Scene("retrain", "a" * 40, "main", "https://github.com/acme/flights/actions/runs/7", "", True, ("dvc.lock",))
FACTS = material.facts(accuracy=0.95)
VERDICT = decide(material.document.read(material.POLICY), FACTS)


def test_it_says_what_was_made_of_what_by_which_run() -> None:
    body = proposal.body(SCENE, FACTS, VERDICT)
    assert body.startswith(
        "<!-- assay:report proposal retrain aaaaaaaaaaaa -->\n\nThe model was trained anew on `aaaaaaaaaaaa` by [`run 7`]("
    )
    assert "It changes `dvc.lock`." in body and "0.95" in body
    assert "closes this pull request and opens it again" in body


def test_how_both_do_in_production_stands_in_it_where_somebody_asked() -> None:
    newest = NewestFacts(rows=480, metrics=[fact(0.70, 0.75)])
    body = proposal.body(SCENE, FACTS.model_copy(update={"newest": newest}), VERDICT)
    assert "**On production's newest labelled rows" in body and "+0.050 (+0.030 … +0.070) | **better** |" in body


def test_words_of_others_are_text_and_lists_end() -> None:
    hostile = "@acme/all closes #1 <img src=x> " + "x" * 2_000
    files = tuple(f"plots/{index}/{'y' * 200}.json" for index in range(200))
    body = proposal.body(Scene("tune", "a" * 40, "main", SCENE.page, hostile, False, files), FACTS, VERDICT)
    assert "`@acme/all" in body and "<img" not in body.replace("`", "<").split("<!--")[0]
    assert "190 more files" in body and "GitHub starts no workflow" not in body
    assert len(body) < 65_536


def test_a_search_is_told_above_the_evidence() -> None:
    body = proposal.body(
        Scene("tune", "a" * 40, "main", SCENE.page, "", False, ("dvc.lock", "params.yaml")), FACTS, VERDICT, tuned()
    )
    assert body.startswith("<!-- assay:report proposal tune aaaaaaaaaaaa -->\n\nBetter parameters were searched for on")
    assert body.index("### ✅ `roc_auc` goes from 0.7 to 0.75") < body.index("<details>") < body.index("Ready to merge")


def test_all_of_it_together_is_what_github_takes() -> None:
    names = [f"train.{'ä' * 70}{number}" for number in range(50)]
    point = Tried(number=1, values=dict.fromkeys(names, "ö" * 200), scores=[0.7])
    long = tuned(space=dict.fromkeys(names[:20], "ü" * 200), present=point, winner=point)
    (data,) = FACTS.data
    many = [data.model_copy(update={"path": f"data/{'ß' * 200}{number}.csv"}) for number in range(400)]
    facts = FACTS.model_copy(update={"data": many})
    policy = "version: 1\ndata:\n" + "".join(f"  - path: {each.path}\n" for each in many)
    files = tuple(f"plots/{index}/{'ö' * 200}.json" for index in range(200))
    scene = Scene("tune", "a" * 40, "main", SCENE.page, "ä@" * 2_000, True, files)
    body = proposal.body(scene, facts, decide(material.document.read(policy), facts), long)
    assert 35_000 < len(body.encode()) < 65_536


def test_a_title_is_one_line() -> None:
    assert proposal.title("refresh", "flight\n-delay", "b" * 40) == f"Refresh the data of flight?-delay on {'b' * 12}"
    assert proposal.title("tune", "", "b" * 40) == f"Tune the model on {'b' * 12}"
    assert len(proposal.title("retrain", "m" * 500, "b" * 40)) < 130


def test_it_says_why_it_is_merged_or_not_and_words_of_others_are_code() -> None:
    values = {"sha": "a" * 12, "branch": "main", "state": "blocked", "said": "@acme/all <img>"}
    assert proposal.merging(Reason.MERGE_GOES, values).source.startswith("Assay merges this: the verdict passed")
    for why in sorted(LOUD - {Reason.MERGE_GOES}):
        said = proposal.merging(why, values).source
        assert said.startswith("Not merged by itself: ") and "Next: " in said and "{" not in said
    assert "`@acme/all <img>`" in proposal.merging(Reason.MERGE_REFUSED, values).source


def test_the_end_says_why() -> None:
    assert proposal.superseded(9).source.startswith("#9 is newer")
    for why in (Reason.PROPOSAL_RED, Reason.PROPOSAL_NO_BETTER):
        said = proposal.unhelpful(why).source
        assert why.sentence in said and why.advice in said
