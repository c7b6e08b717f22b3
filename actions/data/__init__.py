"""Data sets: contracts, differences, personal data, overlap, and the state of the pipeline."""
