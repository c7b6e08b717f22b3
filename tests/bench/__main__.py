"""`make bench`: installs the peers, measures, prints the table and writes docs/benchmarks.md.

`make bench ARGS="drift contract"` measures some cases anew and keeps what was measured of the others on this machine.
`--quick` measures the slow peers once, and writes nothing.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench import ledger, monitor, promotion, service, tuning
from tests.bench.cases import BENCH, CASES, ROOT, Row

CASES["webhooks"] = service.webhooks
CASES["ledger"] = ledger.verified
CASES["promotion"] = promotion.approved
CASES["monitor"] = monitor.looked
CASES["tune"] = tuning.tuned
PEERS = {"evidently": ["evidently==0.7.23", "pandas<3", "pyarrow"], "gx": ["great_expectations==1.24.0", "pyarrow"]}

BESIDE = {"drift": "evidently", "contract": "gx"}
"""Which cases need which peer."""


def main(arguments: list[str]) -> int:
    """Run the named cases, or all of them."""
    quick = "--quick" in arguments
    names = [name for name in arguments if not name.startswith("-")] or list(CASES)
    if unknown := set(names) - set(CASES):
        print(f"no such case: {', '.join(unknown)}; there are {', '.join(CASES)}", file=sys.stderr)
        return 2
    BENCH.mkdir(exist_ok=True)
    _install({BESIDE[name] for name in names if name in BESIDE})
    measured = _earlier()
    for name in names:
        print(f"measuring {name} ...", flush=True)
        rows = CASES[name](quick)
        measured[name] = [_plain(row) for row in rows]
        for row in rows:
            print(f"  {_mark(row)} {row.what}: {row.ours}; {row.beside}; wanted {row.target}, reached {row.reached}", flush=True)
    if not quick:
        (BENCH / "results.json").write_text(json.dumps(measured), "utf-8")
    if not quick and set(measured) == set(CASES):
        told = [Row(**row) for name in CASES for row in measured[name]]
        (ROOT / "docs" / "benchmarks.md").write_text(page(told), "utf-8")
    return 0


def _earlier() -> dict[str, list[dict[str, Any]]]:
    file = BENCH / "results.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def _plain(row: Row) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "runs"}


def _install(peers: set[str]) -> None:
    """Each peer gets an environment of its own, byte-compiled like ours."""
    for name in sorted(peers):
        requirements = PEERS[name]
        target = BENCH / name
        if (target / ".installed").exists():
            continue
        print(f"installing {name} ...", flush=True)
        uv = _uv()
        subprocess.run([uv, "venv", "--quiet", "--clear", target], check=True)
        python = target / "bin" / "python"
        subprocess.run([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *requirements], check=True)
        (target / ".installed").touch()


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else "uv"


def page(rows: list[Row]) -> str:
    """docs/benchmarks.md."""
    lines = [
        "# Benchmarks\n",
        "Written by `make bench`: whole processes side by side in one run on one machine, each after a run that warms "
        "the file cache; "
        "the memory is watched in that first run only, because watching costs a share of a core; "
        "medians, with the smallest and the largest in parentheses; memory is the peak of the whole process tree. "
        "Data: 14 columns of floats and 6 of strings. All environments are byte-compiled.\n",
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}; shared and noisy, "
        "so ratios say more than seconds.\n",
        "| what | Assay | beside it | wanted | reached | |",
        "|---|---|---|---|---|:-:|",
        *(f"| {row.what} | {row.ours} | {row.beside} | {row.target} | {row.reached} | {_mark(row)} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def _mark(row: Row) -> str:
    return {True: "✓", False: "✗", None: ""}[row.met]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
