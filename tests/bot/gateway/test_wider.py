"""What pictures and CML's verbs ask of GitHub besides."""

import pytest

from bot.gateway.gateway import Gateway
from bot.gateway.problems import Refused
from bot.gateway.wider import Author, WiderGateway
from tests.bot.cml.conftest import NAME, Scene
from tests.bot.cml.conftest import hasty as hasty
from tests.bot.cml.conftest import scene as scene


def test_a_commit_keeps_files_modes_and_author(scene: Scene) -> None:
    gateway = scene.gateway()
    blob = gateway.create_blob(b"#!/bin/sh\n")
    tree = gateway.commit_tree(scene.head, {"run.sh": ("100755", blob)})
    sha = gateway.commit("add", tree, [scene.head], Author("Ada", "ada@example.org"))
    git = scene.github.repository(NAME).git
    assert git.run("ls-tree", "-r", "--format=%(objectmode) %(path)", sha).decode().split("\n")[:-1] == [
        "100644 README.md",
        "100644 dvc.lock",
        "100755 run.sh",
    ]
    assert git.run("log", "-1", "--format=%an <%ae>", sha) == b"Ada <ada@example.org>\n"


def test_references_are_listed_and_deleted_however_often(scene: Scene) -> None:
    gateway = scene.gateway()
    gateway.create_ref("heads/pictures/a", scene.base)
    gateway.create_ref("heads/pictures/b", scene.base)
    gateway.delete_ref("heads/pictures/a")
    gateway.delete_ref("heads/pictures/a")
    assert gateway.refs("heads/pictures/") == ["heads/pictures/b"]


def test_a_pull_request_is_opened_once_and_found_again(scene: Scene) -> None:
    gateway = scene.gateway()
    gateway.create_ref("heads/new", scene.head)
    opened = gateway.open_pull_request("new", "main", "A title", "A body")
    assert opened.url.endswith(f"/{NAME}/pull/{opened.number}")
    assert gateway.open_pull_requests("new", "main") == [opened]
    assert gateway.open_pull_requests("ew", "main") == []
    with pytest.raises(Refused):
        gateway.open_pull_request("new", "main", "A title", "A body")


def test_a_pull_request_that_was_opened_before_the_line_broke_is_not_opened_again(scene: Scene) -> None:
    gateway = scene.gateway()
    gateway.create_ref("heads/new", scene.head)
    scene.github.fail("drop", "POST", "/pulls$", after=True)
    opened = gateway.open_pull_request("new", "main", "A title", "A body")
    assert gateway.open_pull_requests("new", "main") == [opened]


def test_comments_on_a_commit_are_written_once_and_changed(scene: Scene) -> None:
    gateway = scene.gateway()
    scene.github.fail("drop", "POST", "/comments$", after=True)
    made = gateway.create_commit_comment(scene.head, "one")
    gateway.update_commit_comment(made.id, "two")
    (found,) = gateway.commit_comments(scene.head)
    assert (found.id, found.body) == (made.id, "two")
    assert gateway.owns(found)


@pytest.mark.parametrize(
    ("allowed", "protected", "said"), [(False, True, "not allowed"), (True, False, "clean status"), (True, True, "")]
)
def test_auto_merge_is_turned_on_or_refused_in_githubs_words(scene: Scene, allowed: bool, protected: bool, said: str) -> None:
    repository = scene.github.repository(NAME)
    repository.allows_auto_merge = allowed
    if protected:
        scene.github.protect(NAME, "main")
    environ = scene.environ() | ({"GITHUB_API_URL": scene.github.enterprise_url} if said else {})
    gateway = WiderGateway.of(Gateway.from_environment(environ))
    (opened,) = gateway.open_pull_requests("change", "main")
    if said:
        with pytest.raises(Refused, match=said):
            gateway.merge_when_ready(opened.node, "squash")
    else:
        gateway.merge_when_ready(opened.node, "squash")
    assert repository.auto_merges == ({} if said else {scene.number: "SQUASH"})


def test_a_commit_names_the_pull_request_whose_merge_made_it(scene: Scene) -> None:
    gateway = scene.gateway()
    assert gateway.pull_request_merged_as(scene.head, "main") is None  # it is open
    merged = gateway._send("PUT", f"/pulls/{scene.number}/merge", {}, {"contents": "write"}).data["sha"]
    assert gateway.pull_request_merged_as(merged, "main") == scene.number
    assert gateway.pull_request_merged_as(merged, "release") is None
    assert gateway.pull_request_merged_as(scene.head, "main") is None  # it came in by the merge, and was never the head
