"""A verdict reaches its pull request on a GitHub on loopback, whatever the run claims."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.cml.tool import Tool
from bot.gateway import Forbidden, Gateway
from bot.publish import Outcome, Request, publish
from policy import document
from policy.facts import ErrorFact, Facts, TrainingFacts
from policy.facts.evaluation import HistoryPoint
from policy.facts.model import MadeFacts, ModelFacts
from policy.facts.plots import PlotFact, PlotSeries
from policy.facts.reading import write
from policy.facts.training import StageRun
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Status
from tests.bot.cml.stand_in import StandIn, stand_in
from tests.bot.gateway.scene import ME, REPOSITORY, Scene
from tests.bot.material import POLICY, facts
from tests.loopback.state import CheckRun, Run

PARTS = {"assay / data", "assay / training", "assay / evaluation", "assay / drift", "assay / governance"}


@dataclass
class Change:
    """A pull request of a fork into a repository with a policy; `owner` is the fork's."""

    here: Scene
    base: str
    head: str
    number: int
    owner: str = "ada"
    began: int = 0
    payloads: list[dict[str, Any]] = field(default_factory=list)

    def facts(self, **more: Any) -> Facts:
        """What an honest runner would say of it."""
        claim = {
            "repository": REPOSITORY,
            "pull_request": self.number,
            "base": self.base,
            "head": self.head,
            "merge_base": self.base,
        }
        return facts(**{**claim, **more})

    def ran(
        self, left: Facts | Mapping[str, bytes] | bytes | None, conclusion: str = "success", head: str = ""
    ) -> dict[str, Any]:
        """The check ran and left something; the payload of the event that follows. Each run begins a second later."""
        run = self.here.github.run(
            REPOSITORY, head or self.head, "topic", head_repository=f"{self.owner}/flights", conclusion=conclusion
        )
        self.began += 1
        run.created_at = f"2026-11-23T10:{self.began // 60:02}:{self.began % 60:02}Z"
        if left is not None:
            content = {"facts.json": write(left)} if isinstance(left, Facts) else left
            self.here.github.artifact(REPOSITORY, run, "assay-facts", content)
        return self.payload(run)

    def payload(self, run: Run) -> dict[str, Any]:
        """The `workflow_run` event of a fork: it names no pull request."""
        repository = self.here.github.state.repositories[REPOSITORY]
        return {
            "workflow_run": {
                "id": run.id,
                "name": run.name,
                "event": run.event,
                "head_sha": run.head_sha,
                "head_branch": run.head_branch,
                "head_repository": {"full_name": run.head_repository},
                "conclusion": run.conclusion,
                "run_attempt": run.attempt,
                "run_started_at": run.created_at,
                "path": run.path,
                "pull_requests": [],
            },
            "repository": {"id": repository.id, "full_name": REPOSITORY, "default_branch": "main", "private": False},
        }

    def publish(self, payload: dict[str, Any], gateway: Gateway | None = None, **more: Any) -> Outcome:
        """What `assay publish` does."""
        return publish(gateway or self.here.gateway, Request("workflow_run", payload, **more))

    @property
    def comments(self) -> list[str]:
        """What our account wrote on the pull request."""
        every = self.here.github.comments(REPOSITORY, self.number)
        return [each.body for each in every if each.author.login == ME.login]

    @property
    def checks(self) -> dict[str, CheckRun]:
        """The check runs by name; one that is there twice is a failure."""
        every = list(self.here.github.state.repositories[REPOSITORY].checks.values())
        assert len({(each.name, each.head_sha) for each in every}) == len(every)
        return {each.name: each for each in every if each.head_sha == self.head}

    def conclusions(self) -> set[str | None]:
        """How the checks came out."""
        assert set(self.checks) == PARTS
        return {each.conclusion for each in self.checks.values()}

    def push(self, text: str) -> None:
        """A new head."""
        self.head = self.here.github.commit(f"{self.owner}/flights", {"data/rows.csv.dvc": text}, branch="topic")


@pytest.fixture
def change(here: Scene) -> Iterator[Change]:
    """A fork's change to a data set."""
    base = here.github.commit(REPOSITORY, {"assay.yml": POLICY, "data/rows.csv.dvc": "1"})
    here.github.fork(REPOSITORY, "ada")
    head = here.github.commit("ada/flights", {"data/rows.csv.dvc": "2"}, branch="topic")
    pull = here.github.pull(REPOSITORY, "ada:topic", author="ada")
    here.github.forget_requests()
    yield Change(here, base, head, pull.number)


