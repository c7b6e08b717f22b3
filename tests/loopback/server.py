"""A GitHub on loopback, started by a test.

with running() as github:
    repository = github.repository("acme/flights")
    github.commit("acme/flights", {"README.md": "flights"})
    token = github.token("acme/flights", "write")
    Github(base_url=github.url, auth=Auth.Token(token))
    assert [str(request) for request in github.requests] == ["GET /repos/acme/flights -> 200"]
"""

import asyncio
import contextlib
import io
import secrets
import socket
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn

from tests.loopback import apps, world
from tests.loopback.application import build
from tests.loopback.bodies.payloads import event_of, installation_event, reach_event
from tests.loopback.call import Call
from tests.loopback.faults import Fault, Faults, Seen
from tests.loopback.git import Person
from tests.loopback.state import (
    ACTIONS_APP_ID,
    ACTIONS_BOT_ID,
    Account,
    App,
    Artifact,
    Comment,
    Hook,
    Installation,
    Issue,
    Job,
    Json,
    Pull,
    Repository,
    Run,
    State,
    Team,
    Token,
    moment,
)
from tests.loopback.tls import self_signed
from tests.loopback.webhooks import Delivery, Sender
from tests.loopback.world import add_comment, moved, new_repository, open_issue, open_pull, refresh

READ = ("actions", "checks", "contents", "deployments", "issues", "metadata", "pull_requests", "statuses")
"""The permissions of a GITHUB_TOKEN that matter here."""


