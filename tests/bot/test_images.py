"""Pictures in the repository: named by content, appended by compare-and-set, deleted by the month."""

import struct
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from bot import images
from bot.gateway.wider import WiderGateway
from policy.problems import OutsideProblem, UserProblem
from tests.bot.cml.conftest import NAME, Scene
from tests.bot.cml.conftest import hasty as hasty
from tests.bot.cml.conftest import scene as scene

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def png(shade: int) -> bytes:
    """A picture of one grey pixel."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes([0, shade]))),
        (b"IEND", b""),
    ]
    told = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def picture(shade: int) -> images.File:
    found = images.picture(png(shade))
    assert found is not None
    return found


def publish(scene: Scene, *files: images.File, when: datetime = NOW) -> dict[str, str]:
    return images.publish(scene.gateway(), NAME, files, when, lambda _: None)


def test_a_picture_is_shown_where_its_link_leads(scene: Scene) -> None:
    addresses = publish(scene, picture(1), picture(2))
    tip = scene.gateway().ref("heads/assay-images/2026-11")
    for shade in (1, 2):
        address = addresses[picture(shade).name]
        assert address == f"/{NAME}/blob/{tip}/{picture(shade).name}?raw=true"
        assert requests.get(f"{scene.github.host}{address}", timeout=5).content == png(shade)


def test_the_branch_is_an_orphan_that_only_grows(scene: Scene) -> None:
    first = publish(scene, picture(1))
    second = publish(scene, picture(2))
    gateway = scene.gateway()
    tip = gateway.ref("heads/assay-images/2026-11") or ""
    (parent,) = gateway.commit_parents(tip)
    assert gateway.commit_parents(parent) == []
    assert set(gateway.tree(tip)) == {*first, *second}
    assert requests.get(f"{scene.github.host}{first[picture(1).name]}", timeout=5).content == png(1)


def test_a_picture_that_is_there_costs_two_requests_and_no_write(scene: Scene) -> None:
    publish(scene, picture(1))
    gateway = scene.gateway()
    images.publish(gateway, NAME, [picture(1)], NOW)
    assert gateway.requests == 2


def test_of_two_runs_that_race_neither_loses_a_picture(scene: Scene) -> None:
    publish(scene, picture(0))
    threads = [threading.Thread(target=publish, args=(scene, picture(shade))) for shade in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tip = scene.gateway().ref("heads/assay-images/2026-11") or ""
    assert set(scene.gateway().tree(tip)) == {picture(shade).name for shade in range(4)}


class Overtaken(WiderGateway):
    """A gateway whose every write of a reference comes a moment after another run's."""

    other: Iterator[int]
    scene: Scene

    def create_ref(self, name: str, sha: str) -> None:
        publish(self.scene, picture(next(self.other)))
        super().create_ref(name, sha)

    def update_ref(self, name: str, sha: str, force: bool = False) -> None:
        if (shade := next(self.other, None)) is not None:
            publish(self.scene, picture(shade))
        super().update_ref(name, sha, force)


def overtaken(scene: Scene, times: int) -> Overtaken:
    gateway = Overtaken.of(scene.gateway())
    gateway.scene, gateway.other = scene, iter(range(100, 100 + times))
    return gateway


def test_a_run_that_is_overtaken_tries_again_on_top(scene: Scene) -> None:
    addresses = images.publish(overtaken(scene, 3), NAME, [picture(1)], NOW, lambda _: None)
    assert requests.get(f"{scene.github.host}{addresses[picture(1).name]}", timeout=5).content == png(1)
    tip = scene.gateway().ref("heads/assay-images/2026-11") or ""
    assert len(scene.gateway().tree(tip)) == 4


def test_a_run_that_is_always_overtaken_ends(scene: Scene) -> None:
    with pytest.raises(OutsideProblem, match="Run the job again"):
        images.publish(overtaken(scene, 99), NAME, [picture(1)], NOW, lambda _: None)


def test_a_token_that_may_not_write_is_told_so_and_not_tried_again(scene: Scene) -> None:
    gateway = scene.gateway(scene.github.token(NAME, "read"))
    with pytest.raises(UserProblem, match="contents: write"):
        images.publish(gateway, NAME, [picture(1)], NOW, lambda _: None)
    assert gateway.requests == 2


def test_the_first_picture_of_a_month_sweeps_the_months_gone_by(scene: Scene) -> None:
    for month in (3, 4, 5, 10):
        publish(scene, picture(month), when=datetime(2026, month, 1, tzinfo=UTC))
    scene.github.commit(NAME, {"a": "b"}, "assay-images/keep-me")
    publish(scene, picture(11))
    assert scene.gateway().refs("heads/assay-images/") == [
        "heads/assay-images/2026-05",
        "heads/assay-images/2026-10",
        "heads/assay-images/2026-11",
        "heads/assay-images/keep-me",
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(1), "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF89a", "gif"),
        (b"RIFF\0\0\0\0WEBP", "webp"),
        (b"<svg onload=alert(1)>", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_content(content: bytes, kind: str | None) -> None:
    found = images.picture(content)
    assert (found.kind if found else None) == kind


def test_a_linked_file_keeps_a_plain_ending_only() -> None:
    assert images.linkable(b"x", "report.html").kind == "html"
    assert images.linkable(b"x", "a.b/../c").kind == "bin"
    assert images.linkable(png(1), "picture.txt").kind == "png"


def test_a_file_that_is_too_large_is_refused_before_any_request(scene: Scene) -> None:
    gateway = scene.gateway()
    with pytest.raises(UserProblem, match="too many"):
        images.publish(gateway, NAME, [images.File(b"0" * (images.LIMIT + 1), "png")], NOW)
    assert gateway.requests == 0


def test_a_month_that_cannot_be_swept_does_not_cost_the_picture(scene: Scene) -> None:
    publish(scene, picture(1), when=datetime(2026, 1, 1, tzinfo=UTC))
    scene.github.fail("permission", "DELETE", times=None)
    assert publish(scene, picture(2))
    assert "heads/assay-images/2026-01" in scene.gateway().refs("heads/assay-images/")
