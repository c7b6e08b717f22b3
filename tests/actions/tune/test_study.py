"""Studies: carried on for the same commit, handed on to the next, and what becomes of trials whose job was killed."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from actions.tune import study as studies
from actions.tune.storage import open_storage
from actions.tune.strategies import distributions
from policy.tuning import Tune

ROOT = Path(__file__).parents[3]
KILLED = """
import os, signal, sys
from pathlib import Path
from actions.tune import study as studies
from actions.tune.storage import open_storage
from actions.tune.strategies import distributions
from policy.tuning import Tune
tune = Tune.model_validate({"space": {"a": {"from": 0.0, "to": 1.0}}, "objectives": [{"metric": "accuracy"}]})
study, _ = studies.open_study(open_storage(sys.argv[1], Path()), tune, "flights", "tree-1")
studies.begin(study.ask(distributions(tune)), "tpe")
os.kill(os.getpid(), signal.SIGKILL)
"""


def section(low: float = 0.0, high: float = 1.0, metric: str = "accuracy") -> Tune:
    return Tune.model_validate({"space": {"a": {"from": low, "to": high}}, "objectives": [{"metric": metric}]})


@pytest.fixture
def storage(tmp_path: Path) -> optuna.storages.BaseStorage:
    return open_storage(None, tmp_path)


def tried(study: optuna.Study, tune: Tune, *values: float) -> None:
    for value in values:
        study.enqueue_trial({"a": value})
        trial = study.ask(distributions(tune))
        studies.begin(trial, "random")
        studies.end(study, trial, (value,), 2.0)


def waiting(study: optuna.Study) -> list[float]:
    return [trial.system_attrs["fixed_params"]["a"] for trial in study.trials if trial.state is TrialState.WAITING]


def test_the_same_commit_and_space_are_carried_on(storage: optuna.storages.BaseStorage) -> None:
    study, seeded = studies.open_study(storage, section(), "flights", "tree-1")
    tried(study, section(), 0.2, 0.4)
    again, seeded_again = studies.open_study(storage, section(), "flights", "tree-1")
    assert (seeded, seeded_again) == (0, 0)
    assert [trial.values for trial in studies.complete(again)] == [[0.2], [0.4]]
    assert [(each.strategy, each.seconds) for each in studies.ended(again)] == [("random", 2.0)] * 2


def test_a_new_commit_begins_with_the_best_of_earlier_ones_as_far_as_they_fit(storage: optuna.storages.BaseStorage) -> None:
    study, _ = studies.open_study(storage, section(), "flights", "tree-1")
    tried(study, section(), *(each / 20 for each in range(20)))
    narrow = section(0.0, 0.8)
    later, seeded = studies.open_study(storage, narrow, "flights", "tree-2")
    assert waiting(later) == [0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5]
    assert seeded == 7
    assert studies.open_study(storage, narrow, "flights", "tree-2")[1] == 7
    trial = later.ask(distributions(narrow))
    studies.begin(trial, "tpe")
    assert (trial.params["a"], trial.user_attrs["strategy"]) == (0.8, "earlier")


@pytest.mark.parametrize(("project", "tune"), [("other", section()), ("flights", section(metric="f1"))])
def test_other_projects_and_objectives_hand_nothing_on(storage: optuna.storages.BaseStorage, project: str, tune: Tune) -> None:
    study, _ = studies.open_study(storage, section(), "flights", "tree-1")
    tried(study, section(), 0.2)
    assert studies.open_study(storage, tune, project, "tree-2")[1] == 0


def test_the_present_parameters_are_a_trial_once_and_only_inside_the_space(storage: optuna.storages.BaseStorage) -> None:
    study, _ = studies.open_study(storage, section(), "flights", "tree-1")
    for value in (0.3, 0.3, 7.0):
        studies.note(study, section(), {"a": value}, (0.5,))
    assert [(trial.params, studies.strategy(trial)) for trial in studies.complete(study)] == [({"a": 0.3}, "present")]


def test_a_killed_job_loses_only_its_trial(tmp_path: Path) -> None:
    journal = str(tmp_path / "journal.log")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", KILLED, journal], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    study, _ = studies.open_study(open_storage(journal, tmp_path), section(), "flights", "tree-1")
    mine = study.ask(distributions(section()))
    studies.begin(mine, "tpe")
    assert studies.bury(study, time.time()) == 1
    assert [trial.state for trial in study.trials] == [TrialState.FAIL, TrialState.RUNNING]
    studies.end(study, mine, (0.5,), 1.0)
    assert studies.failures(study) == ([], 1)
    assert studies.bury(study, time.time()) == 0


def test_a_trial_on_another_machine_is_lost_when_it_gives_no_sign(storage: optuna.storages.BaseStorage) -> None:
    study, _ = studies.open_study(storage, section(), "flights", "tree-1")
    trial = study.ask(distributions(section()))
    studies.begin(trial, "tpe")
    trial.set_user_attr("runner", {"host": "elsewhere", "process": 1, "born": 0.0})
    assert studies.bury(study, time.time() + studies.LOST_SECONDS - 5) == 0
    assert studies.bury(study, time.time() + studies.LOST_SECONDS + 5) == 1


def test_a_trial_that_others_gave_up_while_we_slept_stays_lost_and_the_search_goes_on(
    storage: optuna.storages.BaseStorage,
) -> None:
    study, _ = studies.open_study(storage, section(), "flights", "tree-1")
    trial = study.ask(distributions(section()))
    studies.begin(trial, "tpe")
    study.tell(trial.number, state=TrialState.FAIL)
    studies.end(study, trial, (0.5,), 1.0)
    assert studies.complete(study) == [] and studies.failures(study) == ([], 1)


def test_of_several_workers_one_hands_on_what_earlier_studies_found(storage: optuna.storages.BaseStorage) -> None:
    tried(studies.open_study(storage, section(), "flights", "tree-1")[0], section(), 0.2, 0.4)
    second, seeded = studies.open_study(storage, section(), "flights", "tree-2", first=False)
    tried(second, section(), 0.3)
    assert seeded == 0
    assert studies.open_study(storage, section(), "flights", "tree-2")[1] == 2
    assert studies.open_study(storage, section(), "flights", "tree-2", first=False)[1] == 2
    assert sorted(waiting(second)) == [0.2, 0.4]


def test_machines_of_one_name_are_told_apart_by_their_boot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {studies.machine()}
    for boot in ("one", "two"):
        (tmp_path / boot).write_text(f"{boot}\n")
        monkeypatch.setattr(studies, "_BOOT", tmp_path / boot)
        names.add(studies.machine())
    monkeypatch.setattr(studies, "_BOOT", tmp_path / "none")
    names.add(studies.machine())
    assert len(names) == 4 and studies.machine() == studies.machine()


def test_signs_are_given_while_a_trial_runs(storage: optuna.storages.BaseStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "BEAT_SECONDS", 0.02)
    study, _ = studies.open_study(storage, section(), "flights", "tree-1")
    trial = study.ask(distributions(section()))
    studies.begin(trial, "tpe")
    first = study.trials[0].user_attrs["beat"]
    with studies.beating(trial):
        deadline = time.monotonic() + 10
        while study.trials[0].user_attrs["beat"] == first and time.monotonic() < deadline:
            time.sleep(0.02)
    assert study.trials[0].user_attrs["beat"] > first
