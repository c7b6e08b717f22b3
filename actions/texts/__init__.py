"""Folders of texts as data sets: each text is a row, and what can be measured of it a column."""
