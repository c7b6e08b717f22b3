"""One browser for all tests of what people read."""

from tests.browser import chromium

__all__ = ["chromium"]
