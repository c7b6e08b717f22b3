"""Downloads the artifact $NAME of this run, or all whose names match $PATTERN, and unpacks them into $FOLDER."""

import base64
import fnmatch
import io
import json
import os
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

SERVICE = "twirp/github.actions.results.api.v1.ArtifactService"


def ids() -> dict[str, str]:
    """The run and the job, as the token of the runner names them."""
    body = os.environ["ACTIONS_RUNTIME_TOKEN"].split(".")[1]
    scope = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["scp"]
    run, job = next(each for each in scope.split() if each.startswith("Actions.Results:")).split(":")[1:3]
    return {"workflow_run_backend_id": run, "workflow_job_run_backend_id": job}


def ask(method: str, **what: str) -> dict[str, Any]:
    """What the service answers."""
    request = urllib.request.Request(
        f"{os.environ['ACTIONS_RESULTS_URL']}{SERVICE}/{method}",
        data=json.dumps({**what, **ids()}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {os.environ['ACTIONS_RUNTIME_TOKEN']}"},
    )
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def main() -> None:
    """Ask where they are, fetch them, unpack them."""
    names = [os.environ["NAME"]]
    if not names[0]:
        if os.environ["MERGE"] != "true":
            raise SystemExit("a pattern is understood with merge-multiple alone")
        every = [each["name"] for each in ask("ListArtifacts").get("artifacts", [])]
        names = fnmatch.filter(every, os.environ["PATTERN"])
    for name in names:
        with urllib.request.urlopen(ask("GetSignedArtifactURL", name=name)["signedUrl"]) as answer:
            zipfile.ZipFile(io.BytesIO(answer.read())).extractall(Path(os.environ["FOLDER"]))
        print(f"downloaded {name}")


if __name__ == "__main__":
    main()
