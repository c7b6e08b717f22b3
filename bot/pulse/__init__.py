"""The project's pulse: what it is read from, and the one issue that tells of it."""