def test_ga_01_a_forks_verdict_reaches_its_pull_request(change: Change) -> None:
    outcome = change.publish(change.ran(change.facts()))
    assert outcome.number == change.number and outcome.verdict is not None and outcome.verdict.passed and not outcome.refused
    (body,) = change.comments
    assert body.startswith("<!-- assay:report ") and "Ready to merge" in body
    assert change.conclusions() == {"success", "skipped"}
    assert all("/actions/runs/" in (each.details_url or "") for each in change.checks.values())


def test_ga_01_a_fork_that_could_not_read_the_data_is_invited_by_its_commit(change: Change) -> None:
    change.publish(change.ran(change.facts()))
    assert "/check" not in change.comments[0]
    told = change.facts()
    away = [each.model_copy(update={"problem": Reason.OBJECT_MISSING}) for each in told.data]
    change.publish(change.ran(told.model_copy(update={"data": away})))
    assert f"`/check {change.head[:12]}`" in change.comments[0]


def test_a_first_report_takes_fourteen_requests_and_an_unchanged_one_eight_at_most(change: Change) -> None:
    payload = change.ran(change.facts())
    change.publish(payload)
    assert change.here.gateway.requests <= 14
    # Whether somebody decided something meanwhile is asked once more, and an unchanged answer (304) costs nothing.
    free = [each for each in change.here.github.requests if each.status == 304]
    assert len(change.here.github.requests) == change.here.gateway.requests + len(free) and len(free) == 1
    change.here.github.forget_requests()
    outcome = change.publish(payload)
    assert len(change.here.github.requests) <= 8
    assert outcome.written == 0 and "nothing to write" in outcome.said
    assert all(each.method == "GET" for each in change.here.github.requests)


def test_a_change_that_edits_the_model_card_shows_how_and_takes_two_requests_more(here: Scene) -> None:
    policy, path = POLICY + "model: {name: delay, artifact: model.txt}\n", "cards/delay.md"
    card = "<!-- assay:keep direct_use -->To plan {}.<!-- /assay:keep -->\n".format
    base = here.github.commit(REPOSITORY, {"assay.yml": policy, "data/rows.csv.dvc": "1", path: card("gates")})
    here.github.fork(REPOSITORY, "ada")
    head = here.github.commit("ada/flights", {"data/rows.csv.dvc": "2", path: card("crews @all")}, branch="topic")
    change = Change(here, base, head, here.github.pull(REPOSITORY, "ada:topic", author="ada").number)
    here.github.forget_requests()
    made = [MadeFacts(digest=f"md5:{at}", params="p", lock="l") for at in "12"]
    told = change.facts().model_copy(update={"model": ModelFacts(path="model.txt", base=made[0], head=made[1])})
    told = told.model_copy(update={"policy": told.policy.model_copy(update={"digest": document.digest(policy)})})
    payload = change.ran(told)
    change.publish(payload)
    assert here.gateway.requests <= 14 + 2
    (body,) = change.comments
    fold = body[body.index("<b>Model card: what this change alters</b>") :]
    assert "\n-- Model: `model.txt` `md5:1`\n+- Model: `model.txt` `md5:2`\n" in fold
    assert "\n@@ direct_use @@\n-To plan gates.\n+To plan crews @all.\n```" in fold
    here.github.forget_requests()
    change.publish(payload)
    assert len(here.github.requests) <= 8, "and none of them where nothing changed"


def test_a_rerun_with_the_same_outcome_writes_nothing(change: Change) -> None:
    change.publish(change.ran(change.facts()))
    again = change.ran(change.facts().model_copy(update={"seconds": 99.0}))
    assert change.publish(again).written == 0


def test_a_rerun_with_another_outcome_writes_into_the_same_comment_and_checks(change: Change) -> None:
    change.publish(change.ran(change.facts()))
    before = {name: each.id for name, each in change.checks.items()}
    change.publish(change.ran(change.facts(accuracy=0.2)))
    (body,) = change.comments
    assert "Not ready to merge" in body
    assert {name: each.id for name, each in change.checks.items()} == before
    assert change.checks["assay / evaluation"].conclusion == "failure"


