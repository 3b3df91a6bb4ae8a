"""CSV for spreadsheets (RFC 4180), which take a cell that begins with certain signs for a formula, and run it.

Results of SPARQL in CSV are not made here: the W3C fixes their content (SPARQL 1.1 Query Results CSV and TSV
Formats), so `/sparql` gives them as they are.
"""

import re
from collections.abc import Iterable

FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # also the wide signs of East Asian keyboards
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
QUOTED = re.compile('[,;"\t\r\n]')  # a comma or, in many countries, a semicolon separates the cells


def row(values: Iterable[object]) -> str:
    """Return a line of a table; a text that a spreadsheet would run has an apostrophe before it (OWASP).

    Results of `/sparql` do not come through here: by the standard of the W3C they are exact.
    """
    return ",".join(map(_cell, values)) + "\r\n"


def _cell(value: object) -> str:
    text = str(value)
    if FORMULA.match(text) and not NUMBER.fullmatch(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text
