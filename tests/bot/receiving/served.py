"""The real service as a process of its own, with a handler that leaves marks in a folder.

Each call is a line in `calls`. The effect is a file named after the delivery, made only where it is not there yet, as an effect
on GitHub is looked up by its marker first; each that was made is a line in `effects`. What a comment says is done to the process.
"""

import os
import signal
import sys
import time
from pathlib import Path

from assay.verbs.serve import run
from bot import settings as configuration
from bot.receiving import logs
from bot.receiving.delivery import Delivery
from bot.receiving.service import build

ROOT = Path(__file__).parents[3]


class Marking:
    """The handler."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def __call__(self, delivery: Delivery) -> str:
        said = str(delivery.payload.get("comment", {}).get("body", ""))
        self._note("calls", f"{delivery.id} {os.getpid()}")
        if said.startswith("/sleep "):
            time.sleep(float(said.split()[1]))
        if said == "/die-before" and self._first(f"dying-{delivery.id}"):
            os.kill(os.getpid(), signal.SIGKILL)
        if self._first(f"effect-{delivery.id}"):
            self._note("effects", delivery.id)
        if said == "/die-after" and self._first(f"dying-{delivery.id}"):
            os.kill(os.getpid(), signal.SIGKILL)
        return "marked"

    def _first(self, name: str) -> bool:
        try:
            (self._folder / name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _note(self, name: str, line: str) -> None:
        handle = os.open(self._folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{line}\n".encode())
        os.close(handle)


if __name__ == "__main__":
    settings = configuration.load()
    logs.start(settings.log_level, settings.every_secret())
    sys.exit(run(build(settings, Marking(Path(sys.argv[1]))), settings))
