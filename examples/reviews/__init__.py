"""An example with texts: reviews of flights in a column of a table, and branches that bring better and worse of them."""
