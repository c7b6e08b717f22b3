"""Refreshing imports."""
