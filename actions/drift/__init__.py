"""How far each column moved from the base."""
