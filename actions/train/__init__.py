"""Reproduces the stages that changed, in the environment of the user."""
