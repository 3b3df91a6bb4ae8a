"""Combines what sources state: one view, preferred values, provenance, links to other graphs."""
