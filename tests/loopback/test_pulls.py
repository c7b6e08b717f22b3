"""Pull requests: lists, forks, files, merges."""

from urllib.parse import quote

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback

PULLS = "/repos/acme/flights/pulls"


def test_a_list_filters_by_owner_and_branch_and_a_branch_alone_filters_nothing(reader: Client) -> None:
    assert [item["number"] for item in reader("GET", PULLS).json()] == [2, 1]
    assert [item["number"] for item in reader("GET", f"{PULLS}?head=mona:fix").json()] == [2]
    assert [item["number"] for item in reader("GET", f"{PULLS}?head=acme:change").json()] == [1]
    assert len(reader("GET", f"{PULLS}?head=fix").json()) == 2
    assert reader("GET", f"{PULLS}?state=closed").json() == []


def test_a_fork_names_its_own_repository_and_a_merge_commit(reader: Client, github: Loopback) -> None:
    one = reader("GET", f"{PULLS}/2").json()
    assert (one["head"]["repo"]["full_name"], one["base"]["repo"]["full_name"]) == ("mona/flights", "acme/flights")
    git = github.repository("acme/flights").git
    assert git.ref("refs/pull/2/head") == one["head"]["sha"]
    assert git.ref("refs/pull/2/merge") == one["merge_commit_sha"]


def test_the_files_of_a_pull_request_are_against_the_merge_base(reader: Client, github: Loopback) -> None:
    github.commit("acme/flights", {"later.txt": "on main\n"})
    files = {item["filename"]: item["status"] for item in reader("GET", f"{PULLS}/1/files").json()}
    assert files == {"README.md": "modified", "new/b.txt": "added", "old.txt": "removed"}
    assert len(reader("GET", f"{PULLS}/1/commits").json()) == 1


def test_a_push_moves_the_head_of_an_open_pull_request(reader: Client, github: Loopback) -> None:
    before = reader("GET", f"{PULLS}/2").json()["head"]["sha"]
    after = github.commit("mona/flights", {"README.md": "again\n"}, "fix")
    assert before != after == reader("GET", f"{PULLS}/2").json()["head"]["sha"]


def test_a_pull_request_of_a_deleted_fork_has_no_head_repository(reader: Client, github: Loopback) -> None:
    del github.state.repositories["mona/flights"]
    assert reader("GET", f"{PULLS}/2").json()["head"]["repo"] is None


def test_opening_twice_is_refused_and_so_is_a_branch_without_commits(writer: Client, github: Loopback) -> None:
    github.commit("acme/flights", {"c.txt": "c\n"}, "third")
    wanted = {"head": "third", "base": "main", "title": "Third"}
    assert writer("POST", PULLS, wanted).status_code == 201
    again = writer("POST", PULLS, wanted)
    assert again.status_code == 422
    assert again.json()["errors"][0]["message"] == "A pull request already exists for third."
    assert writer("POST", PULLS, {**wanted, "head": "main"}).status_code == 422
    assert writer("POST", PULLS, {**wanted, "head": "nowhere"}).json()["errors"][0]["field"] == "head"


def test_who_moved_a_branch_by_its_reference_is_told(writer: Client, github: Loopback) -> None:
    first = github.repository("acme/flights").git.ref("refs/heads/main")
    second = github.commit("acme/flights", {"d.txt": "d\n"}, "fourth")
    assert writer("POST", "/repos/acme/flights/git/refs", {"ref": "refs/heads/told", "sha": first}).status_code == 201
    for sha in (second, first):
        wanted = {"sha": sha, "force": True}
        assert writer("PATCH", "/repos/acme/flights/git/refs/heads/told", wanted).status_code == 200
    found = writer("GET", "/repos/acme/flights/activity?ref=refs/heads/told").json()
    assert [each["activity_type"] for each in found] == ["force_push", "push", "branch_creation"]
    assert {each["actor"]["login"] for each in found} == {"github-actions[bot]"}


def test_what_the_rules_of_the_base_ask_for_keeps_it_from_being_merged(writer: Client, github: Loopback) -> None:
    pull = github.repository("acme/flights").pulls[1]
    pull.blocked = "At least 1 approving review is required."
    assert writer("GET", f"{PULLS}/1").json()["mergeable_state"] == "blocked"
    refused = writer("PUT", f"{PULLS}/1/merge", {})
    assert (refused.status_code, refused.json()["message"]) == (405, pull.blocked)


def test_merging_names_the_head_and_closes(writer: Client) -> None:
    assert writer("PUT", f"{PULLS}/1/merge", {"sha": "0" * 40}).status_code == 409
    merged = writer("PUT", f"{PULLS}/1/merge", {}).json()
    assert merged["merged"]
    one = writer("GET", f"{PULLS}/1").json()
    assert (one["state"], one["merged"], one["merge_commit_sha"]) == ("closed", True, merged["sha"])
    assert writer("PUT", f"{PULLS}/1/merge", {}).status_code == 405


def test_a_title_and_a_state_can_be_changed(writer: Client) -> None:
    assert writer("PATCH", f"{PULLS}/1", {"title": "New", "state": "closed"}).json()["state"] == "closed"
    assert writer("PATCH", f"{PULLS}/1", {"state": "open"}).json()["closed_at"] is None


def test_commits_find_pull_requests_of_branches_but_not_of_forks(reader: Client) -> None:
    heads = {item["number"]: item["head"]["sha"] for item in reader("GET", PULLS).json()}
    assert [item["number"] for item in reader("GET", f"/repos/acme/flights/commits/{heads[1]}/pulls").json()] == [1]
    assert reader("GET", f"/repos/acme/flights/commits/{heads[2]}/pulls").json() == []


def test_ga_06_names_that_would_be_commands_are_only_names(reader: Client, github: Loopback) -> None:
    branch, file = 'a";id;"$(touch${IFS}x)`id`', 'data/<b>&"q"\t\'ä.csv'
    github.commit("acme/flights", {file: "x\n"}, branch)
    made = github.pull("acme/flights", branch)
    [found] = reader("GET", PULLS, params={"head": f"acme:{branch}"}).json()
    assert (found["number"], found["head"]["ref"]) == (made.number, branch)
    assert [item["filename"] for item in reader("GET", f"{PULLS}/{made.number}/files").json()] == [file]
    assert reader("GET", f"/repos/acme/flights/contents/{quote(file)}", params={"ref": branch}).json()["path"] == file
    assert reader("GET", f"/repos/acme/flights/branches/{quote(branch)}").json()["name"] == branch
