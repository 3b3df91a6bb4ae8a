"""Inspects curated files, RDF files, graphs and versions: what is wrong in them, where, and how to correct it."""
