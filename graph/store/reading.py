"""Reads as much of a query as must be known before it is sent to another engine: its form and its dataset."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from graph.errors import QuerySyntaxError, quoted
from graph.tokens import TOKEN

SPACE = r"(?:\s|\#[^\r\n]*(?=[\r\n]|\Z))*"
IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
DECLARATION = re.compile(rf"{SPACE}(?:BASE|PREFIX{SPACE}(?P<name>[\w.-]*):){SPACE}(?P<iri>{IRI})", re.IGNORECASE)
FORM = re.compile(rf"{SPACE}(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
START = re.compile(SPACE)
WORD = re.compile(r"\w+|\S")
KEYWORD = re.compile(r"(?:\d\w*)?FROM", re.IGNORECASE)  # Virtuoso reads it where a number stands right before it
BREAK = re.compile(r"[^\r\n]")
GRAPHS = frozenset({"CONSTRUCT", "DESCRIBE"})
FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
Graphs = Iterable[NamedNode] | None


@dataclass(frozen=True)
class QueryHead:
    """The form of a query in capitals, the graphs of its FROM and FROM NAMED clauses, and where these stand."""

    form: str
    default_graphs: tuple[NamedNode, ...] = ()
    named_graphs: tuple[NamedNode, ...] = ()
    clauses: tuple[slice, ...] = ()

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self.form in GRAPHS

    def without_dataset(self, text: str) -> str:
        """Return the query with spaces in place of FROM and FROM NAMED, so that all else stays where it is.

        Virtuoso reads the graphs of both where the request names a dataset too; SPARQL 1.1 Protocol, section 2.1.4,
        says that the one of the request is read alone.
        """
        for clause in self.clauses:
            text = text[: clause.start] + BREAK.sub(" ", text[clause]) + text[clause.stop :]
        return text


def read_head(text: str, base: str = "") -> QueryHead:
    """Return the head of a query; raise QuerySyntaxError if the text is not a query of SPARQL 1.1.

    An engine may run an update, or a pragma of its own, that comes as a query; so nothing else may begin the text.
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
    clauses = list(_clauses(text, form.end()))
    graphs = [(each.is_named, _graph(each.target, prefixes, base)) for each in clauses]
    return QueryHead(
        form[1].upper(),
        tuple(graph for named, graph in graphs if not named),
        tuple(graph for named, graph in graphs if named),
        tuple(slice(each.start, each.target.end()) for each in clauses),
    )


@dataclass(frozen=True)
class _Clause:
    """A FROM: where it starts, whether it is a FROM NAMED, and what names the graph."""

    start: int
    is_named: bool
    target: re.Match[str]


def _clauses(text: str, place: int) -> Iterator[_Clause]:
    """Yield each FROM behind a place; raise QuerySyntaxError for one within braces, where only some engines read it."""
    depth = 0
    tokens = (token for token in TOKEN.finditer(text, place) if token.lastgroup != "comment")
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.lastgroup or "", 0)
        if token.lastgroup == "word" and KEYWORD.fullmatch(token[0]):
            start = token.end() - len("FROM")
            if depth:
                raise _misplaced(text, start, "expected no FROM within braces, found", text[start : token.end()])
            behind = next(tokens, token)
            is_named = behind[0].upper() == "NAMED"
            yield _Clause(start, is_named, next(tokens, token) if is_named else behind)


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
    return _misplaced(text, place, "expected SELECT, ASK, CONSTRUCT or DESCRIBE, found", found[0] if found else "")


def _misplaced(text: str, place: int, words: str, found: str) -> QuerySyntaxError:
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    seen = quoted(found) if found else "the end"
    return QuerySyntaxError(f"This is not SPARQL 1.1: line {line}, column {column}: {words} {seen}.", line, column)


@dataclass(frozen=True)
class Dataset:
    """The default graphs and the named graphs of a query, each once; None leaves them to the query or the store."""

    default: list[NamedNode | BlankNode | DefaultGraph] | None
    named: list[NamedNode | BlankNode] | None

    @classmethod
    def of(cls, text: str, base: str | None, default: Graphs, named: Graphs) -> Self:
        """Return the dataset that is given, else the one of the query where FROM names several graphs."""
        if default is None and named is None and len(FROM.findall(text)) > 1:
            try:
                head = read_head(text, base or "")
            except (QuerySyntaxError, ValueError):
                return cls(None, None)  # the engine says what is wrong
            if len(head.default_graphs) > 1:
                default, named = head.default_graphs, head.named_graphs
        return cls(
            None if default is None else list(dict.fromkeys(default)),
            None if named is None else list(dict.fromkeys(named)),
        )

    @property
    def merges(self) -> bool:
        """Whether the default graph is made of several graphs."""
        return self.default is not None and len(self.default) > 1
