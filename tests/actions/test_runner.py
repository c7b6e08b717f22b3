"""What GitHub's runner is told, and what it must not hear."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.runner import Runner, command, failed_gates, orders, output, present, unread_hint
from policy.facts import Facts, PipelineFacts
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import Verdict
from reports.annotations import Annotation
from tests.reports import samples

TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


def heard(log: str) -> list[str]:
    """The orders that a runner takes from a log, as GitHub's runner reads it: stopped until the token comes."""
    stopped, found = "", []
    for line in log.split("\n"):
        text = line.strip()
        if stopped:
            stopped = "" if text == f"::{stopped}::" else stopped
        elif text.startswith("::stop-commands::"):
            stopped = text.removeprefix("::stop-commands::")
        elif text.startswith("::") or "##[" in text:
            found.append(text)
    return found


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    event = {"pull_request": {"number": 7, "head": {"repo": {"id": 2}}, "base": {"repo": {"id": 1}}}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "job.md"),
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_REPOSITORY": "acme/flights",
        "GITHUB_WORKSPACE": str(tmp_path),
    }
    found = present(environ, io.StringIO())
    assert found is not None
    return found


def log(runner: Runner) -> str:
    assert isinstance(runner.stream, io.StringIO)
    return runner.stream.getvalue()


def read_outputs(text: str) -> dict[str, str]:
    """The outputs as GitHub's runner reads them."""
    lines: Iterator[str] = iter(text.split("\n"))
    found = {}
    for line in lines:
        if line:
            name, delimiter = line.split("<<", 1)
            found[name] = "\n".join(iter(lambda ended=delimiter: next(lines), delimiter))
    return found


def failing(*leaves: Result) -> Verdict:
    whole = Result(name="verdict", status=Status.FAILED, reason=Reason.PART_FAILED, values={"count": 1, "total": 1})
    part = Result(name="data", status=Status.FAILED, reason=Reason.HOLDS, children=list(leaves))
    return Verdict(base="b" * 40, head="a" * 40, policy_digest="d", result=whole.model_copy(update={"children": [part]}))


def test_on_a_laptop_there_is_no_runner() -> None:
    assert present({}, io.StringIO()) is None
    assert present({"GITHUB_ACTIONS": "false"}, io.StringIO()) is None


def test_an_order_escapes_what_would_end_it() -> None:
    assert command("error", "50 %\nof", {"file": "a,b:c.py", "line": 3, "title": None}) == (
        "::error file=a%2Cb%3Ac.py,line=3::50 %25%0Aof"
    )


@given(TEXT, TEXT, TEXT)
def test_ga_07_an_order_is_one_line_whatever_its_text(message: str, file: str, title: str) -> None:
    line = command("error", message, {"file": file, "title": title})
    assert "\n" not in line
    assert "\r" not in line
    properties = line.removeprefix("::error ").split("::")[0]
    assert properties.count(",") == 1
    assert ":" not in properties.replace("%3A", "")


@given(st.dictionaries(st.sampled_from(["verdict", "facts", "report"]), TEXT))
def test_ga_07_an_output_with_newlines_or_another_delimiter_stays_one_output(values: dict[str, str]) -> None:
    values = {name: value.replace("\r", "") for name, value in values.items()}
    written = "".join(output(name, f"{value}\nEOF\nverdict=passed\n", "assay-0123") for name, value in values.items())
    assert read_outputs(written) == {name: f"{value}\nEOF\nverdict=passed\n" for name, value in values.items()}


def test_ga_07_a_value_that_holds_its_delimiter_is_refused() -> None:
    with pytest.raises(ValueError, match="delimiter"):
        output("facts", "x\nassay-1\n", "assay-1")


def test_ga_07_what_a_stage_prints_is_never_an_order(runner: Runner) -> None:
    with runner.deaf():
        runner.step("training")
        for line in ("::add-mask::secret", "  ::set-output name=verdict::passed", "##[error]gone", "::stop-commands::x", "::x::"):
            runner.line(line)
        runner.step("metrics ::error::\n::warning::no")
        runner.ungroup()
    assert heard(log(runner)) == [
        "::group::training",
        "::endgroup::",
        "::group::metrics ::error::%0A::warning::no",
        "::endgroup::",
    ]


def test_ga_07_no_token_is_used_twice(runner: Runner) -> None:
    with runner.deaf():
        runner.step("one")
        runner.step("two")
    tokens = [line for line in log(runner).splitlines() if line.startswith("::stop-commands::")]
    assert len(tokens) == len(set(tokens)) == 3


