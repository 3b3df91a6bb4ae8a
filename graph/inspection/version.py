"""The report of the shapes on a version, in the formats of `convocation check`."""

from graph.inspection.formats import written
from graph.inspection.inspection import Inspection, LocatedFinding
from graph.validate.reports import kept
from graph.versions.home import Version


def report(version: Version, form: str) -> str:
    """Return the report of a version as ttl, csv, json, junit or text; raise ReportError if it has none."""
    return written(Inspection.of(f"version {version.number}", map(LocatedFinding.of_result, kept(version))), form)
