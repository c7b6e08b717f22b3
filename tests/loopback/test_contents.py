"""Files, commits, comparisons and git data, which are those of a real repository."""

import base64

from tests.loopback.conftest import ROWS, Client
from tests.loopback.server import Loopback

REPO = "/repos/acme/flights"


def test_a_file_is_read_at_a_commit(reader: Client, github: Loopback) -> None:
    head = github.repository("acme/flights").pulls[1].head_sha
    at_head = reader("GET", f"{REPO}/contents/README.md?ref={head}").json()
    assert base64.b64decode(at_head["content"]) == b"flights, changed\n"
    raw = reader("GET", f"{REPO}/contents/README.md?ref=main", headers={"accept": "application/vnd.github.raw+json"})
    assert raw.content == b"flights\n"
    assert reader("GET", f"{REPO}/contents/nowhere?ref=main").status_code == 404
    assert reader("GET", f"{REPO}/contents/README.md?ref=nowhere").status_code == 404


def test_a_folder_is_a_list_and_a_large_file_comes_without_content(reader: Client, github: Loopback) -> None:
    github.commit("acme/flights", {"data/large.bin": b"x" * 1_000_001})
    assert [item["path"] for item in reader("GET", f"{REPO}/contents/data").json()] == ["data/large.bin", "data/rows.txt"]
    assert {item["type"] for item in reader("GET", f"{REPO}/contents").json()} == {"file", "dir"}
    large = reader("GET", f"{REPO}/contents/data/large.bin").json()
    assert (large["encoding"], large["content"]) == ("none", "")


def test_a_file_is_written_only_over_the_version_that_was_read(writer: Client) -> None:
    body = {"message": "new", "content": base64.b64encode(b"new").decode()}
    made = writer("PUT", f"{REPO}/contents/new.txt", body)
    assert made.status_code == 201
    assert writer("PUT", f"{REPO}/contents/new.txt", body).status_code == 422
    assert writer("PUT", f"{REPO}/contents/new.txt", {**body, "sha": "0" * 40}).status_code == 409
    assert writer("PUT", f"{REPO}/contents/new.txt", {**body, "sha": made.json()["content"]["sha"]}).status_code == 200


def test_a_workflow_file_needs_its_own_permission(writer: Client) -> None:
    body = {"message": "new", "content": ""}
    assert writer("PUT", f"{REPO}/contents/.github/workflows/x.yml", body).status_code == 403


def test_a_comparison_tells_the_merge_base(reader: Client, github: Loopback) -> None:
    common = github.repository("acme/flights").git.ref("refs/heads/main")
    github.commit("acme/flights", {"later.txt": "later\n"})
    found = reader("GET", f"{REPO}/compare/main...change").json()
    assert (found["status"], found["ahead_by"], found["behind_by"]) == ("diverged", 1, 1)
    assert found["merge_base_commit"]["sha"] == common
    fork = reader("GET", f"{REPO}/compare/main...mona:fix").json()
    assert [item["filename"] for item in fork["files"]] == ["README.md"]
    assert reader("GET", f"{REPO}/compare/main...main").json()["status"] == "identical"
    assert reader("GET", f"{REPO}/compare/main...nowhere").status_code == 404


def test_a_commit_has_files_and_a_history_has_paths(reader: Client, github: Loopback) -> None:
    sha = github.commit("acme/flights", {"renamed.txt": ROWS + "old\n", "old.txt": None})
    shown = reader("GET", f"{REPO}/commits/{sha}").json()
    assert [(item["status"], item["previous_filename"]) for item in shown["files"]] == [("renamed", "old.txt")]
    assert len(reader("GET", f"{REPO}/commits?path=README.md").json()) == 1
    assert reader("GET", f"{REPO}/commits/main", headers={"accept": "application/vnd.github.sha"}).text == sha
    assert reader("GET", f"{REPO}/commits/nowhere").status_code == 422


