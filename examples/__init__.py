"""Projects that the demo, the tests and the docs all use."""
