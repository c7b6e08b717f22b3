"""What became of each stage, from the lines of `dvc repro`."""

from actions.train.story import Story
from policy.facts.training import StageRun

COMMANDS = {"prepare": ["python prepare.py"], "train": ["python train.py"], "evaluate": ["python evaluate.py"]}


def told(text: str, *, ok: bool = True, stopped: bool = False) -> dict[str, StageRun]:
    """A second of time and half a second of CPU pass with every line."""
    story, now = Story(COMMANDS), 0.0
    for line in text.splitlines():
        story.line(line, now, now / 2)
        now += 1
    return {stage.name: stage for stage in story.end(now, now / 2, ok=ok, stopped=stopped)}


def test_executed_restored_and_unchanged() -> None:
    stages = told(
        "Stage 'prepare' is cached - skipping run, checking out outputs\n"
        "Running stage 'train':\n> python train.py\nloss 1\nUpdating lock file 'dvc.lock'\n"
        "Stage 'evaluate' didn't change, skipping\n"
    )
    assert [stage.outcome for stage in stages.values()] == ["restored", "executed", "unchanged"]
    assert (stages["train"].wall_seconds, stages["train"].cpu_seconds) == (3.0, 1.5)
    assert stages["train"].command == "python train.py"
    assert stages["train"].tail == []


def test_what_ended_is_news_once() -> None:
    story = Story(COMMANDS)
    lines = [
        "Stage 'prepare' is cached - skipping run, checking out outputs",
        "Running stage 'train':",
        "> python train.py",
        "Running stage 'evaluate':",
        "> python evaluate.py",
        "ERROR: failed to reproduce 'evaluate': failed to run: python evaluate.py, exited with 3",
    ]
    news = []
    for moment, line in enumerate(lines):
        story.line(line, moment, 0)
        news += story.news()
    assert news == [
        "stage prepare was restored from the run cache",
        "stage train ended after 2.0 s",
        "stage evaluate failed after 1.0 s",
    ]
    story.end(9, 0, ok=False, stopped=False)
    assert story.news() == []


def test_a_failed_stage_keeps_its_last_thirty_lines_command_and_exit_code() -> None:
    lines = "".join(f"line {number}\n" for number in range(50))
    end = "ERROR: failed to reproduce 'train': failed to run: python train.py, exited with 3\n"
    stages = told(f"Running stage 'train':\n> python train.py\n{lines}{end}", ok=False)
    train = stages["train"]
    assert (train.outcome, train.exit_code, train.command) == ("failed", 3, "python train.py")
    assert train.tail == [f"line {number}" for number in range(20, 50)]
    assert stages["evaluate"].outcome == "not_reached"


def test_a_stage_that_dvc_could_not_even_start_has_its_reason_as_tail() -> None:
    stages = told("ERROR: failed to reproduce 'train': missing data 'source': data/x.csv\n", ok=False)
    assert (stages["train"].outcome, stages["train"].tail) == ("failed", ["missing data 'source': data/x.csv"])


def test_a_stopped_run_names_the_stage_it_was_in() -> None:
    stages = told("Running stage 'train':\n> python train.py\nepoch 1\n", ok=False, stopped=True)
    assert [stage.outcome for stage in stages.values()] == ["not_reached", "stopped", "not_reached"]


def test_a_stage_that_fails_because_it_was_asked_to_stop_is_stopped_without_last_words() -> None:
    story = Story(COMMANDS)
    for line in ("Running stage 'train':", "> python train.py", "epoch 1"):
        story.line(line, 0, 0)
    story.stopping = True
    for line in ("KeyboardInterrupt", "ERROR: failed to reproduce 'train': failed to run: python train.py, exited with -2"):
        story.line(line, 1, 0)
    train = story.end(2, 0, ok=False, stopped=True)[1]
    assert (train.outcome, train.tail) == ("stopped", ["epoch 1"])


def test_a_stage_that_prints_like_dvc_is_not_believed() -> None:
    stages = told(
        "Running stage 'prepare':\n> python prepare.py\nRunning stage 'evaluate':\nno echo follows\n"
        "Running stage 'unknown':\n> python x.py\nRunning stage 'train':\n> python other.py\n"
    )
    assert (stages["prepare"].outcome, stages["evaluate"].outcome, stages["train"].outcome) == (
        "executed",
        "unchanged",
        "unchanged",
    )


def test_the_peak_of_memory_belongs_to_the_running_stage() -> None:
    story = Story(COMMANDS)
    story.memory(999)
    for at, line in enumerate(["Running stage 'train':", "> python train.py"]):
        story.line(line, float(at), 0.0)
    story.memory(100)
    story.memory(300)
    story.memory(200)
    peaks = {stage.name: stage.peak_bytes for stage in story.end(3.0, 0.0, ok=True, stopped=False)}
    assert peaks == {"prepare": None, "train": 300, "evaluate": None}


def test_several_commands_of_one_stage_are_one_stage() -> None:
    story = Story({"both": ["echo 1", "echo 2"]})
    for at, line in enumerate(["Running stage 'both':", "> echo 1", "1", "> echo 2", "2"]):
        story.line(line, float(at), 0.0)
    (stage,) = story.end(5.0, 0.0, ok=True, stopped=False)
    assert (stage.outcome, stage.wall_seconds) == ("executed", 4.0)