def test_a_new_head_gets_checks_of_its_own_and_the_comment_follows(change: Change) -> None:
    change.publish(change.ran(change.facts(accuracy=0.2)))
    change.push("3")
    change.publish(change.ran(change.facts()))
    assert change.conclusions() == {"success", "skipped"}
    (body,) = change.comments
    assert f"head={change.head}" in body and "Ready to merge" in body


def test_a_slow_old_run_that_ends_after_a_new_one_writes_nothing(change: Change) -> None:
    slow = change.ran(change.facts(accuracy=0.2))
    change.push("3")
    change.publish(change.ran(change.facts()))
    (before,) = change.comments
    outcome = change.publish(slow)
    assert outcome.verdict is None and "nothing to report" in outcome.said
    assert change.comments == [before]


def test_a_slow_old_run_of_the_same_head_writes_nothing(change: Change) -> None:
    slow = change.ran(change.facts(accuracy=0.2))
    change.publish(change.ran(change.facts()))
    assert change.publish(slow).written == 0
    assert change.conclusions() == {"success", "skipped"}


def test_a_stale_answer_about_the_pull_request_does_not_bring_an_old_head_back(change: Change) -> None:
    slow = change.ran(change.facts(accuracy=0.2))
    change.here.github.fail("stale", "GET", "/pulls$", times=None)
    old = change.head
    change.push("3")
    change.here.github.faults.clear()
    change.publish(change.ran(change.facts()))
    (before,) = change.comments
    change.here.github.state.repositories[REPOSITORY].pulls[change.number].head_sha = old  # what a replica that lags answers
    change.publish(slow)
    assert change.comments == [before]


def test_two_runs_at_once_leave_one_comment_after_the_next(change: Change) -> None:
    payload = change.ran(change.facts())
    gate = threading.Barrier(2, timeout=30)
    failures: list[BaseException] = []

    def start() -> None:
        gateway = change.here.as_token(change.here.token)
        listed: Callable[[int], Any] = gateway.comments

        def together(number: int) -> Any:
            found = listed(number)
            gate.wait()
            return found

        gateway.comments = together  # type: ignore[method-assign]
        try:
            change.publish(payload, gateway)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures and len(change.comments) == 2
    change.publish(payload)
    assert len(change.comments) == 1


def refused(change: Change, left: Facts | Mapping[str, bytes] | bytes | None, said: str) -> str:
    """Publishes what must not be believed; everything turns red, on the true pull request alone."""
    outcome = change.publish(change.ran(left))
    assert said in outcome.refused
    assert outcome.verdict is not None and outcome.verdict.result.status is Status.FAILED
    assert change.conclusions() == {"failure"}
    assert change.here.github.comments(REPOSITORY, change.here.number) == []
    (body,) = change.comments
    assert "Not ready to merge" in body
    return body


def test_ga_02_facts_that_claim_another_pull_request_are_refused_and_it_hears_nothing(change: Change) -> None:
    refused(change, change.facts(pull_request=change.here.number), "another pull request")


def test_ga_02_facts_that_claim_another_commit_are_refused(change: Change) -> None:
    refused(change, change.facts(head=change.here.head), "the run was of")


def test_ga_02_facts_that_claim_a_better_base_are_refused(change: Change) -> None:
    lenient = change.here.github.commit(f"{change.owner}/flights", {"assay.yml": "version: 1\n"}, branch="lenient")
    refused(change, change.facts(base=lenient), "no commit of main")


def test_ga_02_facts_that_claim_an_older_start_are_refused(change: Change) -> None:
    refused(change, change.facts(merge_base=change.here.base), "the change began at")


def test_ga_02_facts_under_a_changed_policy_are_refused(change: Change) -> None:
    own = change.facts()
    digest = f"sha256:{'0' * 64}"
    refused(change, own.model_copy(update={"policy": own.policy.model_copy(update={"digest": digest})}), "another assay.yml")


def test_ga_02_a_head_that_edits_the_policy_and_the_templates_is_judged_by_the_bases(change: Change) -> None:
    edits = {"assay.yml": "version: 1\n", ".assay/templates/comment.md.j2": "all is well", ".github/workflows/x.yml": "on: push"}
    change.head = change.here.github.commit(f"{change.owner}/flights", edits, branch="topic")
    outcome = change.publish(change.ran(change.facts(accuracy=0.2)))
    assert outcome.verdict is not None and not outcome.verdict.passed and not outcome.refused
    (body,) = change.comments
    assert "all is well" not in body and "Not ready to merge" in body
    assert change.checks["assay / governance"].conclusion == "neutral"


