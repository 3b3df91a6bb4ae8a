"""Keeps the graph in a SPARQL 1.1 engine of another make."""
