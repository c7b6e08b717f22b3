"""GitHub's REST API for one repository, as far as Assay uses it.

Every list is read through all its pages. Reads that find nothing raise NotThere unless they say otherwise; see
`bot.gateway.transport` for what is tried again. A write that GitHub may have carried out before the line broke is looked up
first, so that a retry never doubles it.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote

from bot.gateway import address
from bot.gateway.problems import Forbidden, NotThere, Refused
from bot.gateway.records import (
    ACTIONS,
    Artifact,
    CheckRun,
    CheckRunRecord,
    CommitStatus,
    Comparison,
    Identity,
    IssueComment,
    Json,
    PullRequest,
    Repository,
    State,
    WorkflowRun,
)
from bot.gateway.transport import Answer, Transport
from policy.problems import OutsideProblem, UserProblem

ANNOTATIONS_A_REQUEST = 50
COMMENT_LIMIT = 65_536
_SUMMARY_LIMIT = 65_535
FILES_LISTED = 300
"""How many files GitHub names in a comparison, at most."""
T = TypeVar("T")


class Gateway:
    """One repository on GitHub, by one token. Raises Forbidden, NotThere, Refused and OutsideProblem, as each method says.

    `full_name` is owner/name; `identity` is who the token is known to write as, where nobody needs to ask.
    """

    def __init__(self, transport: Transport, full_name: str, identity: Identity | None = None, app_slug: str = "") -> None:
        if full_name.count("/") != 1 or any(not part or part in (".", "..") for part in full_name.split("/")):
            raise UserProblem("no repository is named", "GITHUB_REPOSITORY", "Write it like owner/name")
        self.full_name = full_name
        self._transport = transport
        self._identity = identity
        self._app_slug = app_slug
        self._root = "/repos/" + quote(full_name)

    def __repr__(self) -> str:
        return f"Gateway({self.full_name!r}, {self._transport.base!r})"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], repository: str | None = None) -> "Gateway":
        """The gateway of a runner's environment (GITHUB_TOKEN or GH_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY).

        `ASSAY_APP_SLUG` names the App whose installation token it is, if it is one. Proxies and a custom CA come from the usual
        variables (HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE). Raises UserProblem where something is missing.
        """
        token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or ""
        if not token.strip():
            raise UserProblem("there is no token", "GITHUB_TOKEN", "Pass `GITHUB_TOKEN: ${{ github.token }}` in the step's env")
        base = address.base_url(environ)
        slug = environ.get("ASSAY_APP_SLUG", "")
        personal = token.startswith(("ghp_", "github_pat_", "gho_", "ghu_"))
        of_the_job = environ.get("GITHUB_ACTIONS") == "true" and not personal and not slug
        known = (ACTIONS if base == address.DEFAULT else Identity(ACTIONS.login)) if of_the_job else None
        return cls(Transport.to(base, token.strip()), repository or environ.get("GITHUB_REPOSITORY", ""), known, slug)

    @property
    def requests(self) -> int:
        """Requests to the API so far, as GitHub counts them: with tries, without transfers and what had not changed (304)."""
        return self._transport.requests

    @property
    def budget_low(self) -> bool:
        """Whether less than a tenth of the hour's requests is left, so that what is not needed should wait."""
        return self._transport.allowance.low(self._transport.clock())

    # --- who and where ---

    def repository(self) -> Repository:
        """The repository."""
        return _made(Repository.of, self._get("").data)

    def identity(self) -> Identity:
        """Who the token writes as; asked at most once.

        An installation token may not ask who it is: it is the App that `ASSAY_APP_SLUG` names, or a job's own token.
        """
        if self._identity is None:
            self._identity = self._ask_identity()
        return self._identity

    def _ask_identity(self) -> Identity:
        if self._app_slug:
            found = self._transport.send("GET", f"/users/{quote(self._app_slug + '[bot]', safe='')}").data
            return Identity(found["login"], found["id"])
        try:
            found = self._transport.send("GET", "/user").data
        except Forbidden:
            return Identity(ACTIONS.login)
        return Identity(found["login"], found["id"])

    # --- pull requests and runs ---

    def pull_request(self, number: int) -> PullRequest:
        """One pull request."""
        return _made(PullRequest.of, self._get(f"/pulls/{number}", {"pull-requests": "read"}).data)

    def pull_requests_with_head(self, sha: str, head_repository_owner: str, head_ref: str) -> list[PullRequest]:
        """The open pull requests whose head is this commit of this branch. Works for forks, where an event names none."""
        head = quote(f"{head_repository_owner}:{head_ref}", safe="")
        found = self._list(f"/pulls?state=open&head={head}", PullRequest.of, {"pull-requests": "read"})
        return [each for each in found if each.head_sha == sha]

    def pull_requests_of_commit(self, sha: str) -> list[PullRequest]:
        """The open pull requests whose head is this commit, whichever branch it is of; for heads whose fork was deleted.

        All open pull requests are listed: what GitHub tells of a commit's pull requests leaves those of forks out.
        """
        found = self._list("/pulls?state=open", PullRequest.of, {"pull-requests": "read"})
        return [each for each in found if each.head_sha == sha]

    def workflow_run(self, run_id: int) -> WorkflowRun:
        """One run of a workflow."""
        return _made(WorkflowRun.of, self._get(f"/actions/runs/{run_id}", {"actions": "read"}).data)

    def artifacts(self, run_id: int, name: str = "") -> list[Artifact]:
        """What a run left, the newest first; all of it, or what has this name."""
        wanted = f"?name={quote(name, safe='')}" if name else ""
        found = self._list(f"/actions/runs/{run_id}/artifacts{wanted}", Artifact.of, {"actions": "read"}, "artifacts")
        return sorted((each for each in found if not name or each.name == name), key=lambda each: -each.id)

    def download(self, artifact_id: int, limit: int) -> bytes:
        """An artifact's zip, at most `limit` bytes; raises Refused where it has more."""
        return self._transport.download(f"{self._root}/actions/artifacts/{artifact_id}/zip", limit, {"actions": "read"})

    # --- contents and history ---

    def file(self, path: str, ref: str) -> bytes | None:
        """A file at a revision; None where there is none, or a folder. Raises Refused for one over a megabyte."""
        data = self._contents(path, ref)
        if not isinstance(data, dict) or data.get("type") != "file":
            return None
        if data.get("encoding") != "base64":
            raise Refused("the file is larger than a megabyte", path, "Make it smaller")
        try:
            return base64.b64decode(data["content"])
        except binascii.Error:
            raise OutsideProblem("GitHub answered with something that is not base64", path, "Try again later") from None

    def folder(self, path: str, ref: str) -> list[str]:
        """The names of the files in a folder at a revision; none where there is no such folder."""
        data = self._contents(path, ref)
        return [each["name"] for each in data if each["type"] == "file"] if isinstance(data, list) else []

    def _contents(self, path: str, ref: str) -> Any:
        try:
            return self._get(f"/contents/{quote(path)}?ref={quote(ref, safe='')}", {"contents": "read"}).data
        except NotThere:
            return None

    def compare(self, base: str, head: str) -> Comparison:
        """Two revisions (branches or SHAs) compared, one request. The names of at most 300 files come with it."""
        between = f"{quote(base, safe='')}...{quote(head, safe='')}"
        data = self._get(f"/compare/{between}?per_page=100", {"contents": "read"}).data
        files = data.get("files") or []
        names = [name for each in files for name in (each["filename"], each.get("previous_filename")) if name]
        return _made(
            lambda found: Comparison(
                status=found["status"],
                base=found["base_commit"]["sha"],
                merge_base=found["merge_base_commit"]["sha"],
                files=tuple(names),
                whole=len(files) < FILES_LISTED,
            ),
            data,
        )

    def merge_base(self, base: str, head: str) -> str:
        """The commit at which head left base."""
        return self.compare(base, head).merge_base

    def changed_files(self, number: int) -> list[str]:
        """The names of the files that a pull request changes (GitHub lists 3,000 at most), old names of renamed ones too."""
        found = self._transport.pages(f"{self._root}/pulls/{number}/files", needs={"pull-requests": "read"})
        return [name for each in found for name in (each["filename"], each.get("previous_filename")) if name]

    def commit_parents(self, sha: str) -> list[str]:
        """The parents of a commit, the first one first."""
        return [each["sha"] for each in self._get(f"/git/commits/{sha}", {"contents": "read"}).data["parents"]]

    # --- comments ---

    def comments(self, number: int) -> list[IssueComment]:
        """All comments on an issue or pull request, the oldest first."""
        return self._list(f"/issues/{number}/comments", IssueComment.of, {"pull-requests": "read"})

    def create_comment(self, number: int, body: str) -> IssueComment:
        """Write a comment; its author is who we are from then on.

        Raises Refused for a body over 65,536 characters, which GitHub does not take.
        """
        if len(body) > COMMENT_LIMIT:
            raise Refused(f"the comment has {len(body):,} characters, more than {COMMENT_LIMIT:,}", f"#{number}", "Shorten it")

        def already() -> Json | None:
            path = f"{self._root}/issues/{number}/comments"
            newest = self._transport.send("GET", f"{path}?per_page=1")
            since = _date(newest)
            for each in self._transport.pages(path):
                if (
                    each.get("body") == body
                    and self.identity().wrote(IssueComment.of(each))
                    and _recent(each["created_at"], since)
                ):
                    return dict(each)
            return None

        made = _made(IssueComment.of, self._post(f"/issues/{number}/comments", {"body": body}, _COMMENTING, already))
        if made.author_login is not None and not self.identity().wrote(made):
            # The environment let expect another account, such as a job's own where the token is an App's.
            self._identity = Identity(made.author_login, made.author_id)
        return made

    def update_comment(self, comment_id: int, body: str) -> None:
        """Write a comment anew; raises NotThere where somebody deleted it."""
        self._send("PATCH", f"/issues/comments/{comment_id}", {"body": body}, _COMMENTING)

    def delete_comment(self, comment_id: int) -> None:
        """Delete a comment; one that is gone already is no problem."""
        try:
            self._send("DELETE", f"/issues/comments/{comment_id}", None, _COMMENTING)
        except NotThere:
            return

    def owns(self, comment: IssueComment) -> bool:
        """Whether the token's own account wrote a comment."""
        return self.identity().wrote(comment)

    # --- check runs and statuses ---

    def check_runs(self, sha: str, app_id: int | None = None) -> list[CheckRunRecord]:
        """The newest check run of each name on a commit; of one App where it is given."""
        only = f"&app_id={app_id}" if app_id is not None else ""
        path = f"/commits/{sha}/check-runs?filter=latest{only}"
        return self._list(path, CheckRunRecord.of, {"checks": "read"}, "check_runs")

    def create_check_run(self, run: CheckRun) -> int:
        """Create a check run, its annotations in batches of 50; the answer is its id."""
        first, *others = _batches(run)

        def already() -> Json | None:
            same = [
                each for each in self.check_runs(run.head_sha) if (each.name, each.external_id) == (run.name, run.external_id)
            ]
            return {"id": same[0].id} if same else None

        made = self._post("/check-runs", {**_check(run, first), "head_sha": run.head_sha}, _CHECKING, already)
        for batch in others:
            self._send("PATCH", f"/check-runs/{made['id']}", _check(run, batch), _CHECKING)
        return int(made["id"])

    def update_check_run(self, check_run_id: int, run: CheckRun) -> None:
        """Make a check run as it should be. GitHub keeps annotations it has and adds these."""
        for batch in _batches(run):
            self._send("PATCH", f"/check-runs/{check_run_id}", _check(run, batch), _CHECKING)

    def statuses(self, sha: str) -> list[CommitStatus]:
        """All statuses of a commit, the newest first."""
        return self._list(f"/commits/{sha}/statuses", CommitStatus.of, {"statuses": "read"})

    def create_status(self, sha: str, context: str, state: State, description: str, url: str = "") -> None:
        """Set a commit status. The same one twice shows as one."""
        body = {"context": context, "state": state, "description": description[:140], **({"target_url": url} if url else {})}
        self._post(f"/statuses/{sha}", body, {"statuses": "write"}, _never)

    # --- git data ---

    def ref(self, name: str) -> str | None:
        """The SHA that a ref such as `heads/main` points to; None where there is none."""
        try:
            return str(self._get(f"/git/ref/{quote(name)}", {"contents": "read"}).data["object"]["sha"])
        except NotThere:
            return None

    def create_blob(self, content: bytes) -> str:
        """Store bytes; the answer is their SHA."""
        body = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
        return str(self._post("/git/blobs", body, _WRITING, _never)["sha"])

    def create_tree(self, base_tree: str | None, entries: Mapping[str, str | None]) -> str:
        """Store a tree of files (path to the SHA of its blob; None takes the path out of `base_tree`); the answer is its SHA."""
        tree = [{"path": path, "mode": "100644", "type": "blob", "sha": sha} for path, sha in entries.items()]
        body = {"tree": tree, **({"base_tree": base_tree} if base_tree else {})}
        return str(self._post("/git/trees", body, _WRITING, _never)["sha"])

    def create_commit(self, message: str, tree: str, parents: list[str]) -> str:
        """Store a commit; the answer is its SHA."""
        body = {"message": message, "tree": tree, "parents": parents}
        return str(self._post("/git/commits", body, _WRITING, _never)["sha"])

    def create_ref(self, name: str, sha: str) -> None:
        """Create a ref such as `heads/main`; raises Refused where there is one already."""

        def already() -> Json | None:
            return {"sha": sha} if self.ref(name) == sha else None

        self._post("/git/refs", {"ref": f"refs/{name}", "sha": sha}, _WRITING, already)

    def update_ref(self, name: str, sha: str, force: bool = False) -> None:
        """Move a ref; raises Refused where that is no fast-forward and `force` is not set."""
        self._send("PATCH", f"/git/refs/{quote(name)}", {"sha": sha, "force": force}, _WRITING)

    def tree(self, sha: str) -> dict[str, tuple[str, int]]:
        """The files of a tree or commit, folders walked: path to (SHA of the blob, size in bytes)."""
        data = self._get(f"/git/trees/{sha}?recursive=1", {"contents": "read"}).data
        if data.get("truncated"):
            raise Refused("the tree is too large to be listed", sha, "Start a new branch")
        return {each["path"]: (each["sha"], each.get("size", 0)) for each in data["tree"] if each["type"] == "blob"}

    # --- underneath ---

    def _get(self, path: str, needs: dict[str, str] | None = None) -> Answer:
        return self._transport.send("GET", self._root + path, needs=needs)

    def _list(self, path: str, make: Callable[[Json], T], needs: dict[str, str], key: str | None = None) -> list[T]:
        return [_made(make, each) for each in self._transport.pages(self._root + path, key, needs)]

    def _send(self, verb: str, path: str, body: Json | None, needs: dict[str, str]) -> Answer:
        return self._transport.send(verb, self._root + path, body=body, needs=needs)

    def _post(self, path: str, body: Json, needs: dict[str, str], already: Callable[[], Json | None]) -> Any:
        return self._transport.send("POST", self._root + path, body=body, needs=needs, present=already).data