def test_a_picture_reaches_a_branch_of_its_own_through_git_data(writer: Client, github: Loopback) -> None:
    data = b"\x89PNG\r\n" + bytes(range(256))
    blob = writer("POST", f"{REPO}/git/blobs", {"content": base64.b64encode(data).decode(), "encoding": "base64"}).json()["sha"]
    line = {"path": "ab/cd.png", "mode": "100644", "type": "blob", "sha": blob}
    tree = writer("POST", f"{REPO}/git/trees", {"tree": [line]}).json()["sha"]
    commit = writer("POST", f"{REPO}/git/commits", {"message": "images", "tree": tree, "parents": []}).json()
    assert commit["author"]["name"] == "github-actions[bot]"
    ref = {"ref": "refs/heads/assay-images", "sha": commit["sha"]}
    assert writer("POST", f"{REPO}/git/refs", ref).status_code == 201
    assert writer("POST", f"{REPO}/git/refs", ref).json()["message"] == "Reference already exists"
    assert writer("GET", f"{REPO}/git/ref/heads/assay-images").json()["object"]["sha"] == commit["sha"]
    page = writer("GET", f"/acme/flights/blob/{commit['sha']}/ab/cd.png?raw=true")
    assert Client(github)("GET", page.headers["location"]).content == data
    assert base64.b64decode(writer("GET", f"{REPO}/git/blobs/{blob}").json()["content"]) == data
    more = writer(
        "POST", f"{REPO}/git/trees", {"base_tree": tree, "tree": [{**line, "path": "x.txt", "sha": None, "content": "x"}]}
    )
    assert more.status_code == 201
    listed = writer("GET", f"{REPO}/git/trees/{commit['sha']}?recursive=1").json()["tree"]
    assert [(item["path"], item["type"]) for item in listed] == [("ab", "tree"), ("ab/cd.png", "blob")]


def test_a_branch_moves_forward_freely_and_aside_by_force(writer: Client, github: Loopback) -> None:
    git = github.repository("acme/flights").git
    main, change = git.ref("refs/heads/main"), git.ref("refs/heads/change")
    url = f"{REPO}/git/refs/heads/change"
    assert writer("PATCH", url, {"sha": main}).json()["message"] == "Update is not a fast forward"
    assert writer("PATCH", url, {"sha": main, "force": True}).status_code == 200
    assert writer("PATCH", url, {"sha": change}).status_code == 200
    assert writer("PATCH", f"{REPO}/git/refs/heads/nowhere", {"sha": main}).status_code == 422
    assert [item["ref"] for item in writer("GET", f"{REPO}/git/matching-refs/heads/ch").json()] == ["refs/heads/change"]
    assert writer("DELETE", url).status_code == 204
    assert writer("GET", f"{REPO}/git/ref/heads/change").status_code == 404
    assert writer("GET", f"{REPO}/git/commits/{change}").json()["parents"][0]["sha"] == main


def test_bad_git_data_is_refused(writer: Client) -> None:
    for path, body in [
        ("trees", {"tree": [{"path": "../x", "mode": "100644", "content": ""}]}),
        ("trees", {"tree": [{"path": "x", "mode": "100644", "sha": "1" * 40}]}),
        ("trees", {"base_tree": "1" * 40, "tree": [{"path": "x", "content": ""}]}),
        ("commits", {"message": "m", "tree": "1" * 40}),
        ("refs", {"ref": "heads/x", "sha": "1" * 40}),
        ("refs", {"ref": "refs/heads/a..b", "sha": "1" * 40}),
        ("refs", {"ref": "refs/heads/x", "sha": "1" * 40}),
        ("blobs", {"encoding": "base64"}),
    ]:
        assert writer("POST", f"{REPO}/git/{path}", body).status_code == 422, path
    assert writer("GET", f"{REPO}/git/blobs/short").status_code == 422
    assert writer("GET", f"{REPO}/git/commits/{'1' * 40}").status_code == 404
