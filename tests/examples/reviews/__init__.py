"""The example with texts."""
