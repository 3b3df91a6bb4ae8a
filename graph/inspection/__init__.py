"""Inspects curated files, RDF files, graphs and versions: what is wrong in them, where, and how to correct it.

A format of the report is a module in `formats/` with a function `written`, named as the option that asks for it.
"""

from graph.inspection.inspection import Inspection, LocatedFinding

__all__ = ["Inspection", "LocatedFinding"]
