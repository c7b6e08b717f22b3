"""What time it is on the loopback GitHub."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time there. A test that lets it run ahead puts another clock in this place."""
    return datetime.now(UTC)
