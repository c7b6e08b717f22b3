"""The ledger as a page: its state first, and nothing in it that runs."""

import pytest

from policy.ledger import Checked, Fault, Kept
from reports import ledger_page
from tests.browser import Chromium
from tests.policy.test_ledger import chain
from tests.reports.test_ledger import said

HOSTILE = "</style><script>alert(1)</script> \u202e {{ 7*7 }}"


def page(entries: list[Kept], fault: Fault | None = None) -> str:
    return ledger_page.render(entries, Checked(tuple(entries), fault), "a" * 40)


def test_a_sound_ledger_says_so_and_how_to_check_it() -> None:
    html = page(chain(3))
    assert "All 3 entries hold" in html and f"--expect {'a' * 40}:3" in html
    assert html.count('role="row"') == 4 and chain(3)[2].entry.hash[:12] in html


def test_a_broken_one_names_the_fault_and_shows_what_holds() -> None:
    html = page(chain(2), Fault(3, "it was <b>forged</b>"))
    assert "does not hold at entry 3: it was &lt;b&gt;forged" in html and 'class="verdict failed"' in html


def test_what_was_taken_out_and_an_empty_ledger_are_said() -> None:
    assert "(taken out)" in page([Kept(chain(1)[0].entry, None)])
    assert "has no entry yet" in page([]) and "None." in page([])


def test_au_05_what_people_wrote_stays_text() -> None:
    html = page([said(HOSTILE, HOSTILE)])
    assert "<script" not in html and "\u202e" not in html and "49" not in html.split("</style>")[1].split("<tbody")[1][:2000]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1200, "dark")])
def test_in_a_browser_the_page_is_quiet_and_fits_its_window(chromium: Chromium, width: int, scheme: str) -> None:
    entries = [*chain(4), said(HOSTILE * 9)]
    with chromium.look(page(entries), width=width, scheme=scheme) as looked:
        looked.open_all()
        assert (looked.errors, looked.requests) == ([], [])
        assert looked.overflow <= 0
        assert looked.page.evaluate("document.scripts.length") == 0
