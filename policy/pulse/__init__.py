"""The project's pulse: where objectives are heading, what is open, and how models flow to where they run. Pure."""
