"""The evidence pack: gathered, signed, written, and read again."""
