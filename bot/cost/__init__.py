"""What runs cost: read from GitHub, foreseen before a run, and told after it."""