class Loopback:
    """A GitHub in this process: the scene a test sets, and what was asked of it."""

    def __init__(self, root: Path) -> None:
        self.state = State(root)
        self.state.accounts["github-actions[bot]"] = Account(ACTIONS_BOT_ID, "github-actions[bot]", "Bot")
        self.faults = Faults(self.state)
        self.log: list[Seen] = []
        self.sender = Sender(self.state)
        self.application = build(self.state, self.faults, self.log, self.sender)
        self.host = ""
        self.certificate: Path | None = None

    @property
    def url(self) -> str:
        """The API's address, as GITHUB_API_URL on github.com."""
        return self.host

    @property
    def enterprise_url(self) -> str:
        """The same API as GitHub Enterprise Server has it."""
        return f"{self.host}/api/v3"

    @property
    def requests(self) -> list[Seen]:
        """Every request to the REST API so far; not git's own, nor downloads from storage."""
        return [seen for seen in self.log if seen.kind == "api"]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every webhook sent so far, with the answer it got."""
        return self.sender.deliveries

    def forget_requests(self) -> None:
        """Starts counting anew."""
        self.log.clear()

    def fail(self, kind: str, method: str = ".*", path: str = ".*", **more: object) -> Fault:
        """Makes requests that match go wrong: see `faults.Fault` for the kinds."""
        return self.faults.add(kind, method, path, **more)

    def user(self, login: str, id: int | None = None, type: str = "User") -> Account:
        """The account of a login, made when it is new."""
        account = self.state.account(login, type)
        account.id = id or account.id
        return account

    def repository(self, full_name: str, private: bool = False) -> Repository:
        """The repository of a name, made when it is new. Push to `repository.path`, or use `commit`."""
        found = self.state.repositories.get(full_name)
        return found or new_repository(self.state, full_name, private)

    def fork(self, full_name: str, owner: str) -> Repository:
        """A person's fork of a repository, with its branches."""
        parent = self.state.repositories[full_name]
        self.user(owner)
        return new_repository(self.state, f"{owner}/{parent.name}", parent.private, parent.full_name)

    def commit(
        self,
        full_name: str,
        files: Mapping[str, str | bytes | None],
        branch: str = "main",
        message: str = "change",
        start: str | None = None,
        author: str = "",
        email: str = "",
        pusher: str = "",
    ) -> str:
        """Commits files to a branch (None removes a file), made from `start` or the default branch. Gives the hash.

        `author` is an account, or with an `email` somebody whom GitHub may not know; GitHub itself where neither is given.
        `pusher` is the account that pushes it, where that is to be known.
        """
        repository = self.repository(full_name)
        git = repository.git
        parent = git.ref(f"refs/heads/{branch}") or git.sha(start or repository.default_branch)
        entries = []
        for path, data in files.items():
            blob = None if data is None else git.write_blob(data.encode() if isinstance(data, str) else data)
            entries.append((path, "100644", blob))
        known = self.user(author) if author and not email else None
        address = email or (f"{known.id}+{known.login}@users.noreply.github.com" if known else "")
        who = Person(author or email, address, moment()) if address else None
        commit = git.write_commit(message, git.write_tree(parent, entries), [parent] if parent else [], who)
        git.set_ref(f"refs/heads/{branch}", commit)
        if pusher:
            moved(self.state, repository, branch, parent, commit, self.user(pusher))
        for other in list(self.state.repositories.values()):
            refresh(self.state, other)
        return commit

    def pull(
        self, full_name: str, head: str, base: str = "main", author: str = "mona", title: str = "A change", draft: bool = False
    ) -> Pull:
        """Opens a pull request from `branch` or, of a fork, `owner:branch`."""
        made = open_pull(self.state, self.repository(full_name), head, base, title, None, self.user(author), draft)
        if made is None:
            raise ValueError(f"no such head or base branch: {head} -> {base}")
        return made

    def issue(self, full_name: str, title: str = "An issue", body: str = "", author: str = "mona") -> Issue:
        """Opens an issue."""
        return open_issue(self.state, self.repository(full_name), title, body, self.user(author))

    def comment(self, full_name: str, number: int, body: str, author: str = "mona") -> Comment:
        """A comment that somebody wrote; as `github-actions[bot]` it came from a GITHUB_TOKEN."""
        app_id = ACTIONS_APP_ID if author == "github-actions[bot]" else None
        return add_comment(self.state, self.repository(full_name), number, body, self.user(author), app_id)

    def comments(self, full_name: str, number: int) -> list[Comment]:
        """What stands on an issue or pull request, oldest first."""
        every = self.state.repositories[full_name].comments.values()
        return sorted((comment for comment in every if comment.number == number), key=lambda comment: comment.id)

    def role(self, full_name: str, login: str, role: str) -> None:
        """Gives somebody a role: read, triage, write, maintain or admin."""
        self.user(login)
        self.repository(full_name).roles[login] = role

    def token(self, full_name: str, level: str = "read", **permissions: str) -> str:
        """A GITHUB_TOKEN of one repository: all read or all write, unless permissions are named (the rest is none then)."""
        named = {name.replace("-", "_"): value for name, value in permissions.items()}
        granted = {"metadata": "read", **(named or dict.fromkeys(READ, level))}
        bot = self.state.accounts["github-actions[bot]"]
        token = Token(f"ghs_{secrets.token_hex(18)}", "installation", bot, granted, {full_name}, ACTIONS_APP_ID)
        token.limit = token.remaining = 1000
        self.state.tokens[token.value] = token
        return token.value

    def app_token(self, app: App, full_name: str) -> str:
        """A token of an App for one of the repositories where it is installed, with all that it was granted there."""
        one = next(each for each in self.state.installations.values() if each.app_id == app.id and full_name in each.repositories)
        token = Token(f"ghs_{secrets.token_hex(18)}", "installation", app.bot, dict(one.permissions), {full_name}, app.id, one.id)
        self.state.tokens[token.value] = token
        return token.value

    def user_token(self, login: str, repositories: list[str] | None = None, **permissions: str) -> str:
        """A fine-grained token of a person: for all repositories, or those named; read and write unless permissions are named."""
        granted = {"metadata": "read", **(permissions or dict.fromkeys(READ, "write"))}
        where = None if repositories is None else set(repositories)
        token = Token(f"github_pat_{secrets.token_hex(18)}", "user", self.user(login), granted, where)
        self.state.tokens[token.value] = token
        return token.value

    def app(
        self,
        slug: str,
        owner: str = "acme",
        events: list[str] | None = None,
        url: str | None = None,
        secret: str = "It's a Secret to Everybody",
        **permissions: str,
    ) -> App:
        """A GitHub App with a key of its own, and a webhook where a `url` is given; install it with `install`."""
        hook = Hook(self.state.next_id(), url, secret, events or []) if url else None
        made = apps.new_app(self.state, slug, self.user(owner, type="Organization"), events or [], permissions, hook)
        self.state.apps[made.id] = made
        return made

    def install(self, app: App, repositories: list[str], **granted: str) -> Installation:
        """Installs an app on repositories of one owner, who grants all it asks for unless permissions are named."""
        account = self.repository(repositories[0]).owner
        made = apps.install(self.state, app, account, repositories, granted or None)
        self._tell(made, "created")
        return made

    def suspend(self, installation: Installation, by: str = "octocat") -> None:
        """Suspends an installation: its tokens work no more and nothing is sent."""
        apps.suspend(installation, self.user(by))
        self._tell(installation, "suspend")

    def unsuspend(self, installation: Installation) -> None:
        """Lets an installation work again."""
        apps.unsuspend(installation)
        self._tell(installation, "unsuspend")

    def reach(self, installation: Installation, added: Sequence[str] = (), removed: Sequence[str] = ()) -> None:
        """Lets an installation reach more repositories, or fewer."""
        kept = [name for name in installation.repositories if name not in removed]
        installation.repositories = [*kept, *added]
        payload = reach_event(self._call(), installation, list(added), list(removed), self.user("octocat"))
        self.sender.tell(self.state.apps[installation.app_id], "installation_repositories", payload, installation)

    def uninstall(self, installation: Installation) -> None:
        """Takes an installation away."""
        self._tell(installation, "deleted")
        apps.uninstall(self.state, installation)

    def _tell(self, installation: Installation, action: str) -> None:
        payload = installation_event(self._call(), installation, action, self.user("octocat"))
        self.sender.tell(self.state.apps[installation.app_id], "installation", payload, installation)

    def rename(self, full_name: str, new: str) -> Repository:
        """Renames a repository, or transfers it to another owner: the old name leads on by its numeric id."""
        return world.rename(self.state, self.state.repositories[full_name], new)

    def run(
        self,
        full_name: str,
        head_sha: str,
        head_branch: str,
        event: str = "pull_request",
        head_repository: str | None = None,
        conclusion: str = "success",
        path: str = ".github/workflows/assay-check.yml",
        actor: str = "mona",
    ) -> Run:
        """A workflow run that ended."""
        repository = self.repository(full_name)
        number = len(repository.runs) + 1
        made = Run(
            self.state.next_id(), number, Path(path).stem, path, zlib.crc32(path.encode()), event, head_sha, head_branch,
            head_repository or full_name, self.user(actor), moment(), "completed", conclusion,
        )  # fmt: skip
        repository.runs[made.id] = made
        return made

    def job(self, full_name: str, run: Run, seconds: float, labels: Sequence[str] = ("ubuntu-latest",), **more: Any) -> Job:
        """A job of a run that took so long from the run's beginning on, or is as `more` says; the run ends with its last."""
        began = datetime.fromisoformat(run.created_at)
        ended = (began + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
        known = {"status": "completed", "conclusion": "success", "started_at": run.created_at, "completed_at": ended}
        made = Job(self.state.next_id(), "run", list(labels), **{**known, "attempt": run.attempt, **more})
        run.jobs.append(made)
        run.ended_at = max(run.ended_at or "", made.completed_at or run.created_at)
        return made

    def finish(self, full_name: str, run: Run, conclusion: str = "success") -> None:
        """Ends a run, and tells who listens."""
        run.status, run.conclusion = "completed", conclusion
        self.announce(full_name, run, "completed")

    def artifact(self, full_name: str, run: Run, name: str, content: bytes | Mapping[str, str | bytes]) -> Artifact:
        """What a run uploaded: files, or the bytes of a zip as they are."""
        data = content if isinstance(content, bytes) else zipped(content)
        made = Artifact(self.state.next_id(), run.id, name, data, moment())
        self.repository(full_name).artifacts[made.id] = made
        return made

    def hook(self, full_name: str, url: str, secret: str, events: list[str]) -> Hook:
        """Registers a webhook."""
        made = Hook(self.state.next_id(), url, secret, events)
        self.repository(full_name).hooks[made.id] = made
        return made

    def team(self, organisation: str, slug: str, members: Mapping[str, str]) -> Team:
        """A team: login -> `member` or `maintainer`."""
        for login in members:
            self.user(login)
        made = Team(self.state.next_id(), organisation, slug, dict(members))
        self.state.teams[f"{organisation}/{slug}"] = made
        return made

    def protect(self, full_name: str, branch: str, settings: Json | None = None) -> None:
        """Protects a branch."""
        self.repository(full_name).protected[branch] = settings or {}

    def event(self, full_name: str, about: Pull | Comment | Issue | Run, action: str) -> tuple[str, Json]:
        """The name and payload of an event, as in GITHUB_EVENT_NAME and the file of GITHUB_EVENT_PATH."""
        return event_of(self._call(), self.repository(full_name), about, action)

    def _call(self) -> Call:
        return Call(self.state, "GET", "/", {}, {}, b"", self.url, self.host, None, None, [])

    def announce(self, full_name: str, about: Pull | Comment | Issue | Run, action: str) -> None:
        """Sends an event to the hooks that listen, as if it had just happened."""
        self.sender.send([(*self.event(full_name, about, action), self.repository(full_name))])


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@contextlib.contextmanager
def running(root: Path | None = None, tls: bool = False) -> Iterator[Loopback]:
    """A loopback GitHub that listens for as long as the block lasts; with `tls` on https, trusted through `certificate`."""
    with tempfile.TemporaryDirectory() as folder:
        github = Loopback(root or Path(folder))
        listener = socket.create_server(("127.0.0.1", 0))
        key: Path | None = None
        if tls:
            github.certificate, key = self_signed(github.state.root)
        github.host = f"{'https' if tls else 'http'}://localhost:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            github.application,
            log_level="critical",
            lifespan="off",
            http="h11",
            ws="none",
            date_header=False,  # the edge says what time it is here
            ssl_certfile=github.certificate,
            ssl_keyfile=key,
        )
        server = _Server(config, listener)
        try:
            yield github
        finally:
            github.sender.close()
            server.stop()


class _Server:
    """Uvicorn in a thread of its own, which stops at once: left to itself it looks only ten times a second whether to."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        config.load()
        self._server, self._listener = uvicorn.Server(config), listener
        self._server.lifespan = config.lifespan_class(config)
        factory = config.get_loop_factory()
        self._loop = factory() if factory else asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close every connection, and wait until nothing runs any more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.startup(sockets=[self._listener]))
        ticking = self._loop.create_task(self._server.main_loop())
        self._loop.run_forever()
        self._loop.run_until_complete(self._end(ticking))
        self._loop.close()

    async def _end(self, ticking: asyncio.Task[None]) -> None:
        for each in self._server.servers:
            each.close()
        self._listener.close()
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        left = [ticking, *self._server.server_state.tasks]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._loop.shutdown_default_executor()
