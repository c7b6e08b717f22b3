"""Registers versions of the model in an MLflow registry, and reads back what each was made of."""
