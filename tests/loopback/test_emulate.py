"""The same conversation with a second GitHub that nobody here wrote, npm's `emulate`: both must answer alike.

Where `emulate` knows less than github.com documents (commit statuses, limits, permissions) it is not asked.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.loopback.server import running

VERSION = "0.8.0"
SEED = """\
tokens:
  test_token:
    login: octocat
    scopes: [repo, user]
github:
  users:
    - login: octocat
      name: Octocat
  repos:
    - owner: octocat
      name: hello
      auto_init: true
"""
REPO = "/repos/octocat/hello"
Step = tuple[str, int, Any]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`emulate`, from the npm registry."""
    folder = tmp_path_factory.mktemp("emulate")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", f"emulate@{VERSION}"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        pytest.skip("the npm registry does not answer")
    if done.returncode:
        pytest.skip("emulate cannot be installed here: no npm registry in reach")
    return folder / "node_modules" / ".bin" / "emulate"


@pytest.fixture
def emulated(program: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of `emulate`."""
    (tmp_path / "seed.yaml").write_text(SEED)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(program), "start", "--service", "github", "--port", str(port), "--seed", str(tmp_path / "seed.yaml")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})
    client = httpx.Client(base_url=f"http://localhost:{port}", headers={"authorization": "Bearer test_token"})
    try:
        _wait(client)
        yield client
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(client: httpx.Client) -> None:
    for _ in range(200):
        try:
            client.get(REPO)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("emulate does not listen")


@pytest.fixture
def ours() -> Iterator[httpx.Client]:
    """A client of the loopback GitHub, with the same scene."""
    with running() as github:
        github.user("octocat")
        github.repository("octocat/hello")
        github.commit("octocat/hello", {"README.md": "# hello\n"})
        token = github.user_token("octocat")
        yield httpx.Client(base_url=github.url, headers={"authorization": f"Bearer {token}"})


def conversation(client: httpx.Client) -> list[Step]:
    """What both are asked, and what of each answer must agree: the status and what `see` picks."""
    steps: list[Step] = []

    def ask(method: str, path: str, body: Any = None, see: Callable[[Any], Any] = lambda _: None) -> Any:
        answer = client.request(method, path if path.startswith("/") else f"{REPO}/{path}", json=body)
        content = answer.json() if answer.content else None
        steps.append(
            (
                f"{method} {re.sub(r'[0-9a-f]{40}|[0-9]+', '…', path)}",
                answer.status_code,
                see(content) if answer.is_success else None,
            )
        )
        return content

    ask("GET", REPO, see=lambda got: (got["full_name"], got["private"], got["default_branch"]))
    ask("GET", "/repos/octocat/nowhere")
    ask("GET", "/user", see=lambda got: got["login"])
    ask("GET", "/users/octocat", see=lambda got: (got["login"], got["type"]))
    sha = ask("GET", "git/ref/heads/main", see=lambda got: (got["ref"], got["object"]["type"]))["object"]["sha"]
    blob = ask("POST", "git/blobs", {"content": "aGk=", "encoding": "base64"})["sha"]
    line = {"path": "hi.txt", "mode": "100644", "type": "blob", "sha": blob}
    tree = ask("POST", "git/trees", {"tree": [line]}, see=lambda got: [(item["path"], item["mode"]) for item in got["tree"]])
    commit = ask(
        "POST", "git/commits", {"message": "hi", "tree": tree["sha"], "parents": [sha]}, see=lambda got: len(got["parents"])
    )
    ask("POST", "git/refs", {"ref": "refs/heads/change", "sha": commit["sha"]}, see=lambda got: got["ref"])
    ask("POST", "git/refs", {"ref": "refs/heads/change", "sha": commit["sha"]})
    ask("GET", "git/ref/heads/nowhere")
    ask("POST", "pulls", {"title": "t", "head": "change", "base": "main"}, see=lambda got: (got["number"], got["state"]))
    ask("GET", "pulls/1", see=lambda got: (got["head"]["label"], got["base"]["ref"], got["merged"], got["user"]["login"]))
    ask("GET", "pulls?head=octocat:change", see=len)
    ask("GET", "pulls?state=closed", see=len)
    ask("GET", "pulls/99")
    comment = ask("POST", "issues/1/comments", {"body": "hello"}, see=lambda got: (got["body"], got["user"]["login"]))
    ask("PATCH", f"issues/comments/{comment['id']}", {"body": "again"}, see=lambda got: got["body"])
    for number in range(32):
        ask("POST", "issues/1/comments", {"body": str(number)})
    ask("GET", "issues/1/comments", see=lambda got: [item["body"] for item in got])
    ask("GET", "issues/1/comments?per_page=10&page=4", see=lambda got: [item["body"] for item in got])
    ask("GET", "issues/99/comments")
    ask("DELETE", f"issues/comments/{comment['id']}")
    ask("GET", f"issues/comments/{comment['id']}")
    ask("GET", f"commits/{commit['sha']}/check-runs", see=lambda got: got["total_count"])
    ask("POST", "labels", {"name": "drift", "color": "ff0000"}, see=lambda got: (got["name"], got["color"]))
    ask("POST", "labels", {"name": "drift", "color": "ff0000"})
    ask("POST", "issues", {"title": "An issue", "labels": ["drift"]}, see=lambda got: (got["number"], got["labels"][0]["name"]))
    ask("PATCH", "issues/2", {"state": "closed"}, see=lambda got: got["state"])
    return steps


def test_both_answer_alike(emulated: httpx.Client, ours: httpx.Client) -> None:
    theirs, mine = conversation(emulated), conversation(ours)
    assert [(one, other) for one, other in zip(theirs, mine, strict=True) if one != other] == []


def test_both_link_pages_alike(emulated: httpx.Client, ours: httpx.Client) -> None:
    relations = []
    for client in (emulated, ours):
        sha = client.get(f"{REPO}/git/ref/heads/main").json()["object"]["sha"]
        assert sha
        client.post(f"{REPO}/issues", json={"title": "t"})
        for number in range(25):
            client.post(f"{REPO}/issues/1/comments", json={"body": str(number)})
        pages = [client.get(f"{REPO}/issues/1/comments?per_page=10&page={page}") for page in (1, 2, 3)]
        relations.append([sorted(map(str, page.links)) for page in pages])
    assert relations[0] == relations[1]
