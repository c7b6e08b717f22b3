"""Draws docs/report.png, the picture in the README: the comment on a branch of the demo, as GitHub would show it.

    python docs/picture.py [demo]

Reuses the demo in that folder, or builds it there first. Needs a Chromium: playwright's own, or the one that CHROMIUM names.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import FloatRect, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BRANCH = "worse-model"
WIDTH, SCALE, MOST_BYTES = 900, 2, 400_000
_MARGIN = 16


def main() -> None:
    """Build the demo where there is none, and take the picture."""
    demo = Path(sys.argv[1] if len(sys.argv) > 1 else "demo").resolve()
    if not (demo / "index.html").exists():
        subprocess.run([sys.executable, "-m", "assay", "demo", str(demo)], cwd=ROOT, check=True)
    target = ROOT / "docs" / "report.png"
    target.write_bytes(taken(demo / "index.html"))
    size = target.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{target} has {size:,} bytes, and {MOST_BYTES:,} are enough for a README")
    print(f"{target}: {size:,} bytes")


def taken(gallery: Path) -> bytes:
    """The picture as PNG: the comment from its first line to the end of its table of gates, on white."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": WIDTH + 120, "height": 1_600}, device_scale_factor=SCALE, color_scheme="light", offline=True
        )
        page.goto(gallery.as_uri())
        picture = page.screenshot(clip=_frame(page), full_page=True)
        browser.close()
    return picture


def chromium() -> str | None:
    """Where the browser is; None for playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _frame(page: Page) -> FloatRect:
    """The comment's box, down to its first fold."""
    comment = page.locator("section.pull", has=page.get_by_role("heading", name=BRANCH)).locator("article.box")
    comment.evaluate(f"box => {{ box.style.width = '{WIDTH}px'; box.style.maxWidth = 'none'; }}")
    box, fold = comment.bounding_box(), comment.locator("details").first.bounding_box()
    if box is None or fold is None:
        raise SystemExit(f"the demo has no comment on {BRANCH}: build it again")
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": fold["y"] - box["y"] - _MARGIN / 2}


if __name__ == "__main__":
    main()
