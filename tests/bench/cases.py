"""What is measured, and what must be reached. Each case returns rows for the table."""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import data
from tests.bench.measure import Runs, run

ROOT = Path(__file__).parents[2]
BENCH = ROOT / ".bench"
PYTHON = Path(sys.executable)
ASSAY = [PYTHON, ROOT / "assay" / "__main__.py"]
PEERS = Path(__file__).parent / "peers"
MEGA = 1024**2


@dataclass(frozen=True)
class Row:
    """One line of the table: what, whose, and whether the target is met (None: only shown)."""

    what: str
    ours: str
    beside: str
    target: str
    reached: str
    met: bool | None
    runs: dict[str, Runs] = field(default_factory=dict)


def _figures(runs: Runs) -> str:
    return f"{runs.median:.2f} s ({runs.spread}), {runs.peak / MEGA:,.0f} MiB"


def drift_beside_evidently(quick: bool) -> list[Row]:
    """Drift of 1M x 20 (from profiles, each value with its bound) against Evidently's preset, whole processes."""
    base, head = data.write(BENCH / "data", 1_000_000)
    ours = run([*ASSAY, "drift", base, head, "--mode", "profile", "--json"], repeats=5, cwd=BENCH, exits=(0, 1))
    python = BENCH / "evidently" / "bin" / "python"
    theirs = run([python, PEERS / "evidently_drift.py", base, head], repeats=1 if quick else 2, cwd=BENCH, warm=False)
    faster, smaller = theirs.median / ours.median, ours.peak / theirs.peak
    runs = {"ours": ours, "evidently": theirs}
    return [
        Row(
            "drift, 1M × 20, whole process",
            _figures(ours),
            f"Evidently 0.7.23: {_figures(theirs)}",
            "≥ 60 × faster",
            f"{faster:.0f} ×",
            faster >= 60,
            runs,
        ),
        Row(
            "… its memory",
            f"{ours.peak / MEGA:,.0f} MiB",
            f"Evidently: {theirs.peak / MEGA:,.0f} MiB",
            "≤ 1/3",
            f"{smaller:.2f}",
            smaller <= 1 / 3,
        ),
    ]


def cached_drift(quick: bool) -> list[Row]:
    """Drift with the base profile cached, against reading the head's Parquet once; both timed inside fresh processes."""
    _, head = data.write(BENCH / "data", 1_000_000)
    ours = run([PYTHON, "-m", "tests.bench.cached_drift", head, "drift"], repeats=5, cwd=ROOT)
    theirs = run([PYTHON, "-m", "tests.bench.cached_drift", head, "read"], repeats=5, cwd=ROOT)
    bare = run([PYTHON, "-m", "tests.bench.cached_drift", head, "nothing"], repeats=5, cwd=ROOT)
    ratio = (ours.median - bare.median) / max(theirs.median - bare.median, 1e-9)
    return [
        Row(
            "drift with the base profile cached, 1M × 20",
            f"{ours.median - bare.median:.2f} s",
            f"reading the head's Parquet: {theirs.median - bare.median:.2f} s",
            "≤ 2.5 ×",
            f"{ratio:.2f} ×",
            ratio <= 2.5,
            {"ours": ours, "read": theirs, "imports": bare},
        )
    ]


def contract_beside_great_expectations(quick: bool) -> list[Row]:
    """Ten rules on 1M rows, whole processes."""
    base, _ = data.write(BENCH / "data", 1_000_000)
    contract = ["--contract", "contract.py:Rows", "-C", BENCH / "data"]
    ours = run([*ASSAY, "data", base, *contract, "--json"], repeats=5, cwd=BENCH / "data", exits=(0, 1))
    theirs = run([BENCH / "gx" / "bin" / "python", PEERS / "gx_contract.py", base], repeats=3, cwd=BENCH, exits=(0,))
    faster = theirs.median / ours.median
    return [
        Row(
            "contract, 1M rows, whole process",
            _figures(ours),
            f"Great Expectations 1.24: {_figures(theirs)}",
            "≥ 5 × faster",
            f"{faster:.1f} ×",
            faster >= 5,
        )
    ]


def ten_million(quick: bool) -> list[Row]:
    """Peak memory of contract and drift on 10M x 20."""
    if quick:
        return []
    base, head = data.write(BENCH / "data", 10_000_000)
    contract = ["--contract", "contract.py:Rows", "-C", BENCH / "data"]
    checked = run([*ASSAY, "data", base, *contract, "--json"], repeats=1, cwd=BENCH / "data", exits=(0, 1), warm=False)
    moved = run([*ASSAY, "drift", base, head, "--mode", "profile", "--json"], repeats=1, cwd=BENCH, exits=(0, 1), warm=False)
    limit = 2 * 1024 * MEGA
    return [
        Row("contract, 10M × 20", _figures(checked), "—", "≤ 2 GiB", f"{checked.peak / MEGA:,.0f} MiB", checked.peak <= limit),
        Row(
            "drift (profiles of both), 10M × 20",
            _figures(moved),
            "—",
            "≤ 2 GiB",
            f"{moved.peak / MEGA:,.0f} MiB",
            moved.peak <= limit,
        ),
    ]


