"""For programs: each finding with its place."""

import json
from dataclasses import asdict

from graph.inspection.inspection import Inspection, LocatedFinding


def written(inspection: Inspection) -> str:
    """Return the report as JSON."""
    counts = {each.lower(): inspection.count(each) for each in ("Violation", "Warning", "Info")}
    whole = {
        "subject": inspection.subject,
        "conforms": inspection.conforms,
        "counts": counts,
        "findings": [_finding(each) for each in inspection.findings],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False)


def _finding(located: LocatedFinding) -> dict[str, object]:
    return asdict(located.finding) | ({"file": str(located.path), "line": located.line} if located.path else {})
