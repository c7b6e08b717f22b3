"""Trains the model of a branch anew: imports updated, what is out of date reproduced, and what came of it left to be proposed."""
