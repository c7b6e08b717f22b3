"""Training runs with a real dvc, real stages and real signals."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from actions.data.state import inspect
from actions.repository import Repository
from actions.train.run import run
from policy.facts.training import TrainingFacts
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.training import Train
from tests.repositories import PARAMS, PIPELINE, Repo, environment


class Heard:
    """Remembers what was reported."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.lines: list[str] = []

    def step(self, text: str) -> None:
        self.steps.append(text)

    def line(self, text: str) -> None:
        self.lines.append(text)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A pipeline that was run and pushed. Tests clone it and leave it alone."""
    return Repo(tmp_path_factory.mktemp("made")).with_pipeline().push_data()


@pytest.fixture
def clone(made: Repo, tmp_path: Path) -> Repo:
    return made.clone(tmp_path)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def train(
    repo: Repo, heard: Heard, section: Train | None = None, extra: dict[str, str] | None = None, **how: bool
) -> TrainingFacts:
    with Repository.open(repo.dvc_root) as opened:
        return run(opened, section or Train(), inspect(opened), heard, environment(extra), **how)


def outcomes(facts: TrainingFacts) -> dict[str, str]:
    return {stage.name: stage.outcome for stage in facts.stages}


def test_where_nothing_is_stale_nothing_is_started_or_pulled(clone: Repo, heard: Heard) -> None:
    facts = train(clone.write("README.md", "x"), heard, extra={"PATH": ""})
    assert set(outcomes(facts).values()) == {"unchanged"}
    assert heard.lines == heard.steps == []
    assert not list((clone.root / ".dvc").glob("cache/**/*"))


def test_only_what_changed_runs_and_only_what_it_needs_is_pulled(clone: Repo, heard: Heard) -> None:
    facts = train(clone.write("params.yaml", PARAMS.replace("1.5", "2.5")), heard)
    assert facts.problem is None
    assert outcomes(facts) == {"prepare": "unchanged", "train": "executed", "evaluate": "executed"}
    assert not (clone.root / "data/raw.csv").exists() and (clone.root / "data/prepared.csv").exists()
    assert json.loads((clone.root / "metrics.json").read_text())["accuracy"] > 0.9
    stage = facts.stages[1]
    assert stage.wall_seconds and stage.cpu_seconds is not None and stage.command == "python train.py"
    assert "trained with slope 2.5" in heard.lines
    assert heard.steps == ["2 of 3 stages to run: train, evaluate"]


def test_the_state_is_current_after_a_run_in_the_same_process(clone: Repo, heard: Heard) -> None:
    clone.write("params.yaml", PARAMS.replace("1.5", "3"))
    with Repository.open(clone.root) as opened:
        run(opened, Train(), None, heard, environment())
        assert {stage.state for stage in inspect(opened).stages} == {"current"}
        model = opened.tracked("model.txt")
        assert model is not None and opened.files(model)[0].path.read_text().startswith("3 ")


def test_what_someone_ran_before_is_restored_from_the_pulled_run_cache(made: Repo, tmp_path: Path, heard: Heard) -> None:
    changed = PARAMS.replace("1.5", "9.5")
    other = made.clone(tmp_path / "other")
    other.dvc("pull", "--quiet")
    other.write("params.yaml", changed).repro().push_data()
    facts = train(made.clone(tmp_path / "runner").write("params.yaml", changed), heard)
    assert outcomes(facts)["train"] == "restored"


def test_targets_limit_what_runs(clone: Repo, heard: Heard) -> None:
    facts = train(clone.write("params.yaml", PARAMS.replace("1.5", "4")), heard, Train(targets=["train"]))
    assert outcomes(facts) == {"prepare": "unchanged", "train": "executed"}


def test_one_stage_alone_runs_on_what_is_there(clone: Repo, heard: Heard) -> None:
    clone.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 4}\n")
    facts = train(clone, heard, Train(targets=["train"]), single=True)
    assert outcomes(facts) == {"train": "executed"}
    assert (clone.root / "model.txt").read_text() == "4 12\n", "data of a stale stage is taken as the lock has it"


def test_everything_runs_anew_in_a_clean_clone_where_it_is_asked_for(clone: Repo, heard: Heard) -> None:
    facts = train(clone, heard, full=True)
    assert set(outcomes(facts).values()) == {"executed"}
    assert facts.problem is None
    assert clone.git("status", "--short") == ""


def test_one_stage_anew_leaves_the_others_alone(clone: Repo, heard: Heard) -> None:
    facts = train(clone, heard, Train(targets=["train"]), single=True, full=True)
    assert outcomes(facts) == {"train": "executed"}
    assert not (clone.root / "data/raw.csv").exists()


def test_each_stage_that_ends_is_told_in_a_line(clone: Repo, heard: Heard) -> None:
    train(clone.write("params.yaml", PARAMS.replace("1.5", "7")), heard)
    told = [line for line in heard.lines if line.startswith("stage ")]
    assert [line.rpartition(" after ")[0] for line in told] == ["stage train ended", "stage evaluate ended"]


def test_an_unknown_target_names_the_stages_there_are(clone: Repo, heard: Heard) -> None:
    with pytest.raises(UserProblem, match="Stages: prepare, train, evaluate"):
        train(clone, heard, Train(targets=["deploy"]))


def test_no_dvc_on_the_path_says_how_to_get_it(clone: Repo, heard: Heard, tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match="dvc is not on PATH"):
        train(clone.write("train.py", "pass"), heard, extra={"PATH": str(tmp_path)})


def test_a_failing_stage_shows_its_last_lines_command_and_exit_code(clone: Repo, heard: Heard) -> None:
    code = "import sys\nfor n in range(50): print('line', n)\nprint('::error::boom', file=sys.stderr)\nsys.exit(7)\n"
    facts = train(clone.write("train.py", code), heard)
    assert facts.problem is Reason.TRAINING_FAILED
    assert outcomes(facts) == {"prepare": "unchanged", "train": "failed", "evaluate": "not_reached"}
    stage = facts.stages[1]
    assert (stage.exit_code, stage.command, len(stage.tail)) == (7, "python train.py", 30)
    assert stage.tail[-1] == ": :error::boom" and stage.tail[-2] == "line 49"


def test_a_dependency_that_nobody_has_is_told(clone: Repo, heard: Heard) -> None:
    clone.write("dvc.yaml", PIPELINE.replace("deps: [train.py,", "deps: [train.py, lost.csv,"))
    facts = train(clone, heard)
    assert facts.problem is Reason.TRAINING_FAILED
    assert facts.problem_detail == (
        "stage train is still out of date: lost.csv is a new dependency; stage evaluate is still out of date: it waits for train"
    )
    assert outcomes(facts)["train"] == "not_reached"


def test_stages_do_not_see_tokens_and_their_output_hides_secrets(clone: Repo, heard: Heard) -> None:
    spy = "import os\nprint(sorted(os.environ), 'pw:' + os.environ['DB_PASSWORD'])\n"
    extra = {
        "GITHUB_TOKEN": "ghs_abcdefgh",
        "ACTIONS_RUNTIME_TOKEN": "t",
        "INPUT_X": "y",
        "DB_PASSWORD": "hunter22",
        "PYTHONHOME": "",
    }
    train(clone.write("train.py", spy + (clone.root / "train.py").read_text()), heard, extra=extra)
    shown = next(line for line in heard.lines if "DB_PASSWORD" in line)
    assert "GITHUB_TOKEN" not in shown and "ACTIONS_" not in shown and "INPUT_" not in shown and "PYTHONHOME" not in shown
    assert "pw:***" in shown


UNUSUAL = """\
stages:
  'mäß ig':
    cmd: cat 'größe x.txt' > 'aus gabe.txt'
    deps: ['größe x.txt']
    outs: ['aus gabe.txt']