def start_up(quick: bool) -> list[Row]:
    """`assay --help` beside the least a typer and rich program costs."""
    ours = run([*ASSAY, "--help"], repeats=9, cwd=BENCH)
    least = run([PYTHON, PEERS / "typer_rich.py"], repeats=9, cwd=BENCH)
    return [
        Row(
            "`assay --help`",
            f"{ours.median:.3f} s",
            f"a trivial typer + rich program: {least.median:.3f} s",
            "≤ 0.25 s",
            f"{ours.median:.3f} s",
            ours.median <= 0.25,
        )
    ]


def nothing_changed(quick: bool) -> list[Row]:
    """`assay check` on a branch that edits the README, beside one `dvc status`."""
    project = _flights("readme-only")
    ours = run([*ASSAY, "check", "--base", "main", "--json"], repeats=5, cwd=project)
    status = run([PYTHON.with_name("dvc"), "status"], repeats=5, cwd=project)
    beyond = ours.median - status.median
    return [
        Row(
            "`assay check`, nothing changed",
            f"{ours.median:.2f} s",
            f"`dvc status`: {status.median:.2f} s",
            "≤ 1.5 s beyond",
            f"{beyond:+.2f} s",
            beyond <= 1.5,
        )
    ]


def comment(quick: bool) -> list[Row]:
    """A comment of 2,000 metrics, inside one process."""
    full = run([PYTHON, "-m", "tests.bench.comment", "2000"], repeats=5, cwd=ROOT)
    bare = run([PYTHON, "-m", "tests.bench.comment", "0"], repeats=5, cwd=ROOT)
    took = full.median - bare.median
    return [
        Row(
            "comment of 2,000 metrics",
            f"{took:.2f} s",
            f"process with no metric: {bare.median:.2f} s",
            "≤ 0.3 s",
            f"{took:.2f} s",
            took <= 0.3,
        )
    ]


def growth(quick: bool) -> list[Row]:
    """Time at 0.1M, 1M and 10M rows, and the slope: 1 is linear."""
    sizes = [100_000, 1_000_000] if quick else [100_000, 1_000_000, 10_000_000]
    rows = []
    for name, arguments in {"drift, exact": ["--mode", "exact"], "drift, profile": ["--mode", "profile"]}.items():
        times = []
        for size in sizes:
            base, head = data.write(BENCH / "data", size)
            times.append(
                run([*ASSAY, "drift", base, head, *arguments, "--json"], repeats=1, cwd=BENCH, exits=(0, 1), warm=False).median
            )
        rows.append(_slope(name, sizes, times))
    times = []
    for size in sizes:
        base, _ = data.write(BENCH / "data", size)
        command = [*ASSAY, "data", base, "--contract", "contract.py:Rows", "-C", BENCH / "data", "--json"]
        times.append(run(command, repeats=1, cwd=BENCH / "data", exits=(0, 1)).median)
    return [*rows, _slope("contract", sizes, times)]


def _slope(name: str, sizes: list[int], times: list[float]) -> Row:
    slope = math.log(times[-1] / times[-2]) / math.log(sizes[-1] / sizes[-2])
    told = ", ".join(f"{size / 1e6:g}M: {seconds:.2f} s" for size, seconds in zip(sizes, times, strict=True))
    return Row(f"growth of {name}", told, "—", "at most linear", f"slope {slope:.2f}", slope <= 1.1)


def _flights(branch: str) -> Path:
    """The flights project on a branch, built once."""
    import subprocess

    target = BENCH / "flights"
    if not (target / "flights").is_dir():
        subprocess.run([PYTHON, "-m", "examples.flights.build", target], cwd=ROOT, check=True)
    subprocess.run(["git", "checkout", "-q", "-f", branch], cwd=target / "flights", check=True)
    subprocess.run([PYTHON.with_name("dvc"), "checkout", "-q"], cwd=target / "flights", check=True)
    return target / "flights"


CASES: dict[str, Callable[[bool], list[Row]]] = {
    "start": start_up,
    "comment": comment,
    "check": nothing_changed,
    "cached": cached_drift,
    "contract": contract_beside_great_expectations,
    "drift": drift_beside_evidently,
    "large": ten_million,
    "growth": growth,
}