def test_a_problem_becomes_an_annotation_on_its_line_and_the_verdict_an_error(runner: Runner, tmp_path: Path) -> None:
    problem = UserProblem("unknown key\n::add-mask::x", "main:assay.yml:2", "Mend it")
    with pytest.raises(UserProblem), runner.deaf():
        raise problem
    assert heard(log(runner)) == [
        "::error file=assay.yml,line=2,title=assay::main:assay.yml:2: unknown key",
        "::error title=assay::::add-mask::x. Mend it",
    ]
    assert read_outputs((tmp_path / "outputs").read_text()) == {"verdict": "error"}


def test_too_many_annotations_say_how_many_more_there_are() -> None:
    remarks = [Annotation("error", "t", f"m{index}", "f", index) for index in range(1, 13)]
    lines = orders([*remarks, Annotation("warning", "t", "w", "f", 1)])
    assert len(lines) == 11
    assert "and 3 more" in lines[9]
    assert lines[10].startswith("::warning ")


def test_the_names_of_what_failed_are_those_at_the_ends() -> None:
    good = Result(name="fine", status=Status.PASSED, reason=Reason.HOLDS)
    bad = Result(name="a\n::b", status=Status.FAILED, reason=Reason.HOLDS)
    assert failed_gates(failing(good, bad)) == ["data/a\n::b"]
    assert failed_gates(failing()) == ["data"]


def test_a_verdict_leaves_annotations_a_summary_and_four_outputs(runner: Runner, tmp_path: Path) -> None:
    facts = samples.facts()
    bad = Result(name="a", status=Status.FAILED, reason=Reason.DATA_EMPTY, values={"path": "x.csv"}, file="x.csv.dvc", line=3)
    (tmp_path / "summary.md").write_text("# told\n")
    out = {"facts": tmp_path / "facts.json", "report": tmp_path / "report.html", "summary": tmp_path / "summary.md"}
    (tmp_path / "project").mkdir()
    with runner.deaf():
        runner.tell(failing(bad), facts, folder=tmp_path / "project", policy_text="", out=out)
    assert heard(log(runner))[0].startswith("::error file=project/x.csv.dvc,line=3,title=data%3A a::x.csv holds no rows")
    assert (tmp_path / "job.md").read_text().startswith("# told\n")
    outputs = read_outputs((tmp_path / "outputs").read_text())
    assert outputs["verdict"] == "failed"
    assert json.loads(outputs["failed-gates"]) == ["data/a"]
    assert outputs["facts"] == str(tmp_path / "facts.json")


def test_facts_say_for_which_pull_request_they_were_gathered(runner: Runner) -> None:
    named = runner.named(samples.facts())
    assert (named.revision.repository, named.revision.pull_request) == ("acme/flights", 7)


def test_facts_for_a_command_keep_the_pull_request_that_it_was_given_on(tmp_path: Path) -> None:
    runner = Runner({"GITHUB_REPOSITORY": "acme/flights"}, io.StringIO())
    facts = samples.facts()
    asked = facts.model_copy(update={"revision": facts.revision.model_copy(update={"pull_request": 9})})
    assert runner.named(asked).revision.pull_request == 9


def without_data() -> Facts:
    pipeline = PipelineFacts(problem=Reason.REMOTE_UNREACHABLE, problem_detail="403")
    return samples.facts().model_copy(update={"pipeline": pipeline, "errors": [], "data": []})


def test_ga_01_a_fork_without_the_data_learns_how_a_maintainer_starts_the_rest(runner: Runner) -> None:
    hint = unread_hint(runner.event, without_data())
    assert "gh pr checkout 7 && git push origin HEAD:refs/heads/fork/7" in hint


def test_a_branch_of_the_repository_needs_no_maintainer(runner: Runner) -> None:
    own = {"pull_request": {"number": 7, "head": {"repo": {"id": 1}}, "base": {"repo": {"id": 1}}}}
    assert unread_hint(own, without_data()) == ""
    assert unread_hint({}, without_data()) == ""


@pytest.mark.parametrize("event", ["", "[]", "{", '"x"'])
def test_an_unreadable_event_is_no_event(tmp_path: Path, event: str) -> None:
    (tmp_path / "event.json").write_text(event)
    assert Runner({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}, io.StringIO()).event == {}


def test_a_runner_without_its_files_loses_only_its_outputs(tmp_path: Path) -> None:
    runner = Runner({"GITHUB_OUTPUT": str(tmp_path / "gone/outputs")}, io.StringIO())
    with pytest.raises(UserProblem), runner.deaf():
        raise UserProblem("broken")
    assert "::warning title=assay::GITHUB_OUTPUT cannot be written" in log(runner)