"""


def test_paths_with_spaces_and_letters_from_elsewhere(tmp_path: Path, heard: Heard) -> None:
    repo = (
        Repo(tmp_path / "ein Ordner äö")
        .write("größe x.txt", "1")
        .write(
            "dvc.yaml",
            UNUSUAL,
        )
    )
    facts = train(repo.commit(), heard)
    assert outcomes(facts) == {"mäß ig": "executed"}
    assert (repo.root / "aus gabe.txt").read_text() == "1"


SLOW = "import time\nopen('model.txt', 'w').write('half')\nprint('half way', flush=True)\ntime.sleep(120)\n"


def assert_dvc_is_usable(repo: Repo) -> None:
    assert "train" in repo.dvc("status"), "the lock was released"


class Clock:
    """The real clock, until a line is heard: then it is hours later. So a budget ends in the middle of a stage, however slow
    the machine is."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    def monotonic(self) -> float:
        return time.monotonic() + (10_000 if "half way" in self._heard.lines else 0)


HOUR = Train.model_validate({"budget": "1 h"})


@pytest.fixture
def hours_pass(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.train.run.time", Clock(heard))


@pytest.mark.usefixtures("hours_pass")
def test_a_budget_stops_the_run_cleanly(clone: Repo, heard: Heard) -> None:
    facts = train(clone.write("train.py", SLOW), heard, HOUR)
    assert (facts.problem, facts.budget_seconds) == (Reason.BUDGET_EXCEEDED, 3_600)
    assert outcomes(facts) == {"prepare": "unchanged", "train": "stopped", "evaluate": "not_reached"}
    assert not (clone.root / "model.txt").exists(), "nothing half-written stays"
    assert_dvc_is_usable(clone)


def test_who_watches_a_run_may_end_it_as_cleanly(clone: Repo, heard: Heard) -> None:
    clone.write("train.py", SLOW)
    with Repository.open(clone.root) as repository:
        facts = run(repository, Train(), None, heard, environment(), enough=lambda: "half way" in heard.lines)
    assert facts.problem is Reason.TRIAL_PRUNED
    assert outcomes(facts) == {"prepare": "unchanged", "train": "stopped", "evaluate": "not_reached"}
    assert not (clone.root / "model.txt").exists()
    assert_dvc_is_usable(clone)


def test_a_stage_that_began_unheard_before_the_stop_is_stopped_and_put_back(clone: Repo, heard: Heard) -> None:
    model = clone.root / "model.txt"

    def once_it_began() -> bool:
        """Nothing is read meanwhile, so the stage begins and writes before its beginning is heard."""
        while not model.exists():
            time.sleep(0.01)
        return True

    clone.write("train.py", SLOW)
    with Repository.open(clone.root) as repository:
        facts = run(repository, Train(), None, heard, environment(), enough=once_it_began)
    assert "> python train.py" not in heard.lines
    assert outcomes(facts) == {"prepare": "unchanged", "train": "stopped", "evaluate": "not_reached"}
    assert not model.exists()
    assert_dvc_is_usable(clone)


def test_a_budget_of_a_second_is_over_before_much_happens(clone: Repo, heard: Heard) -> None:
    facts = train(clone.write("train.py", SLOW), heard, Train.model_validate({"budget": "1 s"}))
    assert facts.problem is Reason.BUDGET_EXCEEDED
    assert outcomes(facts)["evaluate"] == "not_reached"
    assert not (clone.root / "model.txt").exists()


FIT = """\
stages:
  fit:
    cmd: python fit.py
    deps: [fit.py]
    outs: [model.txt]
    metrics:
      - metrics.json: {cache: false}
"""
FITTED = "for name in ('model.txt', 'metrics.json'): open(name, 'w').write('whole')\n"


@pytest.mark.usefixtures("hours_pass")
def test_what_a_stopped_stage_had_made_before_is_put_back(tmp_path: Path, heard: Heard) -> None:
    repo = Repo(tmp_path).write("dvc.yaml", FIT).write("fit.py", FITTED).repro().commit()
    slow = FITTED.replace("whole", "half") + "import time\nprint('half way', flush=True)\ntime.sleep(120)\n"
    facts = train(repo.write("fit.py", slow), heard, HOUR)
    assert outcomes(facts) == {"fit": "stopped"}
    assert facts.stages[0].tail == ["half way"]
    assert (repo.root / "model.txt").read_text() == (repo.root / "metrics.json").read_text() == "whole"


SCRIPT = """\
import sys
from pathlib import Path
sys.path.insert(0, {house!r})
from actions.repository import Repository
from actions.train.run import run
from policy.training import Train

class Shown:
    def step(self, text): print(text, flush=True)
    def line(self, text): print(text, flush=True)

with Repository.open(Path(".")) as opened:
    try:
        run(opened, Train(), None, Shown())
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        raise SystemExit(130)
"""


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_in_the_middle_leaves_nothing_half_written(clone: Repo, asked: signal.Signals) -> None:
    clone.write("train.py", SLOW)
    script = SCRIPT.format(house=str(Path(__file__).parents[3]))
    program = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=clone.root,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    for line in program.stdout:
        if line.strip() == "half way":
            os.kill(program.pid, asked)
            break
    rest = program.stdout.read()
    assert program.wait() == 130, rest
    assert rest.rstrip().endswith("interrupted")
    assert not (clone.root / "model.txt").exists()
    assert_dvc_is_usable(clone)


@pytest.mark.usefixtures("hours_pass")
def test_a_stage_that_does_not_listen_is_killed_and_dvc_works_again(
    clone: Repo, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.train.process.GRACE_SECONDS", (0.3, 0.3))
    deaf = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLOW
    facts = train(clone.write("train.py", deaf), heard, HOUR)
    assert outcomes(facts)["train"] == "stopped"
    assert not (clone.root / "model.txt").exists()
    assert_dvc_is_usable(clone)


def test_a_remote_that_is_away_does_not_stop_what_needs_nothing_from_it(tmp_path: Path, heard: Heard) -> None:
    repo = Repo(tmp_path).with_pipeline()
    shutil.rmtree(repo.remote)
    facts = train(repo.write("params.yaml", PARAMS.replace("1.5", "2")), heard)
    assert outcomes(facts) == {"prepare": "unchanged", "train": "executed", "evaluate": "executed"}


def test_a_pipeline_that_cannot_be_read_is_no_run(tmp_path: Path, heard: Heard) -> None:
    facts = train(Repo(tmp_path).write("dvc.yaml", "stages: {").commit(), heard)
    assert facts.problem is Reason.PIPELINE_UNREADABLE
    assert heard.lines == []
