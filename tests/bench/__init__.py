"""Assay beside its peers: `make bench`. Whole processes, in one run, medians; results go to docs/benchmarks.md."""
