"""Syntax errors of SPARQL, with the unexpected text and the expected words, from the engine's message."""

import re

from graph.errors import QuerySyntaxError
from graph.terms import PREFIXES

POSITION = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<words>.*)", re.DOTALL)
TOKEN = re.compile(r"\S{1,40}")
TEXTS = re.compile(
    r'""".*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|#[^\n]*', re.DOTALL
)
DECLARED = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)
USED = re.compile(r"(?<![\w:.?$@%-])([^\W\d_][\w.-]*)?:")
CHARACTERS = re.compile(r"\[[^\]]*\](?:-'[^']*'\])?")  # the classes of characters that a token may go on with
MOST = 8  # expected words that are listed
LONGEST = 20_000  # characters that are searched for prefixes
SENTENCE = 3  # spaces in what is a reason rather than a word


def syntax_error(message: str, text: str) -> QuerySyntaxError:
    """Return the error of a text that is not SPARQL, with its line and column."""
    found = POSITION.search(message)
    if not found:
        return QuerySyntaxError(f"This is not SPARQL 1.1: {message}.")
    line, column = int(found["line"]), int(found["column"])
    message = _expected(" ".join(found["words"].split()), text, line, column)
    if missing := _undeclared(text):
        name, start = missing[1] or "", missing.start()
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        message = (
            f"the prefix {name}: is not declared; write PREFIX {name}: <{PREFIXES.get(name, 'http://…')}> at the head"
        )
    return QuerySyntaxError(f"This is not SPARQL 1.1: line {line}, column {column}: {message}.", line, column)


def _undeclared(text: str) -> re.Match[str] | None:
    """Return the first use of a prefix that is not declared; the parser itself often stops at a later place."""
    bare = TEXTS.sub(lambda found: re.sub(r"\S", " ", found[0]), text[:LONGEST])
    declared = set(DECLARED.findall(bare))
    return next((each for each in USED.finditer(bare) if (each[1] or "") not in declared), None)


def _expected(words: str, text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    token = TOKEN.match(lines[line - 1][column - 1 :].lstrip()) if line <= len(lines) else None
    here = f"found {token[0]!r}" if token else "the text ends"
    if "IRI parsing failed" in words:
        return f"expected an IRI; {here}; an IRI holds no spaces, and stands between < and >"
    listed = words.removeprefix("expected ").removeprefix("one of ")
    named = [each for each in CHARACTERS.sub("", listed).replace(" | ", ", ").split(", ") if each.strip()]
    if reasons := [each for each in named if each.count(" ") >= SENTENCE]:
        return reasons[0]
    named = [each for each in named if each != "LATERAL"]  # is spoken by the engine and not of SPARQL 1.1
    more = ", …" if len(named) > MOST else ""
    return f"expected {', '.join(named[:MOST])}{more}; {here}" if named else f"nothing fits here; {here}"