def test_a_template_of_the_base_draws_the_comment(change: Change) -> None:
    template = "{{ marker }}\nOur own words: {{ story.headline.sentence }}"
    tip = change.here.github.commit(REPOSITORY, {".assay/templates/comment.md.j2": template})
    change.publish(change.ran(change.facts(base=tip)))
    (body,) = change.comments
    assert "Our own words" in body and body.startswith("<!-- assay:report ")


def test_a_broken_template_of_the_base_leaves_the_checks_and_is_a_problem(change: Change) -> None:
    tip = change.here.github.commit(REPOSITORY, {".assay/templates/comment.md.j2": "{% for %}"})
    with pytest.raises(UserProblem):
        change.publish(change.ran(change.facts(base=tip)))
    assert set(change.checks) == PARTS


def test_a_base_branch_that_moved_on_is_no_lie(change: Change) -> None:
    change.here.github.commit(REPOSITORY, {"NEWS.md": "news"})
    assert not change.publish(change.ran(change.facts())).refused


def test_ga_02_facts_that_find_nothing_to_check_in_a_change_of_data_are_refused(change: Change) -> None:
    refused(change, change.facts().model_copy(update={"nothing_to_check": True}), "nothing to check")


def test_ga_03_ten_million_rows_of_facts_are_refused(change: Change) -> None:
    many = b'{"schema_version": "1.0", "data": [' + b",".join([b"{}"] * 10_000_000) + b"]}"
    refused(change, {"facts.json": many}, "unpacks to more than")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (None, "left none behind"),
        (b"not a zip", "no readable zip"),
        (b"\0" * 6_000_000, "bytes, more than"),
        ({"../facts.json": b"{}"}, "not only facts.json"),
        ({"facts.json": b"{}", "x.md": b""}, "not only facts.json"),
        ({"facts.json": b"<html>"}, "not strict JSON"),
        ({"facts.json": b'{"schema_version": "9.0"}'}, "schema version"),
        ({"facts.json": b'{"schema_version": "1.0"}'}, "revision"),
        ({"facts.json": b"[" * 100_000}, "nested deeper"),
    ],
    ids=["nothing", "no zip", "too large", "path", "two files", "no JSON", "version", "no facts", "deep"],
)
def test_ga_03_what_is_no_artifact_of_ours_is_red_and_says_why(change: Change, left: Any, said: str) -> None:
    refused(change, left, said)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", '1.0, "seconds": 2.0'])
def test_ga_05_numbers_that_are_none_and_keys_that_stand_twice_are_refused(change: Change, number: str) -> None:
    raw = write(change.facts()).decode().rstrip().removesuffix("}") + f', "seconds": {number}}}'
    refused(change, {"facts.json": raw.encode()}, "JSON")


def test_ga_05_a_key_named_proto_is_nothing_special(change: Change) -> None:
    raw = json.loads(write(change.facts()))
    raw["__proto__"] = {"passed": True}
    outcome = change.publish(change.ran({"facts.json": json.dumps(raw).encode()}))
    assert outcome.verdict is not None and outcome.verdict.passed


HOSTILE = (
    "<img src=x onerror=alert(1)> --> ✅ approved @org/team `x` | [a](https://evil.example) ![b](https://evil.example/p.png) #1"
)


