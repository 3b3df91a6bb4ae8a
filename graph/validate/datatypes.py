"""Whether a literal is well formed for its datatype (SHACL, section 4.1.2), as an expression of SPARQL.

The engine keeps a literal that is ill-formed as it is written, and casts fail there alone (XPath and XQuery Functions
and Operators 3.1, section 19.1).
"""

from pyoxigraph import NamedNode

from graph.terms import XSD

NUMBERS = {"integer", "decimal", "double", "float"}
CASTS = {"boolean", "date", "dateTime", "time", "gYear", "gYearMonth", "gMonthDay", "gMonth", "gDay", "duration"}
CASTS |= {"dayTimeDuration", "yearMonthDuration"}
RANGES = {  # of the datatypes derived from xsd:integer (XML Schema 1.1 part 2, section 3.4)
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}


def is_of(value: str, datatype: NamedNode) -> str:
    """Return the expression that is true where a variable is a well-formed literal of a datatype."""
    right = f"isLiteral({value}) && DATATYPE({value}) = {datatype}"
    name = datatype.value.removeprefix(XSD.prefix)
    if name in NUMBERS:
        right += f" && isNumeric({value})"
    elif name in CASTS:
        right += f" && COALESCE(isLiteral({datatype}(STR({value}))), false)"
    elif name in RANGES:
        number = f"{XSD.integer}(STR({value}))"
        least, most = RANGES[name]
        ends = [f"{number} >= {least}"] * (least is not None) + [f"{number} <= {most}"] * (most is not None)
        right += f" && COALESCE({' && '.join(ends)}, false)"
    return f"({right})"
