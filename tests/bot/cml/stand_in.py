"""A stand-in for the `cml` of a runner: an executable on PATH that writes down how it was called and then does as CML 0.20.6."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = """\
#!{python}
import json, os, pathlib, re, sys, urllib.request

told = sys.argv[1:]
flags = dict(each[2:].split("=", 1) for each in told if each.startswith("--"))
text = pathlib.Path(told[2]).read_text("utf-8")
secrets = {{name: os.environ.get(name) for name in ("REPO_TOKEN", "ITERATIVE_DO_NOT_TRACK", "CML_COMMENT_TARGET")}}
with open({record!r}, "a") as record:
    record.write(json.dumps({{"arguments": told, "flags": flags, "text": text, "environment": secrets}}) + "\\n")
if {fails!r}:
    sys.exit(print("first line\\nno luck with", os.environ["REPO_TOKEN"], file=sys.stderr) or 1)


def ask(verb, path, body=None):
    address = os.environ["GITHUB_API_URL"].rstrip("/") + "/repos/" + os.environ["GITHUB_REPOSITORY"] + path
    sent = None if body is None else json.dumps(body).encode()
    headers = {{"Authorization": "token " + os.environ["REPO_TOKEN"], "Content-Type": "application/json"}}
    with urllib.request.urlopen(urllib.request.Request(address, sent, headers, method=verb)) as answer:
        return json.load(answer)


if told[:2] == ["check", "create"]:
    output = {{"title": flags["title"], "summary": text}}
    check = {{"name": flags["title"], "head_sha": flags["commit-sha"], "output": output}}
    ask("POST", "/check-runs", {{**check, "status": flags["status"], "conclusion": flags["conclusion"]}})
else:
    number, title = flags["target"].removeprefix("pr/"), "CML watermark " + flags["watermark-title"]
    text += '\\n\\n![](https://cml.dev/watermark.png#%s "%s")' % (os.environ["GITHUB_SHA"], title)
    pattern = r'!\\[\\]\\(https://cml.dev/watermark.png#[0-9a-fA-F]+ "%s"\\)' % re.escape(title)
    every = ask("GET", "/issues/" + number + "/comments")
    known = [each["id"] for each in reversed(every) if re.search(pattern, each["body"])]
    if known:
        ask("PATCH", "/issues/comments/%d" % known[0], {{"body": text}})
    else:
        ask("POST", "/issues/" + number + "/comments", {{"body": text}})
"""


@dataclass(frozen=True)
class Call:
    """One call of the stand-in: its arguments, those that are flags, the file it was given and a part of its environment."""

    arguments: list[str]
    flags: dict[str, str]
    text: str
    environment: dict[str, str | None]


@dataclass(frozen=True)
class StandIn:
    """The folder for PATH, and what was written down."""

    folder: Path
    record: Path

    @property
    def calls(self) -> list[Call]:
        """Every call so far."""
        lines = self.record.read_text("utf-8").splitlines() if self.record.exists() else []
        return [Call(**json.loads(line)) for line in lines]


def stand_in(folder: Path, *, fails: bool = False) -> StandIn:
    """Writes the executable into `folder`/bin."""
    where, record = folder / "bin", folder / "calls.jsonl"
    where.mkdir(exist_ok=True)
    program = where / "cml"
    program.write_text(_SCRIPT.format(python=sys.executable, record=str(record), fails=fails), "utf-8")
    program.chmod(0o755)
    return StandIn(where, record)
