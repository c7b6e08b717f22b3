"""The report of a search: parameters, intervals, weights, compromises; nothing in it is anybody else's Markdown."""

from policy.reasons import Reason
from policy.result import Result, Status
from policy.tuned import Aim, Arm, Repeated, Tried, Tuned, Weight
from reports.folding import size
from reports.tuning import LIMIT, report, section

HOSTILE = "x` | <!-- @evil/team\n# [a](javascript:b)"


def tuned(**more: object) -> Tuned:
    values = {
        "metric": "roc_auc",
        "before": "0.7",
        "after": "0.75",
        "seeds": 5,
        "change": "+0.04",
        "low": "+0.02",
        "high": "+0.06",
    }
    plain = {
        "commit": "c0ffee" * 6,
        "study": "flights:1234",
        "space": {"train.lr": "0.001 to 0.1 (log)", "train.kind": "flat, deep"},
        "objectives": [Aim(metric="roc_auc", better="higher")],
        "present": Tried(values={"train.lr": 0.1, "train.kind": "flat"}, scores=[0.7]),
        "winner": Tried(number=7, values={"train.lr": 0.05, "train.kind": "flat"}, scores=[0.75]),
        "trials": 1_200,
        "here": 30,
        "seconds": 90.0,
        "restored": 4,
        "arms": [Arm(strategy="tpe", trials=20, failed=1, good=6, seconds=80.0)],
        "result": Result(name="tuning", status=Status.PASSED, reason=Reason.TUNE_BETTER, values=values),
    }
    return Tuned.model_validate(plain | more)


def test_it_shows_the_difference_of_the_parameters_and_how_much_was_done() -> None:
    said = report(tuned()).source
    assert said.startswith("### ✅ `roc_auc` goes from 0.7 to 0.75, and would again: +0.04 over 5 seeds (+0.02 to +0.06)\n")
    assert "| `train.lr` | `0.1` | **`0.05`** | `0.001 to 0.1 (log)` |" in said
    assert "| `train.kind` | `flat` | `flat` | `flat, deep` |" in said
    assert "| `roc_auc` ↑ | 0.7 | 0.75 |" in said
    assert "| `tpe` | 20 | 1 | 6 | 1 min 20 s |" in said
    assert "1,200 trials in all · 30 of them now, in 1 min 30 s · 4 answered by what ran before" in said
    assert "lost" not in said


def test_repeats_have_an_interval_and_weights_have_bars() -> None:
    repeated = [Repeated(metric="roc_auc", present=[0.7], winner=[0.74], change=0.04, low=-0.02, high=0.1)]
    weights = [Weight(key="train.lr", share=0.8), Weight(key="train.kind", share=0.2)]
    said = report(tuned(repeated=repeated, seeds=5, weights=weights)).source
    assert "| difference over 5 seeds |" in said and "+0.04 (−0.02 … +0.1)" in said
    assert "Student's for paired runs, at 95 %" in said
    assert f"| `train.lr` | {'█' * 20} | 80 % |" in said and f"| `train.kind` | {'█' * 5} | 20 % |" in said


def test_a_winner_that_is_worse_in_something_is_called_a_compromise() -> None:
    values = {"metric": "trees", "before": "60", "after": "124"}
    pays = Result(name="trees", status=Status.WARNED, reason=Reason.TUNE_PAYS, values=values)
    result = tuned().result.model_copy(update={"children": [pays]})
    said = report(tuned(result=result)).source
    assert said.startswith("### ⚖️ A compromise: `roc_auc` goes from 0.7 to 0.75, and would again")
    assert "\n\n⚠️ `trees` pays for it and goes from 60 to 124.\n" in said


def test_compromises_are_listed_up_to_twenty() -> None:
    front = [
        Tried(number=each, values={"train.lr": 0.1, "train.kind": "flat"}, scores=[0.7 + each / 100, each]) for each in range(23)
    ]
    aims = [Aim(metric="roc_auc", better="higher"), Aim(metric="seconds", better="lower")]
    present = Tried(values={"train.lr": 0.1, "train.kind": "flat"}, scores=[0.7, 3])
    said = report(tuned(objectives=aims, front=front, present=present, winner=front[0])).source
    assert "| trial | `roc_auc` | `seconds` | `train.lr` | `train.kind` |" in said
    assert "| 3 | 0.73 | 3 | `0.1` | `flat` |" in said
    assert said.count("| `0.1` | `flat` |") >= 20 and "And 3 more." in said
    assert "quadrantChart" in said and '    "now": [0.774, 0.100]' in said and '    "0, the winner": [0.900, 0.100]' in said


def test_without_a_winner_there_are_dashes() -> None:
    result = Result(name="tuning", status=Status.FAILED, reason=Reason.TUNE_NO_TRIAL)
    said = report(tuned(winner=None, result=result, failed=2, lost=1, pruned=4, seeded=3)).source
    assert said.startswith("### ❌ No trial ended")
    assert "| `train.lr` | `0.1` | — |" in said and "| `roc_auc` ↑ | 0.7 | — |" in said
    assert (
        "2 failed · 4 pruned, as worse than half of those before · 1 lost with their job · 3 begun from earlier studies" in said
    )


def test_names_and_values_that_look_like_markup_stay_code() -> None:
    hostile = Tried(number=1, values={HOSTILE: HOSTILE}, scores=[1.0, 2.0])
    aims = [Aim(metric=HOSTILE, better="higher"), Aim(metric="seconds", better="lower")]
    weights = [Weight(key=HOSTILE, share=1.0)]
    said = report(
        tuned(
            space={HOSTILE: HOSTILE},
            objectives=aims,
            present=hostile,
            winner=hostile,
            front=[hostile],
            weights=weights,
            study=HOSTILE,
        )
    ).source
    assert "<!--" not in said
    assert not any(line.startswith("# [a]") for line in said.splitlines())
    assert all(line.count("`") >= 2 for line in said.splitlines() if "@evil" in line)


def test_in_a_pull_request_the_difference_stands_above_a_fold_with_the_rest() -> None:
    weights = [Weight(key="train.lr", share=0.8), Weight(key="train.kind", share=0.2)]
    above, _, rest = section(tuned(weights=weights)).source.partition("<details>")
    assert above.startswith("### ✅ `roc_auc` goes from 0.7 to 0.75") and "Next:" not in above
    assert "**`0.05`**" in above and "| `roc_auc` ↑ |" in above
    assert "| `train.lr` | ████" in rest and "1,200 trials in all" in rest and rest.endswith("</details>")


def test_a_long_one_is_cut_between_its_parts_and_says_so() -> None:
    names = [f"train.{'ä' * 70}{number}" for number in range(50)]
    point = Tried(number=1, values=dict.fromkeys(names, "ö" * 200), scores=[0.7, 1.0])
    aims = [Aim(metric="roc_auc", better="higher"), Aim(metric="seconds", better="lower")]
    many = tuned(space=dict.fromkeys(names, "1 to 2"), objectives=aims, present=point, winner=point, front=[point] * 20)
    said = section(many).source
    assert size(said) <= LIMIT and "stands in `tuning.json` of the run" in said
    assert (
        said.startswith("### ✅") and "| `roc_auc` ↑ |" in said and "| parameter |" not in said and "1,200 trials in all" in said
    )
    assert "stands in `tuning.json`" not in section(tuned()).source
