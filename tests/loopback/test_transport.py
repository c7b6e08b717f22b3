"""git itself, and PyGithub, against the loopback GitHub."""

import os
import subprocess
from pathlib import Path

import pytest
from github import Auth, Github, GithubException
from github.ContentFile import ContentFile

from tests.loopback.server import Loopback


def git(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "credential.helper=", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "GIT_TERMINAL_PROMPT": "0", "HOME": "/nonexistent"},
    )


def with_token(github: Loopback, token: str, full_name: str) -> str:
    return f"{github.url.replace('//', f'//x-access-token:{token}@')}/{full_name}"


def test_a_clone_of_a_head_by_its_hash(github: Loopback, tmp_path: Path) -> None:
    sha = github.repository("acme/flights").pulls[2].head_sha
    assert git("clone", "-q", f"{github.url}/acme/flights", str(tmp_path / "one")).returncode == 0
    assert git("fetch", "-q", "--depth=1", "origin", sha, folder=tmp_path / "one").returncode == 0
    assert git("show", f"{sha}:README.md", folder=tmp_path / "one").stdout == "from a fork\n"


def test_a_push_needs_contents_write_and_moves_the_pull_request(github: Loopback, tmp_path: Path) -> None:
    work = tmp_path / "work"
    git("clone", "-q", "-b", "change", f"{github.url}/acme/flights", str(work))
    git("commit", "-q", "--allow-empty", "-m", "more", folder=work)
    reading, writing = github.token("acme/flights", "read"), github.token("acme/flights", "write")
    assert git("push", "-q", f"{github.url}/acme/flights", "change", folder=work).returncode != 0
    assert git("push", "-q", with_token(github, reading, "acme/flights"), "change", folder=work).returncode != 0
    assert git("push", "-q", with_token(github, writing, "acme/flights.git"), "change", folder=work).returncode == 0
    head = git("rev-parse", "HEAD", folder=work).stdout.strip()
    with Github(base_url=github.url, auth=Auth.Token(reading)) as client:
        assert client.get_repo("acme/flights").get_pull(1).head.sha == head


def test_a_private_repository_is_cloned_only_with_its_token(github: Loopback, tmp_path: Path) -> None:
    github.repository("acme/secret", private=True)
    github.commit("acme/secret", {"a": "a"})
    stranger, own = github.token("acme/flights"), github.token("acme/secret")
    assert git("clone", "-q", f"{github.url}/acme/secret", str(tmp_path / "a")).returncode != 0
    assert git("clone", "-q", with_token(github, stranger, "acme/secret"), str(tmp_path / "b")).returncode != 0
    assert git("clone", "-q", with_token(github, own, "acme/secret"), str(tmp_path / "c")).returncode == 0


@pytest.mark.parametrize("enterprise", [False, True])
def test_pygithub_reads_writes_and_turns_pages(github: Loopback, enterprise: bool) -> None:
    for number in range(35):
        github.comment("acme/flights", 1, f"number {number}")
    url = github.enterprise_url if enterprise else github.url
    auth = Auth.Token(github.token("acme/flights", "write"))
    with Github(base_url=url, auth=auth, seconds_between_requests=None, seconds_between_writes=None) as client:
        repository = client.get_repo("acme/flights")
        pull = repository.get_pulls(head="mona:fix")[0]
        assert pull.head.repo.full_name == "mona/flights"
        assert pull.create_issue_comment("hello").user.id == 41898282
        assert len(list(repository.get_issue(1).get_comments())) == 35
        run = repository.create_check_run("assay / data", pull.head.sha, status="in_progress")
        run.edit(conclusion="success", output={"title": "t", "summary": "s"})
        assert [check.conclusion for check in repository.get_commit(pull.head.sha).get_check_runs()] == ["success"]
        file = repository.get_contents("README.md", ref=pull.head.sha)
        assert isinstance(file, ContentFile)
        assert file.decoded_content == b"from a fork\n"
        with pytest.raises(GithubException, match="Validation Failed"):
            pull.create_issue_comment("x" * 70_000)
