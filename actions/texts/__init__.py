"""Texts as data, in a folder or a column: each is a row, and what can be measured of it a column."""
