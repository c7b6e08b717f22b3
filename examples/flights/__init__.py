"""A real project on real data: a model of late flights, the branches that change it, and what Assay must say of each."""