def hostile(change: Change, place: str) -> Facts:
    """Facts with something hostile in one place."""
    told = change.facts(broken=3, accuracy=0.2)
    data, contract, evaluation = told.data[0], told.data[0].contract, told.evaluation
    assert contract is not None and evaluation is not None
    failure = contract.failures[0].model_copy(update={"column": HOSTILE, "rule": HOSTILE})
    error = ErrorFact(part="training", reason=Reason.ERROR, what=HOSTILE, where=HOSTILE, next=HOSTILE)
    run = StageRun(name=HOSTILE, outcome="failed", command=HOSTILE, exit_code=1, tail=[HOSTILE, "```", "</details>"])
    point = HistoryPoint(label=HOSTILE, value=0.5)
    changes: dict[str, dict[str, Any]] = {
        "column": {"data": [data.model_copy(update={"contract": contract.model_copy(update={"failures": [failure]})})]},
        "file": {"data": [data.model_copy(update={"path": HOSTILE, "file": HOSTILE})], "changed_files": [HOSTILE]},
        "branch": {"revision": told.revision.model_copy(update={"head_name": HOSTILE, "base_name": HOSTILE})},
        "error": {"errors": [error]},
        "stage": {"training": TrainingFacts(targets=[HOSTILE], stages=[run])},
        "tools": {"tools": told.tools.model_copy(update={"assay": HOSTILE, "python": HOSTILE})},
        "history": {
            "evaluation": evaluation.model_copy(update={"history": {"accuracy": [point, point], HOSTILE: [point, point]}})
        },
    }
    return told.model_copy(update=changes[place])


@pytest.mark.parametrize("place", ["column", "file", "branch", "error", "stage", "tools", "history"])
def test_ga_04_hostile_names_stay_text_in_comment_and_checks(change: Change, place: str) -> None:
    change.publish(change.ran(hostile(change, place)))
    shown = [*change.comments, *(each.summary or "" for each in change.checks.values())]
    for text in shown:
        unfenced = re.sub(r"^(`{3,})\w+\n.*?^\1$", "", text.split("\n", 1)[1], flags=re.DOTALL | re.MULTILINE)
        outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)|<code>.*?</code>", "", unfenced)
        for weapon in ("<img", "@org", "](https://evil", "![b]", "--> ✅"):
            assert weapon not in outside
    assert len(change.comments) == 1 and change.comments[0].count("<!-- assay:report") == 1


def test_ga_14_a_report_of_two_hundred_kilobytes_fits(change: Change) -> None:
    told = change.facts(broken=3)
    contract = told.data[0].contract
    assert contract is not None
    many = [
        contract.failures[0].model_copy(update={"column": f"column_{at}" + "é" * 300, "rule": f"rule {at}"})
        for at in range(1_000)
    ]
    wide = told.data[0].model_copy(update={"contract": contract.model_copy(update={"failures": many})})
    change.publish(change.ran(told.model_copy(update={"data": [wide]})))
    (body,) = change.comments
    assert len(body) <= 65_536


def test_ga_15_a_marker_planted_by_a_stranger_is_left_alone(change: Change) -> None:
    payload = change.ran(change.facts())
    change.publish(payload)
    (body,) = change.comments
    for comment in change.here.github.comments(REPOSITORY, change.number):
        del change.here.github.state.repositories[REPOSITORY].comments[comment.id]
    planted = change.here.github.comment(REPOSITORY, change.number, body, author="mallory")
    change.publish(payload)
    assert planted.body == body and len(change.comments) == 1


def test_a_token_of_another_account_than_expected_still_keeps_one_comment(change: Change) -> None:
    token = change.here.github.user_token("assay-office")
    for accuracy in (0.9, 0.2, 0.9):
        change.publish(change.ran(change.facts(accuracy=accuracy)), change.here.as_token(token))
    (only,) = change.here.github.comments(REPOSITORY, change.number)
    assert only.author.login == "assay-office" and "Ready to merge" in only.body


def test_the_comment_is_found_behind_more_than_a_page_of_others(change: Change) -> None:
    payload = change.ran(change.facts())
    for at in range(120):
        change.here.github.comment(REPOSITORY, change.number, f"chatter {at}")
    change.publish(payload)
    change.publish(change.ran(change.facts(accuracy=0.2)))
    assert len(change.comments) == 1


def test_ap_02_a_report_whose_answers_are_lost_is_written_once(change: Change) -> None:
    change.here.github.fail("drop", "POST", "/comments", after=True)
    change.here.github.fail("status", "POST", "/check-runs", times=2, after=True, status=502)
    change.publish(change.ran(change.facts()))
    assert len(change.comments) == 1 and set(change.checks) == PARTS


def test_a_token_without_permissions_is_told_what_to_paste(change: Change) -> None:
    reader = change.here.as_token(change.here.github.token(REPOSITORY, "read"))
    with pytest.raises(
        Forbidden, match="permissions:\n  actions: read\n  checks: write\n  contents: read\n  pull-requests: write"
    ):
        change.publish(change.ran(change.facts()), reader)


