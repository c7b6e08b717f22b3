"""What a report may make public."""

import base64
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot import images
from bot.cml.assets import is_shown, markdown, read, show
from bot.gateway.problems import forbidden
from policy.problems import UserProblem

PNG = b"\x89PNG\r\n\x1a\n and the rest"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A working folder beside a secret."""
    (tmp_path / "secret.png").write_bytes(PNG)
    work = tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    (work / ".git/config").write_bytes(PNG)
    (work / ".env").write_text("TOKEN=1")
    (work / "plot.png").write_bytes(PNG)
    (work / "page.html").write_text("<p>")
    (work / "fake.png").write_text("TOKEN=1")
    (work / "link.png").symlink_to(tmp_path / "secret.png")
    return work


def stored(files: Sequence[images.File]) -> dict[str, str]:
    return {file.name: f"/X/{file.name}" for file in files}


def test_a_picture_and_a_page_are_published(work: Path) -> None:
    shown = show("![](plot.png) [page](page.html) [home](https://x.org)", work, [work], stored)
    assert shown.markdown == (
        f"![](/X/{images.File(PNG, 'png').name}) [page](/X/{images.File(b'<p>', 'html').name}) [home](https://x.org)"
    )
    assert not shown.footnote()


def test_an_embedded_picture_is_published_too(work: Path) -> None:
    shown = show(f"![](data:image/png;base64,{base64.b64encode(PNG).decode()})", work, [work], stored)
    assert shown.markdown == f"![](/X/{images.File(PNG, 'png').name})"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../secret.png", "outside of the working folder"),
        ("link.png", "outside of the working folder"),
        (".git/config", "belongs to git"),
        ("fake.png", "neither PNG, JPEG, GIF nor WebP"),
        ("none.png", "not found"),
        ("x" * 300 + ".png", "not the name of a file"),
        ("%00.png", "not the name of a file"),
    ],
)
def test_what_must_not_be_published_is_not_and_readers_are_told(work: Path, name: str, why: str) -> None:
    shown = show(f"![]({name})", work, [work], stored)
    assert shown.markdown == f"![]({name})"
    assert why in shown.footnote()


def test_a_link_to_a_hidden_file_stays_a_link(work: Path) -> None:
    report = "[a](.env) [b](.git/config) [c](../secret.png) [d](other-section)"
    assert show(report, work, [work], lambda files: pytest.fail("published")).markdown == report


def test_without_permission_the_report_is_shown_without_its_pictures(work: Path) -> None:
    def refused(_: Sequence[images.File]) -> dict[str, str]:
        raise forbidden("POST /git/blobs", "Resource not accessible by integration", {"contents": "write"})

    shown = show("![](plot.png)", work, [work], refused)
    assert "contents: write" in str(shown.forbidden)
    assert shown.footnote() == "\n\n*Not shown: `plot.png` (the token may not write contents).*\n"


def test_a_footnote_cannot_be_used_to_write_markdown(work: Path) -> None:
    assert "<!--" not in show('<img src="<!-- @org/team -->">', work, [work], stored).footnote().replace("`<!--", "")


def test_ten_thousand_pictures_are_not_published(work: Path) -> None:
    for number in range(70):
        (work / f"{number}.png").write_bytes(PNG)
    shown = show("\n\n".join(f"![]({number}.png)" for number in range(70)), work, [work], stored)
    assert "and 0 more" not in shown.footnote()
    assert "more than 60 files" in shown.footnote()


def test_a_file_of_the_reports_own_folder_may_be_read(work: Path, tmp_path: Path) -> None:
    assert read(tmp_path / "secret.png", [work, tmp_path]) == PNG
    with pytest.raises(UserProblem, match="outside"):
        read(tmp_path / "secret.png", [work])


def test_markdown_of_an_asset() -> None:
    assert markdown("https://x/y", 'a "b"', picture=True) == '![](https://x/y "a \\"b\\"")'
    assert markdown("https://x/y", "a [b]", picture=False) == "[a \\[b\\]](https://x/y)"
    assert is_shown(images.File(PNG, "png"), None)
    assert is_shown(images.File(b"", "mp4"), "video/mp4")
    assert not is_shown(images.File(PNG, "png"), "text/plain")
