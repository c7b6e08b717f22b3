"""What must hold. Pure: no input or output, no clock, no randomness."""