def test_a_token_without_checks_sets_statuses(change: Change) -> None:
    token = change.here.github.token(
        REPOSITORY, actions="read", contents="read", pull_requests="write", statuses="write", checks="none", issues="write"
    )
    outcome = change.publish(change.ran(change.facts()), change.here.as_token(token))
    assert "statuses stand in" in outcome.said
    assert {each.context for each in change.here.gateway.statuses(change.head)} == PARTS
    assert len(change.comments) == 1


@pytest.mark.parametrize("conclusion", ["cancelled", "skipped"])
def test_a_run_that_was_cancelled_reports_nothing(change: Change, conclusion: str) -> None:
    assert change.publish(change.ran(None, conclusion)).verdict is None
    assert change.comments == []


def test_a_failed_run_that_left_facts_is_reported_by_its_facts(change: Change) -> None:
    outcome = change.publish(change.ran(change.facts(accuracy=0.2), "failure"))
    assert outcome.verdict is not None and not outcome.refused


def test_nothing_new_is_said_where_nothing_changed_if_so_asked(change: Change) -> None:
    change.head = change.here.github.commit(
        f"{change.owner}/flights", {"data/rows.csv.dvc": "1", "README.md": "x"}, branch="topic"
    )
    quiet = change.facts().model_copy(update={"nothing_to_check": True, "data": [], "evaluation": None})
    change.publish(change.ran(quiet), quiet=True)
    assert change.comments == [] and change.conclusions() == {"success", "skipped"}
    change.publish(change.ran(quiet))
    assert len(change.comments) == 1


def of_policy(change: Change, section: str, **more: Any) -> Facts:
    """The base gets a `report:` section, and the facts were gathered under it."""
    text = f"{POLICY}report:\n{section}"
    tip = change.here.github.commit(REPOSITORY, {"assay.yml": text})
    told = change.facts(base=tip, **more)
    return told.model_copy(update={"policy": told.policy.model_copy(update={"digest": document.digest(text)})})


def test_a_policy_that_is_quiet_begins_no_comment_where_nothing_changed_and_keeps_one_true(change: Change) -> None:
    told = of_policy(change, "  quiet: true\n")
    nothing = {"nothing_to_check": True, "data": [], "evaluation": None}
    change.head = change.here.github.commit(
        f"{change.owner}/flights", {"data/rows.csv.dvc": "1", "README.md": "x"}, branch="topic"
    )
    same = told.model_copy(update={**nothing, "revision": told.revision.model_copy(update={"head": change.head})})
    change.publish(change.ran(same))
    assert change.comments == [] and change.conclusions() == {"success", "skipped"}
    change.push("3")
    loud = told.model_copy(update={"revision": told.revision.model_copy(update={"head": change.head})})
    change.publish(change.ran(loud))
    assert len(change.comments) == 1
    change.head = change.here.github.commit(f"{change.owner}/flights", {"data/rows.csv.dvc": "1"}, branch="topic")
    change.publish(change.ran(same.model_copy(update={"revision": told.revision.model_copy(update={"head": change.head})})))
    (body,) = change.comments
    assert f"head={change.head}" in body and "othing" in body


def test_a_change_does_not_choose_how_it_is_reported_where_the_base_has_no_policy(change: Change) -> None:
    text = f"{POLICY}report:\n  quiet: true\n"
    change.here.github.commit(REPOSITORY, {"assay.yml": None})
    change.head = change.here.github.commit(f"{change.owner}/flights", {"assay.yml": text}, branch="topic")
    change.publish(change.ran(None))
    assert len(change.comments) == 1


def cml(change: Change, there: StandIn) -> Tool:
    """The stand-in as a job finds it."""
    github = change.here.github
    found = Tool.find(
        {
            "PATH": str(there.folder),
            "GITHUB_API_URL": github.url,
            "GITHUB_SERVER_URL": github.host,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SHA": change.head,
            "GITHUB_TOKEN": change.here.token,
        }
    )
    assert found is not None
    return found


