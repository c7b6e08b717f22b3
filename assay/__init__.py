"""The front door. `import assay` changes nothing; `assay/__main__.py` finds the rooms."""

__version__ = "0.1.0"
