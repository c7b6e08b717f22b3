"""One module a part of the report: each turns facts and verdict into sections."""