def test_a_policy_that_says_cml_is_published_by_cml_into_one_comment_and_each_check_once(change: Change, tmp_path: Path) -> None:
    there = stand_in(tmp_path)
    told = of_policy(change, "  publisher: cml\n")
    payload = change.ran(told)
    tool = cml(change, there)
    assert change.publish(payload, cml=tool).written == 6
    (body,) = change.comments
    assert body.startswith("<!-- assay:report ") and "CML watermark assay check" in body
    assert change.conclusions() == {"success", "skipped"} and len(there.calls) == 6
    assert change.publish(payload, cml=tool).written == 0 and len(there.calls) == 6
    evaluation = told.evaluation
    assert evaluation is not None
    metrics = [each.model_copy(update={"head": 0.2}) for each in evaluation.metrics]
    worse = told.model_copy(update={"evaluation": evaluation.model_copy(update={"metrics": metrics})})
    change.publish(change.ran(worse), cml=tool)
    (body,) = change.comments
    assert "Not ready to merge" in body and len(there.calls) == 8
    assert there.calls[-1].flags["target"] == f"pr/{change.number}"
    assert there.calls[-2].flags["conclusion"] == "failure"


def test_without_cml_on_path_assay_publishes_and_says_so(change: Change) -> None:
    outcome = change.publish(change.ran(of_policy(change, "  publisher: cml\n")))
    assert "cml, which is not on PATH" in outcome.said
    assert len(change.comments) == 1 and change.conclusions() == {"success", "skipped"}


def test_a_cml_that_no_policy_asks_for_is_not_started(change: Change, tmp_path: Path) -> None:
    there = stand_in(tmp_path)
    change.publish(change.ran(change.facts()), cml=cml(change, there))
    assert there.calls == [] and len(change.comments) == 1


def illustrated(change: Change) -> Facts:
    """Facts with a plot, under a policy that wants pictures."""
    points = PlotSeries(side="head", x=[0, 1, 2], y=[0.9, 0.5, 0.4])
    told = of_policy(change, "  pictures: true\n")
    return told.model_copy(update={"plots": [PlotFact(title="Loss", series=[points])], "plots_total": 1})


def test_pictures_are_kept_in_the_repository_and_shown_in_the_comment(change: Change) -> None:
    payload = change.ran(illustrated(change))
    change.publish(payload)
    (body,) = change.comments
    found = re.findall(rf"!\[\]\(/{REPOSITORY}/blob/([0-9a-f]{{40}})/([0-9a-f]{{40}}\.png)\?raw=true\)", body)
    assert len(found) == 2 and len({commit for commit, _ in found}) == 1
    assert change.here.gateway.requests <= 14 + 5 + len(found)
    assert {name for _, name in found} == set(change.here.gateway.tree(found[0][0]))
    assert change.here.gateway.commit_parents(found[0][0]) == []
    change.here.github.forget_requests()
    assert change.publish(payload).written == 0 and len(change.here.github.requests) <= 8


def test_without_contents_write_the_comment_comes_without_pictures_and_says_so(change: Change) -> None:
    token = change.here.github.token(
        REPOSITORY, actions="read", contents="read", pull_requests="write", checks="write", issues="write"
    )
    outcome = change.publish(change.ran(illustrated(change)), change.here.as_token(token))
    (body,) = change.comments
    assert "*Not shown:* `Gates`, `Loss` (the token may not write contents)" in body and "![](" not in body
    assert "contents: write" in outcome.advice and "no pictures" in outcome.said
    assert change.conclusions() == {"success", "skipped"}
    refusals = [each for each in change.here.github.requests if "/git/" in each.path and each.method == "POST"]
    assert len(refusals) == 1


def test_pictures_that_nobody_asked_for_are_not_kept(change: Change) -> None:
    plot = PlotFact(title="Loss", series=[PlotSeries(side="head", x=[0, 1], y=[0.9, 0.5])])
    change.publish(change.ran(change.facts().model_copy(update={"plots": [plot], "plots_total": 1})))
    assert not any("/git/" in each.path for each in change.here.github.requests)


def test_reports_of_two_kinds_stand_side_by_side(change: Change) -> None:
    payload = change.ran(change.facts())
    change.publish(payload)
    change.publish(payload, kind="nightly")
    assert len(change.comments) == 2
    with pytest.raises(UserProblem, match="lower-case"):
        change.publish(payload, kind="-->")


