"""The SPARQL endpoint: queries, updates, graph store, description, completion."""
