"""What runs for a pull request is stopped."""

from bot.commands.cancel import Arguments, Present, decide, look
from bot.effects import CancelRun
from bot.gateway.records import WorkflowRun
from policy.reasons import Reason
from tests.bot.commands.asking import HEAD, reply, request

OTHER = "b" * 40


def run(id: int, file: str = "assay-check.yml", sha: str = HEAD, status: str = "in_progress", title: str = "") -> WorkflowRun:
    path = f".github/workflows/{file}"
    return WorkflowRun(id, "", "", sha, "topic", None, None, 1, path, status=status, title=title)


def test_all_of_them_are_stopped() -> None:
    effects = decide(request(), Arguments(), Present((run(1), run(2))))
    assert effects[:2] == [CancelRun(1), CancelRun(2)]
    assert reply(effects).result.why == f"2 runs of {HEAD[:12]} are being stopped"


def test_where_nothing_runs_that_is_said() -> None:
    assert reply(decide(request(), Arguments(), Present(()))).result.reason is Reason.NOTHING_RUNS


def test_the_runs_of_another_pull_request_are_left_alone() -> None:
    there = [
        run(1),
        run(2, status="completed"),
        run(3, "assay-run.yml", OTHER, title=f"assay train #7 {HEAD} 1-0"),
        run(4, "assay-run.yml", OTHER, title=f"assay train #77 {HEAD} 2-0"),
        run(5, sha=OTHER),
        run(6, "deploy.yml"),
    ]

    class Runs:
        def runs(self, query: str) -> list[WorkflowRun]:
            return there

    assert [each.id for each in look(Runs(), request(), Arguments()).runs] == [1, 3]
