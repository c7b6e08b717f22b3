"""Promotions: the issue in which one is asked for, the votes on it, and what they come to."""
