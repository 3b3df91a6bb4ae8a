"""For spreadsheets: one row for each finding."""

from graph.inspection.inspection import Inspection
from graph.serialization.tabular import row

HEAD = ("severity", "shape", "component", "focus", "path", "value", "message", "file", "line")


def written(inspection: Inspection) -> str:
    """Return the report as CSV (RFC 4180)."""
    rows = [row(HEAD)]
    for each in inspection.findings:
        found = each.finding
        cells = (found.severity, found.shape, found.component, found.focus, found.path, found.value, found.message)
        rows.append(row((*cells, each.path or "", each.line or "")))
    return "".join(rows)