_COMMENTING = {"pull-requests": "write"}
_CHECKING = {"checks": "write"}
_WRITING = {"contents": "write"}


def _never() -> None:
    """For what may be written twice without a difference: git's objects are named by their content, statuses by their context."""


def _made(make: Callable[[Json], T], data: Json) -> T:
    try:
        return make(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise OutsideProblem(f"GitHub's answer lacks {error}", make.__qualname__, "See that GITHUB_API_URL is an API") from None


def _batches(run: CheckRun) -> list[tuple[Json, ...]]:
    whole = [each.json() for each in run.annotations]
    return [tuple(whole[at : at + ANNOTATIONS_A_REQUEST]) for at in range(0, max(1, len(whole)), ANNOTATIONS_A_REQUEST)]


def _check(run: CheckRun, annotations: tuple[Json, ...]) -> Json:
    output: Json = {"title": run.title, "summary": run.summary[:_SUMMARY_LIMIT]}
    if run.text:
        output["text"] = run.text[:_SUMMARY_LIMIT]
    if annotations:
        output["annotations"] = list(annotations)
    body: Json = {"name": run.name, "external_id": run.external_id, "status": run.status, "output": output}
    if run.conclusion is not None:
        body["conclusion"] = run.conclusion
    if run.details_url:
        body["details_url"] = run.details_url
    if run.buttons:
        body["actions"] = [vars(each) for each in run.buttons]
    return body


def _date(answer: Answer) -> float:
    """The server's own clock, by which a comment's age is told."""
    try:
        return parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return 0.0


def _recent(created: str, now: float) -> bool:
    """Whether it was made within the last five minutes, so that an equal comment of another day is not taken for it."""
    return datetime.fromisoformat(created).timestamp() > now - 300
