"""The first page: the repositories where the App is installed and that the person may read."""

from markupsafe import Markup

from bot.pages.access import Reach
from policy.result import Status
from reports.html import name
from reports.pages import Sheet, link
from reports.panels.block import Block, Line, heads

TITLE = "Repositories"


def draw(reach: Reach, first: str) -> Sheet:
    """A line for each; `first` is the page of a repository that one lands on."""
    lines = tuple(
        Line(
            Status.PASSED,
            (
                link(name(each.full_name, 120), f"/repos/{each.full_name}/{first}"),
                Markup("private") if each.private else Markup("public"),
            ),
        )
        for each in reach.repositories
    )
    if not lines:
        hint = Markup("Install the App on a repository that you can read, on its page at GitHub, then load this page again.")
        return Sheet(TITLE, empty="The App works in no repository that your account may see.", hint=hint)
    caption = "Where the App is installed and your account may read."
    if not reach.whole:
        caption += " There are more than are listed: their addresses are /repos/owner/name."
    block = Block(
        "repositories", TITLE, heads=heads("Repository", "Who sees it"), lines=lines, caption=caption, open_rows=len(lines)
    )
    return Sheet(TITLE, blocks=(block,))
