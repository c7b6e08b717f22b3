"""What is installed is what was pinned."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def test_every_requirement_is_pinned_with_a_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        pins = re.findall(r"^([a-zA-Z0-9_.-]+)(\[[^]]*])?==(\S+)", lock.read_text("utf-8"), re.MULTILINE)
        blocks = re.split(r"\n(?=[a-zA-Z0-9_.-]+(?:\[[^]]*])?==)", lock.read_text("utf-8"))[1:]
        assert len(pins) > 10
        assert all("--hash=sha256:" in block for block in blocks), lock.name


def test_the_lock_names_no_registry() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "http://" not in lock.read_text("utf-8")
        assert "https://" not in lock.read_text("utf-8"), lock.name
    assert not (ROOT / "uv.lock").exists()


def test_the_lock_holds_every_declared_requirement() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    declared = [
        *project["project"]["dependencies"],
        *(each for extra in extras.values() for each in extra),
        *project["dependency-groups"]["dev"],
    ]
    names = {re.match(r"[A-Za-z0-9_-]+", each)[0].lower().replace("_", "-") for each in declared} - {"assay"}
    locked = set(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*])?==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    assert names <= locked


def test_actions_install_the_versions_that_the_tests_ran_with() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+==[^ ;\\]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    others = pins("requirements-action.lock") - pins("requirements.lock")
    assert {pin.partition("==")[0] for pin in others} <= {"uv"}
    assert any(pin.startswith("dvc==") for pin in pins("requirements-action.lock"))
    assert not any(pin.startswith(("pytest==", "mlflow==", "playwright==")) for pin in pins("requirements-action.lock"))


def test_the_base_install_stays_small() -> None:
    base = " ".join(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])
    assert not re.search(r"\b(pandas|scikit-learn|mlflow|scipy|altair)\b", base)


def test_workflows_have_least_permissions_pins_and_time_limits() -> None:
    for file in [*(ROOT / ".github/workflows").glob("*.yml"), *(ROOT / "workflows").glob("*.yml")]:
        text = file.read_text("utf-8")
        workflow = yaml.safe_load(text)
        assert "permissions" in workflow, file.name
        assert all("timeout-minutes" in job for job in workflow["jobs"].values()), file.name
        for use in re.findall(r"uses:\s*(\S+)", text):
            assert use.startswith("./") or re.search(r"@[0-9a-f]{40}$", use), f"{file.name}: {use} is not pinned by SHA"
        for job in workflow["jobs"].values():
            assert not any("${{" in step.get("run", "") for step in job["steps"]), file.name
