"""What a run left, committed to its branch: on top of what was trained, as far as the base names it, and over nobody's push."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.gateway import Forbidden
from bot.gateway.wider import WiderGateway
from bot.landing import FILE, NAME, decide, land, message
from policy.facts.commit import CommitFacts, CommitFile, write
from policy.facts.request import WORKFLOW, Arguments, Request
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY, Scene, scene
from tests.loopback.server import running
from tests.loopback.state import Run

PIPELINE = "stages: {train: {cmd: python train.py, params: [lr], metrics: [metrics.json: {cache: false}]}}\n"
FILES = {"dvc.lock": "schema: '2.0'\n", "params.yaml": "lr: 0.5 # ü\n", "metrics.json": "{}\n"}


@dataclass
class Asked:
    """A pull request on whose head `/train lr=0.5 --commit` was said, and the run that came of it."""

    here: Scene
    request: Request
    run: Run

    def leave(self, changed: dict[str, str] | None = None, **claimed: Any) -> None:
        """What the run uploads."""
        files = [CommitFile(path=path, text=text) for path, text in (FILES if changed is None else changed).items()]
        facts = CommitFacts(**{"request": self.request.id, "sha": self.request.sha, "files": files, **claimed})
        self.here.github.artifact(REPOSITORY, self.run, NAME, {FILE: write(facts)})

    def gateway(self) -> WiderGateway:
        """With the rights of the job that commits, and no more."""
        token = self.here.github.token(REPOSITORY, actions="read", contents="write", pull_requests="read")
        return WiderGateway.of(self.here.as_token(token))

    def tip(self) -> str | None:
        """Where the branch ends."""
        return self.here.github.repository(REPOSITORY).git.ref("refs/heads/feature")

    def refusal(self, gateway: WiderGateway | None = None, request: Request | None = None) -> str:
        """Why nothing was committed."""
        before = self.tip()
        with pytest.raises(UserProblem) as refused:
            land(gateway or self.gateway(), request or self.request, self.run.id)
        assert self.tip() == before
        return str(refused.value)


@pytest.fixture
def asked() -> Iterator[Asked]:
    with running() as github:
        here = scene(github)
        github.commit(REPOSITORY, {"dvc.yaml": PIPELINE, "sub/dvc.yaml": PIPELINE})
        arguments = Arguments(base="main", overrides=["lr=0.5"], commit=True)
        request = Request(id="4711-0", command="train", pull_request=here.number, sha=here.head, arguments=arguments)
        run = github.run(REPOSITORY, here.base, "main", "workflow_dispatch", path=f".github/workflows/{WORKFLOW}")
        yield Asked(here, request, run)


def test_it_is_one_commit_on_top_of_what_was_trained(asked: Asked) -> None:
    asked.leave()
    landed = land(asked.gateway(), asked.request, asked.run.id, page="https://github.com/acme/flights/actions/runs/1")
    git = asked.here.github.repository(REPOSITORY).git
    assert asked.tip() == landed.sha
    made = git.commit(landed.sha)
    assert made.parents == (asked.here.head,)
    assert made.message == (
        "Train with lr=0.5\n\nlr=0.5\n\nAssay-Request: 4711-0\nAssay-Run: https://github.com/acme/flights/actions/runs/1"
    )
    assert git.run("show", f"{landed.sha}:params.yaml") == FILES["params.yaml"].encode()
    assert {change.path for change in git.diff(asked.here.head, landed.sha)} == set(FILES)
    assert f"#{asked.here.number}: 3 files committed to feature" in landed.said


def test_where_the_run_changed_nothing_nothing_is_committed(asked: Asked) -> None:
    asked.leave({})
    assert land(asked.gateway(), asked.request, asked.run.id).sha == ""
    assert asked.tip() == asked.here.head
    assert {seen.method for seen in asked.here.github.requests} == {"GET"}


def test_doing_it_twice_commits_once(asked: Asked) -> None:
    asked.leave()
    first = land(asked.gateway(), asked.request, asked.run.id)
    assert "does not end in" in asked.refusal()
    assert asked.tip() == first.sha


def test_tt_07_what_was_pushed_meanwhile_stays(asked: Asked) -> None:
    asked.leave()
    asked.here.github.commit(REPOSITORY, {"README.md": "pushed"}, "feature")
    assert "nothing was committed" in asked.refusal()


class Late(WiderGateway):
    """Somebody pushes between the last look and the write."""

    here: Scene

    def update_ref(self, name: str, sha: str, force: bool = False) -> None:
        self.here.github.commit(REPOSITORY, {"README.md": "pushed in the last moment"}, "feature")
        super().update_ref(name, sha, force)


def test_tt_07_what_was_pushed_in_the_last_moment_stays_too(asked: Asked) -> None:
    asked.leave()
    late = Late.of(asked.gateway())
    late.here = asked.here
    with pytest.raises(UserProblem, match="nothing was committed"):
        land(late, asked.request, asked.run.id)
    git = asked.here.github.repository(REPOSITORY).git
    tip = asked.tip()
    assert tip is not None and git.run("show", f"{tip}:README.md") == b"pushed in the last moment"


def test_a_line_that_breaks_while_the_branch_is_moved_commits_once(asked: Asked) -> None:
    asked.leave()
    asked.here.github.fail("drop", "PATCH", "/git/refs/heads/feature", times=1)
    landed = land(asked.gateway(), asked.request, asked.run.id)
    assert asked.tip() == landed.sha


def test_the_branch_of_a_fork_is_never_written_to(asked: Asked) -> None:
    github = asked.here.github
    github.fork(REPOSITORY, "mallory")
    sha = github.commit("mallory/flights", {"x": "1"}, "feature")
    pull = github.pull(REPOSITORY, "mallory:feature", author="mallory")
    request = asked.request.model_copy(update={"sha": sha, "pull_request": pull.number})
    asked.leave(sha=sha)
    assert "of a fork, which is never written to" in asked.refusal(request=request)


def test_tt_05_a_pull_request_that_was_closed_or_wants_to_join_another_branch_is_left_alone(asked: Asked) -> None:
    asked.leave()
    other = asked.request.model_copy(update={"arguments": Arguments(base="release", overrides=["lr=0.5"], commit=True)})
    assert "the base is main by now" in asked.refusal(request=other)
    asked.here.github.repository(REPOSITORY).issues[asked.here.number].state = "closed"
    assert "closed" in asked.refusal()


def test_a_request_without_commit_commits_nothing(asked: Asked) -> None:
    asked.leave()
    assert "does not ask for a commit" in asked.refusal(
        request=asked.request.model_copy(update={"arguments": Arguments(base="main")})
    )


def test_a_run_that_left_nothing_is_told(asked: Asked) -> None:
    assert "the run left nothing to commit" in asked.refusal()


def test_ga_03_an_artifact_that_is_no_such_record_is_refused(asked: Asked) -> None:
    for content in ({FILE: b"{"}, {FILE: b"{}", "more": b""}, {"facts.json": b"{}"}, {"../commit.json": b"{}"}):
        asked.here.github.artifact(REPOSITORY, asked.run, NAME, content)
        asked.refusal()


def test_ga_02_a_record_about_another_request_or_commit_is_refused(asked: Asked) -> None:
    asked.leave(request="4712-0")
    assert "about another request" in asked.refusal()
    asked.leave(sha="b" * 40)
    assert "about another request" in asked.refusal()


HOSTILE = [
    *(".github/workflows/x.yml", ".git/hooks/post-checkout", ".dvc/config", "assay.yml", "train.py", "dvc.yaml"),
    *(
        "../params.yaml",
        "/params.yaml",
        "sub/../params.yaml",
        "params.yaml/../x",
        "./params.yaml",
        "params.yaml\x00",
        "PARAMS.YAML",
    ),
    *("sub/params.yaml", "other/dvc.lock", "dvc.lock/x/../../y", "metrics.json\n", "params.yaml\u202e"),
]


@pytest.mark.parametrize("path", HOSTILE)
def test_a_file_that_the_base_does_not_name_is_refused_and_with_it_all_others(path: str) -> None:
    arguments = Arguments(base="main", commit=True)
    request = Request(id="1-0", command="train", pull_request=7, sha="a" * 40, arguments=arguments)
    files = [CommitFile(path="dvc.lock", text=""), CommitFile(path=path, text="")]
    with pytest.raises(UserProblem) as refused:
        decide(CommitFacts(request="1-0", sha="a" * 40, files=files), request, {"dvc.yaml": PIPELINE}.get)
    assert str(refused.value).isascii() and "\n" not in str(refused.value)


def test_files_of_each_pipeline_whose_lock_changed_may_change(asked: Asked) -> None:
    asked.leave({"sub/dvc.lock": "1", "sub/params.yaml": "lr: 1\n"})
    assert land(asked.gateway(), asked.request, asked.run.id).sha == asked.tip()


def test_the_pipeline_of_the_change_names_nothing(asked: Asked) -> None:
    head = asked.here.github.commit(REPOSITORY, {"dvc.yaml": PIPELINE.replace("metrics.json", "Makefile")}, "feature")
    asked.request = asked.request.model_copy(update={"sha": head})
    asked.leave({"Makefile": "all: ; id\n"}, sha=head)
    assert "'Makefile' is no lock, parameters, metrics or plot that dvc.yaml of the base names" in asked.refusal()


def test_a_file_that_stands_twice_and_too_many_pipelines_are_refused(asked: Asked) -> None:
    twice = [CommitFile(path="dvc.lock", text="1"), CommitFile(path="dvc.lock", text="2")]
    asked.leave(files=twice)
    assert "stands in it twice" in asked.refusal()
    asked.leave({f"{index}/dvc.lock": "" for index in range(30)})
    assert "more than 20 pipelines" in asked.refusal()


def test_a_token_that_may_not_write_says_what_it_needs(asked: Asked) -> None:
    asked.leave()
    token = asked.here.github.token(REPOSITORY, actions="read", contents="read", pull_requests="read")
    with pytest.raises(Forbidden, match="contents: write"):
        land(WiderGateway.of(asked.here.as_token(token)), asked.request, asked.run.id)


def test_it_takes_few_requests(asked: Asked) -> None:
    asked.leave()
    gateway = asked.gateway()
    land(gateway, asked.request, asked.run.id)
    assert gateway.requests <= 10 + len(FILES)


def test_the_message_says_what_was_asked_for() -> None:
    def told(**given: Any) -> str:
        arguments = Arguments.model_validate({"base": "main", "commit": True, **given})
        return message(Request(id="1-0", command="train", pull_request=7, sha="a" * 40, arguments=arguments), "")

    assert told() == "Train what changed\n\nAssay-Request: 1-0"
    assert told(stage="fit").startswith("Train fit\n")
    long = told(set=[f"section.parameter{index}=0.1" for index in range(9)]).splitlines()
    assert len(long[0]) <= 72
    assert "section.parameter8=0.1" in long
