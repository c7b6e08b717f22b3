"""What tries a contract, a file for each kind of data frame. Loaded by the worker, by path."""
