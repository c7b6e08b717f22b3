"""What the model meets in production, against what it was made with."""
