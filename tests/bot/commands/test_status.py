"""How a pull request stands."""

from bot.commands.status import Arguments, Present, decide, look
from bot.gateway.commanding import CheckText
from bot.gateway.records import WorkflowRun
from tests.bot.commands.asking import HEAD, reply, request, shown


def run(status: str) -> WorkflowRun:
    url = "https://github.com/acme/flights/actions/runs/5"
    return WorkflowRun(5, "assay-check", "pull_request", HEAD, "topic", None, None, 1, "", status=status, url=url)


def test_its_checks_and_what_runs() -> None:
    checks = (
        shown("assay / data", title="everything holds", conclusion="success"),
        shown("assay / drift", title="2 columns moved"),
    )
    said = reply(decide(request(), Arguments(), Present(checks, (run("in_progress"),)))).detail.source
    assert "| 🟢 | `assay / data` | everything holds |" in said
    assert "| 🔴 | `assay / drift` | 2 columns moved |" in said
    assert "[`assay-check`](<https://github.com/acme/flights/actions/runs/5>) (in progress)" in said
    assert f"`{HEAD[:12]}`" in said


def test_before_any_check() -> None:
    said = reply(decide(request(), Arguments(), Present((), ()))).detail.source
    assert "No check of this commit is known yet." in said
    assert "Under way" not in said


def test_only_ours_and_only_what_has_not_ended_is_looked_at() -> None:
    class Reads:
        def check_texts(self, sha: str) -> list[CheckText]:
            return [shown("assay / data"), shown("lint")]

        def runs(self, query: str) -> list[WorkflowRun]:
            assert query == f"head_sha={HEAD}"
            return [run("completed"), run("queued")]

    found = look(Reads(), request(), Arguments())
    assert [each.check.name for each in found.checks] == ["assay / data"]
    assert [each.status for each in found.runs] == ["queued"]
