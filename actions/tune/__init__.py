"""Looks for better parameters: each trial a `dvc repro` in a work tree of its own, the strategies chosen by what they bring."""
