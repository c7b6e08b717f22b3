"""Metrics at base and head, with the uncertainty of their change."""
