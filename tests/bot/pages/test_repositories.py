"""The first page."""

from bot.gateway.records import Repository
from bot.pages.access import Reach
from bot.pages.repositories import draw
from reports.pages import Frame, render


def test_each_repository_leads_to_its_first_page() -> None:
    found = Reach((Repository(1, "acme/flights", "main", True), Repository(2, "acme/open", "main", False)), True)
    html = render(draw(found, "models"), Frame())
    assert html.count(">Repositories<") == 1, "what is said above is not said again"
    assert 'href="/repos/acme/flights/models"' in html and "private" in html and "public" in html


def test_where_there_are_more_the_page_says_how_to_reach_them() -> None:
    html = render(draw(Reach((Repository(1, "a/b", "main", True),), False), "models"), Frame())
    assert "/repos/owner/name" in html


def test_where_there_is_none_the_page_says_what_to_do() -> None:
    assert "Install the App" in render(draw(Reach((), True), "models"), Frame())
