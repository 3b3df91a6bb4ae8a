"""SPARQL Update on the current version: validated, then published as a version of its own."""
