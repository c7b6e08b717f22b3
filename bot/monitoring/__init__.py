"""What was seen in production, kept on a branch and told in one issue for each model."""
