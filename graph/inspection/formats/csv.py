"""For spreadsheets: one row for each finding."""

import csv
import io

from graph.inspection.told import Inspection

HEAD = ("severity", "shape", "component", "focus", "path", "value", "message", "file", "line")


def written(inspection: Inspection) -> str:
    """Return the report as CSV (RFC 4180)."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(HEAD)
    for each in inspection.told:
        found = each.finding
        told = (found.severity, found.shape, found.component, found.focus, found.path, found.value, found.message)
        rows.writerow((*told, each.path or "", each.line or ""))
    return file.getvalue()
