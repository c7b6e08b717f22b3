"""A GitHub on loopback for each test."""

from tests.bot.gateway.conftest import here

__all__ = ["here"]
