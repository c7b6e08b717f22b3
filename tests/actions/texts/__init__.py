"""Folders of texts."""
