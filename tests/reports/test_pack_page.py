"""`index.html` of a pack: gaps first, nothing in it runs, and it is readable on a phone, light and dark."""

import pytest

from policy import ledger
from policy.evidence import Part
from policy.pack import About, Piece
from reports import pack_page
from tests.browser import Chromium
from tests.policy.test_ledger import chain
from tests.reports import samples
from tests.reports.test_ledger import said

NAMES = {Part.FACTS: "facts.json", Part.CARD: "card.md", Part.POLICY: "assay.yml"}


def pieces() -> tuple[Piece, ...]:
    entries = [*chain(3), said(samples.HOSTILE * 3, samples.HOSTILE[:50])]
    ledgered = {f"ledger/{at:06d}.json": ledger.write(each) for at, each in enumerate(entries)}
    known = {part: {name: b"x"} for part, name in NAMES.items()} | {Part.APPROVALS: ledgered}
    return tuple(
        Piece(each, known.get(each, {}), samples.HOSTILE, note="as it was" if each is Part.CARD else "") for each in Part
    )


def page() -> str:
    return pack_page.render(About(samples.HOSTILE, 3, None, 12), pieces(), samples.facts(), samples.verdict(), "md5:1234")


def test_au_08_gaps_stand_on_top_and_beside_their_part() -> None:
    html = page()
    assert "3 parts are not evidenced" in html and html.count("Not evidenced: ") == 3
    assert html.count("no part answers this") > 10 and "not evidenced; missing here: " in html
    assert "Nothing in this pack says how the evaluation came out" in pack_page.render(About("m", 1), pieces(), None, None)


def test_what_people_wrote_stays_text() -> None:
    html = page()
    assert "<script" not in html and "\u202e" not in html and "49" not in html.split("</style>", 1)[1].split("<main")[0]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1200, "dark")])
def test_in_a_browser_the_page_is_quiet_and_fits_its_window(chromium: Chromium, width: int, scheme: str) -> None:
    with chromium.look(page(), width=width, scheme=scheme) as looked:
        looked.open_all()
        assert (looked.errors, looked.requests) == ([], [])
        assert looked.overflow <= 0
        assert looked.page.evaluate("document.scripts.length") == 0
