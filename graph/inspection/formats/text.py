"""For the terminal: grouped by shape, counted, with examples; findings in files all, by line."""

from collections import defaultdict
from collections.abc import Iterator

from graph.inspection.inspection import FORM, Inspection, LocatedFinding

EXAMPLES = 5  # of findings that have no line


def written(inspection: Inspection) -> str:
    """Return the report as text."""
    groups: dict[tuple[str, str], list[LocatedFinding]] = defaultdict(list)
    for each in inspection.findings:
        groups[each.finding.severity, each.finding.shape].append(each)
    lines = [line for (severity, shape), group in groups.items() for line in _group(severity, shape, group)]
    counts = (
        f"violations: {inspection.count('Violation')}",
        f"warnings: {inspection.count('Warning')}",
        f"notes: {inspection.count('Info')}",
    )
    return "\n".join((*lines, f"{inspection.subject}: {'; '.join(counts)}."))


def _group(severity: str, shape: str, group: list[LocatedFinding]) -> Iterator[str]:
    messages = {each.finding.message for each in group}
    head = next(iter(messages)) if len(messages) == 1 and shape != FORM else ""
    name = "mistakes of form" if shape == FORM else shape
    yield f"{severity}: {name} ({len(group)}){f': {head}' if head else ''}"
    shown = [each for each in group if each.path] or group[:EXAMPLES]
    for each in shown:
        yield f"  {_line(each, message='' if head else each.finding.message)}"
    if left := len(group) - len(shown):
        yield f"  and {left} more"
    yield ""


def _line(each: LocatedFinding, message: str) -> str:
    found = each.finding
    thing = f"{each.place}: {found.focus}" if each.path and found.focus else each.place
    value = f" (here: {found.value})" if found.value else ""
    return f"{thing}{f': {message}' if message else ''}{value}"
