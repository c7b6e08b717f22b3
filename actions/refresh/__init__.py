"""Data that arrives: what was imported is brought up to date, judged, and put back where it is refused."""
