"""For continuous integration: JUnit XML, in which a violation is a failure and everything else is output."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from graph.inspection.inspection import Inspection
from graph.serialization.wellformed import replaced


def written(inspection: Inspection) -> str:
    """Return the report as JUnit XML."""
    failures = str(inspection.count("Violation"))
    count = str(max(1, len(inspection.findings)))
    suite = Element("testsuite", name=inspection.subject, tests=count, failures=failures, errors="0")
    for each in inspection.findings:
        found = each.finding
        place = {"file": str(each.path), "line": str(each.line)} if each.path else {}
        case = SubElement(suite, "testcase", {"classname": found.shape, "name": each.place} | place)
        if found.severity == "Violation":
            SubElement(case, "failure", message=found.message, type=found.component).text = str(found)
        else:
            SubElement(case, "system-out").text = str(found)
    if not inspection.findings:
        SubElement(suite, "testcase", classname="shapes", name=inspection.subject)
    indent(suite)
    return replaced(tostring(suite, encoding="unicode", xml_declaration=True))
