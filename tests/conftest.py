"""What all tests share: their order, and the demo, which is built once for all processes."""

import gc
import os
import shutil
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from filelock import FileLock

from actions.progress import Silent
from examples.flights.build import MARKER, Demo, build

# As the product has it, before any test loads MLflow: it would take over the logs of others in this process.
os.environ.setdefault("MLFLOW_CONFIGURE_LOGGING", "false")
# What one process compiles is there for the others, and for the next run: half of what collecting all tests takes.
sys.dont_write_bytecode = False
# Thousands of modules and tests stay to the end: to look through them for garbage again and again takes a quarter of the rest.
gc.set_threshold(100_000)
ROOT = Path(__file__).parents[1]


def pytest_collection(session: pytest.Session) -> None:
    """Where several processes collect all tests, each reads a share of the modules first: no two compile the same ones."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != session.config.getini("testpaths"):
        return
    share = sorted((ROOT / "tests").rglob("test_*.py"))[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]
    for path in share:
        with suppress(Exception, pytest.skip.Exception):  # pytest says so when it comes to it
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What is there by now is no garbage."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Libraries that count what is left at the end find it given back."""
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with slow tests come first, so that no process is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demo:
    """The built demo, in the place of one whose building was interrupted. Tests read, clone or copy it; none changes it."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    target = shared / "demo"
    with FileLock(shared / "demo.lock"):
        if not (done := shared / "demo.built").exists():
            target.mkdir()
            (target / MARKER).write_text("")
            (target / "left-over").write_text("half of something")
            build(target, Silent())
            done.touch()
    return Demo(target, target / "flights", target / "remote")


@pytest.fixture(scope="session")
def own_demo(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A copy of the demo for tests that write into its cache and log runs beside it; it has the same remote."""
    target = Path(shutil.copytree(demo.root, tmp_path_factory.mktemp("own") / "demo", symlinks=True))
    return Demo(target, target / "flights", target / "remote")
