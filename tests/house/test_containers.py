"""The image and its composition are small, pinned, and give nothing away."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.strip().partition(" ") for line in lines)]


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    return found


def test_the_image_runs_as_nobody_in_particular() -> None:
    last = [name for name, _ in instructions()]
    users = [rest for name, rest in instructions() if name == "USER"]
    assert users and users[-1] not in ("root", "0")
    assert last.index("USER") < last.index("ENTRYPOINT")


def test_the_image_installs_the_lock_and_nothing_else() -> None:
    runs = [rest for name, rest in instructions() if name == "RUN"]
    assert any("--require-hashes -r requirements-service.lock" in run for run in runs)
    assert not [run for run in runs if re.search(r"apt-get|curl|wget|pip install(?!.*--require-hashes)", run)]
    assert not [rest for name, rest in instructions() if name == "ADD"]


def test_every_image_has_a_version() -> None:
    images = [rest.split()[0] for name, rest in instructions() if name == "FROM"]
    images += [each["image"] for each in services().values() if "image" in each]
    for image in images:
        assert re.search(r":\d[\w.-]*$", image), image


def test_what_is_copied_is_there_and_let_in() -> None:
    let_in = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {rest.split()[0] for name, rest in instructions() if name == "COPY" and not rest.startswith("--from")}
    assert copied == let_in
    assert all((ROOT / path).exists() for path in copied)


def test_the_image_says_whether_it_is_well() -> None:
    names = [name for name, _ in instructions()]
    assert "HEALTHCHECK" in names and "EXPOSE" in names
    assert len(names) <= 30


def test_no_secret_is_written_down() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for each in services().values():
        for name, value in (each.get("environment") or {}).items():
            if re.search(r"SECRET|KEY|PASSWORD|DATABASE_URL", name):
                assert name.endswith("_FILE") and str(value).startswith("/run/secrets/"), name
    kept_out = (ROOT / ".gitignore").read_text("utf-8")
    named = set(re.findall(r"file: (\S+?)}", text)) | set(re.findall(r"env_file: \[(\S+)\]", text))
    assert named == {"assay-app.env", "secrets/postgres_password", "secrets/database_url"}
    assert all(each in text.split("services:")[0] for each in named), "the top of the file says what each is"
    assert "/secrets/" in kept_out and "assay-app.env" in kept_out


def test_the_bot_gets_no_more_than_it_needs() -> None:
    for name in ("web", "worker"):
        each = services()[name]
        assert each["read_only"] and each["cap_drop"] == ["ALL"] and "no-new-privileges:true" in each["security_opt"]
        assert not each.get("privileged") and all(str(port).startswith("127.0.0.1:") for port in each.get("ports", []))


def test_every_option_that_the_composition_gives_exists() -> None:
    from assay.cli import load

    options = {option for each in load("serve").params for option in each.opts}
    for name in ("web", "worker"):
        given = [word for word in services()[name]["command"] if word.startswith("--")]
        assert set(given) <= options


def test_the_image_holds_everything_that_the_service_imports() -> None:
    script = (
        "import sys; sys.path.insert(0, '.')\n"
        "import assay.cli, assay.verbs.serve, bot.app.creating, bot.handlers, bot.homes.service, bot.pages.site\n"
        "import bot.receiving.service\n"
        "import uvicorn, uvloop, httptools\n"
        "from importlib.metadata import packages_distributions\n"
        "known = packages_distributions()\n"
        "print(*sorted({each for name in list(sys.modules) for each in known.get(name.split('.')[0], ())}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = {name.lower().replace("_", "-") for name in done.stdout.split()}
    locked = set(
        re.findall(r"^([a-z0-9-]+)(?:\[[^]]*])?==", (ROOT / "requirements-service.lock").read_text("utf-8"), re.MULTILINE)
    )
    # Compiled by the interpreter's own environment, imported only where they happen to be there.
    assert imported - locked <= {"setuptools", "orjson", "colorama", "attrs", "six", "typeguard", "email-validator", "dnspython"}
    assert not locked & {"dvc", "polars", "pandas", "pyarrow", "numpy"}
