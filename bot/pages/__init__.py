"""The pages of `assay serve`: read by people who sign in with GitHub, and who see what their GitHub accounts may see.

A page of a repository is a file and a line of PAGES; its name is its address.
"""

from bot.pages import approvals, history, ledger, models, pulse, verdicts
from bot.pages.page import Page

PAGES: dict[str, Page] = {
    "models": models,
    "approvals": approvals,
    "history": history,
    "ledger": ledger,
    "verdicts": verdicts,
    "pulse": pulse,
}
"""The pages of each repository, in the order in which they are offered; the first is the one that one lands on."""
