"""Reads as much of a query as must be known before it is sent to another engine: its form and its dataset."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from pyoxigraph import NamedNode

from graph.errors import QuerySyntaxError, quoted
from graph.federation import TOKEN

SPACE = r"(?:\s|\#[^\r\n]*(?=[\r\n]|\Z))*"
IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
DECLARATION = re.compile(rf"{SPACE}(?:BASE|PREFIX{SPACE}(?P<name>[\w.-]*):){SPACE}(?P<iri>{IRI})", re.IGNORECASE)
FORM = re.compile(rf"{SPACE}(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
START = re.compile(SPACE)
WORD = re.compile(r"\w+|\S")
GRAPHS = frozenset({"CONSTRUCT", "DESCRIBE"})


@dataclass(frozen=True)
class Head:
    """The form of a query in capitals, and the graphs of its FROM and FROM NAMED clauses."""

    form: str
    default_graphs: tuple[NamedNode, ...] = ()
    named_graphs: tuple[NamedNode, ...] = ()

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self.form in GRAPHS

    @property
    def has_dataset(self) -> bool:
        """Whether the query names its dataset."""
        return bool(self.default_graphs or self.named_graphs)


def read_head(text: str, base: str = "") -> Head:
    """Return the head of a query.

    An engine may run an update, or a pragma of its own, that comes as a query; so nothing else may begin the text.

    Raises:
        QuerySyntaxError: the text is not a query of SPARQL 1.1.
    """
    place, prefixes = 0, {}
    while found := DECLARATION.match(text, place):
        place, iri = found.end(), urljoin(base, found["iri"].strip("<>"))
        if found["name"] is None:
            base = iri
        else:
            prefixes[found["name"]] = iri
    form = FORM.match(text, place)
    if not form:
        raise _no_query(text, place)
    graphs = [(named, _graph(token, prefixes, base)) for named, token in _clauses(text[form.end() :])]
    default = tuple(graph for named, graph in graphs if not named)
    return Head(form[1].upper(), default, tuple(graph for named, graph in graphs if named))


def _clauses(text: str) -> Iterator[tuple[bool, re.Match[str]]]:
    """Yield whether a FROM is a FROM NAMED, and what stands behind it."""
    tokens = (token for token in TOKEN.finditer(text) if token.lastgroup != "comment")
    for token in tokens:
        if token.lastgroup == "word" and token[0].upper() == "FROM":
            behind = next(tokens, token)
            named = behind[0].upper() == "NAMED"
            yield named, next(tokens, token) if named else behind


def _graph(token: re.Match[str], prefixes: Mapping[str, str], base: str) -> NamedNode:
    try:
        if token.lastgroup == "iri":
            return NamedNode(urljoin(base, token[0].strip("<>")))
        prefix, _, rest = token[0].partition(":")
        return NamedNode(prefixes[prefix] + rest.replace("\\", ""))
    except (KeyError, ValueError) as error:
        raise QuerySyntaxError(f"This is not SPARQL 1.1: FROM {quoted(token[0])} names no graph.") from error


def _no_query(text: str, place: int) -> QuerySyntaxError:
    space = START.match(text, place)
    place = space.end() if space else place
    found = WORD.match(text, place)
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    seen = quoted(found[0]) if found else "the end"
    words = f"expected SELECT, ASK, CONSTRUCT or DESCRIBE, found {seen}"
    return QuerySyntaxError(f"This is not SPARQL 1.1: line {line}, column {column}: {words}.", line, column)
