"""Looking at production."""
