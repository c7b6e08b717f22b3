"""Folders of images as data sets: each image is a row, and what can be measured of it a column."""
