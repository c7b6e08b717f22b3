"""The parts of the page that are drawn and not only written: one module a part, each turning facts and verdict into blocks."""
