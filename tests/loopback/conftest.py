"""A fresh GitHub for each test, whose every answer is held to GitHub's published description when the test ends."""

import copy
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.loopback.git import Git
from tests.loopback.schemas import check
from tests.loopback.server import Loopback, running
from tests.loopback.state import State

ROWS = "".join(f"row {number}\n" for number in range(20))


class Client:
    """An HTTP client with a token, which never follows a redirect by itself."""

    def __init__(self, github: Loopback, token: str | None = None, prefix: str = "") -> None:
        verify = ssl.create_default_context(cafile=github.certificate) if github.certificate else False
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=github.url + prefix, headers=headers, timeout=10, verify=verify)

    def __call__(self, method: str, path: str, json: object = None, **more: Any) -> httpx.Response:
        return self.http.request(method, path, json=json, **more)


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> State:
    """`acme/flights` with a change from a branch (#1) and one from mona's fork (#2), set once and copied for each test."""
    made = Loopback(tmp_path_factory.mktemp("scene"))
    made.repository("acme/flights")
    made.commit("acme/flights", {"README.md": "flights\n", "data/rows.txt": ROWS, "old.txt": ROWS + "old\n"})
    made.role("acme/flights", "octocat", "write")
    made.commit("acme/flights", {"README.md": "flights, changed\n", "new/b.txt": "b\n", "old.txt": None}, "change")
    made.pull("acme/flights", "change", author="octocat", title="From a branch")
    made.fork("acme/flights", "mona")
    made.commit("mona/flights", {"README.md": "from a fork\n"}, "fix", start="main")
    made.pull("acme/flights", "mona:fix", title="From a fork")
    made.sender.close()
    return made.state


@pytest.fixture
def github(scene: State, tmp_path: Path) -> Iterator[Loopback]:
    """The scene of these tests on a GitHub that listens; its answers are held to their schemas when the test is over."""
    root = tmp_path / "github"
    shutil.copytree(scene.root, root)
    with running(root) as made:
        copied = copy.deepcopy(scene)
        for field in fields(copied):
            if field.name != "root":
                setattr(made.state, field.name, getattr(copied, field.name))
        for repository in made.state.repositories.values():
            repository.git = Git(root / f"{repository.full_name}.git")
        yield made
        for seen in made.requests:
            check(seen)


@pytest.fixture
def reader(github: Loopback) -> Client:
    """A read-only GITHUB_TOKEN."""
    return Client(github, github.token("acme/flights", "read"))


@pytest.fixture
def writer(github: Loopback) -> Client:
    """A GITHUB_TOKEN that may write."""
    return Client(github, github.token("acme/flights", "write"))
