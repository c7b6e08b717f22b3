"""Texts, in a folder or a column."""
