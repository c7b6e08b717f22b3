"""Uploads $FILE as the artifact $NAME: create it, put the zip where the answer points, finalize it."""

import base64
import io
import json
import os
import urllib.request
import zipfile
from pathlib import Path

SERVICE = "twirp/github.actions.results.api.v1.ArtifactService"


def ask(method: str, **message: object) -> dict[str, str]:
    """Call the artifact service of the runner."""
    request = urllib.request.Request(
        f"{os.environ['ACTIONS_RESULTS_URL']}{SERVICE}/{method}",
        data=json.dumps(message).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {os.environ['ACTIONS_RUNTIME_TOKEN']}"},
    )
    with urllib.request.urlopen(request) as answer:
        found: dict[str, str] = json.load(answer)
    return found


def ids() -> dict[str, str]:
    """The run and the job, as the token of the runner names them."""
    body = os.environ["ACTIONS_RUNTIME_TOKEN"].split(".")[1]
    scope = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["scp"]
    run, job = next(each for each in scope.split() if each.startswith("Actions.Results:")).split(":")[1:3]
    return {"workflow_run_backend_id": run, "workflow_job_run_backend_id": job}


def main() -> None:
    """Upload the file, or say that there is none."""
    file = Path(os.environ["FILE"])
    hidden = any(part.startswith(".") for part in file.parts)
    if not file.is_file() or (hidden and os.environ["HIDDEN"] != "true"):
        print(f"no files found for {file}")
        raise SystemExit(0 if os.environ["MISSING"] == "ignore" else 1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(file.name, file.read_bytes())
    raw, name = buffer.getvalue(), os.environ["NAME"]
    url = ask("CreateArtifact", name=name, version=4, **ids())["signedUploadUrl"]
    urllib.request.urlopen(urllib.request.Request(f"{url}&comp=block", data=raw, method="PUT")).close()
    ask("FinalizeArtifact", name=name, size=str(len(raw)), **ids())
    print(f"uploaded {name}: {len(raw)} bytes")


if __name__ == "__main__":
    main()
