"""The front door: isolates the interpreter, finds the rooms, hands over.

Without `-I` a file of the user's such as `jinja2.py`, or their own `reports` folder on PYTHONPATH, would run inside us,
so an interpreter that is not isolated is started again. The rooms lie beside this package in a checkout and in
`assay/_rooms` in the wheel.
"""

import atexit
import gc
import sys


def main() -> None:
    """Run the command line."""
    if not sys.flags.isolated:
        _start_again()
    # A fifth of the time that large libraries take to load and to end goes to looking for garbage that is not there.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    # Only now: an interpreter that is not isolated could find the user's `pathlib.py` first.
    from pathlib import Path

    here = Path(__file__).resolve().parent
    rooms = here / "_rooms"
    sys.path.insert(0, str(rooms if rooms.is_dir() else here.parent))
    from assay.cli import run

    run(sys.argv[1:])


def _start_again() -> None:
    arguments = [sys.executable, "-I", __file__, *sys.argv[1:]]
    if sys.platform == "win32":
        # execv on Windows returns to the shell before the work is done.
        import subprocess

        raise SystemExit(subprocess.run(arguments, check=False).returncode)
    import os

    os.execv(sys.executable, arguments)  # noqa: S606


if __name__ == "__main__":
    main()