def test_a_lenient_branch_does_not_turn_a_strict_ones_checks_green(change: Change) -> None:
    change.here.github.commit(REPOSITORY, {"assay.yml": "version: 1\n"}, branch="lenient", start=change.here.base)
    other = change.here.github.pull(REPOSITORY, "ada:topic", base="lenient", author="ada")
    change.publish(change.ran(change.facts(accuracy=0.2)))
    change.publish(change.ran(change.facts(pull_request=other.number)))
    assert change.checks["assay / evaluation"].conclusion == "failure"
    assert any(name.endswith("(lenient)") for name in change.checks)


def test_another_run_can_be_named_by_its_id(change: Change) -> None:
    run = change.ran(change.facts())["workflow_run"]["id"]
    outcome = publish(change.here.gateway, Request("workflow_dispatch", {}, run_id=run))
    assert outcome.number == change.number and len(change.comments) == 1


def test_a_run_of_a_deleted_fork_is_found_by_its_commit(change: Change) -> None:
    payload = change.ran(change.facts())
    payload["workflow_run"]["head_repository"] = None
    change.here.github.state.repositories[REPOSITORY].pulls[change.number].head_repository = None
    assert change.publish(payload).number == change.number


def test_a_closed_pull_request_hears_nothing(change: Change) -> None:
    change.here.github.state.repositories[REPOSITORY].issues[change.number].state = "closed"
    assert change.publish(change.ran(change.facts())).verdict is None


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target", "push", "issue_comment", "workflow_dispatch"])
def test_every_event_finds_the_pull_request_where_the_check_ran_in_the_same_job(change: Change, event: str) -> None:
    here = change.here
    head = here.github.commit(REPOSITORY, {"data/rows.csv.dvc": "9"}, branch="own", start="main")
    number = here.github.pull(REPOSITORY, "own").number
    repository = change.ran(None)["repository"]
    payloads: dict[str, dict[str, Any]] = {
        "pull_request": {"pull_request": {"number": number, "head": {"sha": head}}},
        "pull_request_target": {"pull_request": {"number": number, "head": {"sha": head}}},
        "push": {"ref": "refs/heads/own", "after": head},
        "issue_comment": {"issue": {"number": number, "pull_request": {}, "x": 1}},
        "workflow_dispatch": {"ref": "refs/heads/own", "inputs": {}},
    }
    payloads["issue_comment"]["issue"]["pull_request"] = {"url": "x"}
    told = change.facts(pull_request=number, head=head)
    request = Request(event, {**payloads[event], "repository": repository}, facts=write(told), sha=head, own_run="5")
    outcome = publish(here.gateway, request)
    assert outcome.number == number and outcome.verdict is not None and outcome.verdict.passed and not outcome.refused


def test_a_merge_group_gets_checks_on_its_own_commit_and_no_comment(change: Change) -> None:
    here = change.here
    queued = here.github.commit(REPOSITORY, {"data/rows.csv.dvc": "9"}, branch="gh-readonly-queue/main/x", start="main")
    ref = f"refs/heads/gh-readonly-queue/main/pr-{change.number}-{change.base}"
    payload = {"merge_group": {"head_ref": ref, "head_sha": queued}, "repository": change.ran(None)["repository"]}
    outcome = publish(here.gateway, Request("merge_group", payload, facts=write(change.facts(head=queued))))
    assert outcome.verdict is not None and outcome.verdict.passed and not outcome.refused
    assert {each.head_sha for each in here.github.state.repositories[REPOSITORY].checks.values()} == {queued}
    assert change.comments == []


def test_facts_of_the_merge_commit_are_refused_because_the_check_is_of_the_head(change: Change) -> None:
    payload = {
        "pull_request": {"number": change.number, "head": {"sha": change.head}},
        "repository": change.ran(None)["repository"],
    }
    outcome = publish(change.here.gateway, Request("pull_request", payload, facts=write(change.facts(head="e" * 40))))
    assert "the run was of" in outcome.refused


def test_a_check_that_crashed_in_the_same_job_is_red(change: Change) -> None:
    payload = {
        "pull_request": {"number": change.number, "head": {"sha": change.head}},
        "repository": change.ran(None)["repository"],
    }
    outcome = publish(change.here.gateway, Request("pull_request", payload, facts=b""))
    assert "left none behind" in outcome.refused and change.conclusions() == {"failure"}


def test_without_facts_and_without_a_run_there_is_a_problem(change: Change) -> None:
    with pytest.raises(UserProblem, match="--facts"):
        publish(change.here.gateway, Request("push", {}))
