"""What computes on a runner or a laptop and leaves facts behind."""
