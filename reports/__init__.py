"""What people read, drawn from facts and verdict and from nothing else. No network."""
