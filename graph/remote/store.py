"""A version of the graph in a remote SPARQL 1.1 engine.

The content of the default graph differs between engines (Virtuoso and GraphDB: the union of all graphs).
So the resolved view is a named graph there, and every query is sent with its dataset, which overrides any FROM (SPARQL
1.1 Protocol, section 2.1.4): a query sees the graphs of its version, and nothing else that the engine holds.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import httpx
from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from graph.errors import QueryError, StoreError
from graph.files import QUERIES
from graph.policy import look
from graph.query import read_query
from graph.remote import dialect
from graph.remote.connection import Connection, blocks
from graph.store import construct
from graph.store.reading import QueryHead, read_head
from graph.system.streams import Body

NOTHING = NamedNode("https://w3id.org/convocation/graph/none")  # the name of a graph that is always empty
RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
TRIPLES = "application/n-triples, text/turtle;q=0.5"
PARTIAL = "X-SQL-State"  # sent by Virtuoso if it broke off and answers with a part


@dataclass(frozen=True)
class RemoteStore:
    """The graphs of a version in an engine: the view, which is the default graph, and the named graphs."""

    connection: Connection
    view: NamedNode
    graphs: frozenset[NamedNode]

    def query(
        self,
        text: str,
        *,
        default_graphs: Iterable[NamedNode] | None = None,
        named_graphs: Iterable[NamedNode] | None = None,
        base: str | None = None,
    ) -> QueryBoolean | QuerySolutions | Iterator[Triple]:
        """Return the results of a query of any form, which are read from the engine as they are asked for.

        Raises:
            QuerySyntaxError: the text is not SPARQL 1.1.
            QueryError: the engine refuses the query.
            StoreError: the engine does not answer as it should; also later, where the results break off.
        """
        if asked := look(text).targets:
            hint = f"ask {asked[0].target} itself, and join the answers"
            raise QueryError(f"SERVICE is not asked here, where another engine keeps the graph and would call; {hint}.")
        head = read_head(text, base or "")
        if default_graphs is None and named_graphs is None and head.clauses:
            default_graphs, named_graphs = head.default_graphs, head.named_graphs
        text = head.without_dataset(text)
        pairs = {
            "query": f"BASE <{base}> {text}" if base else text,
            "default-graph-uri": self._known(default_graphs, self.view),
            "named-graph-uri": self._known(named_graphs, *self.graphs),
        }
        return _results(self.connection.query(pairs, TRIPLES if head.gives_graph else RESULTS), head)

    def graph_names(self) -> list[NamedNode]:
        """Return the names of the named graphs."""
        return sorted(self.graphs, key=lambda graph: graph.value)

    def has_graph(self, name: NamedNode) -> bool:
        """Return whether there is a named graph."""
        return name in self.graphs

    def blocks(self) -> Iterator[bytes]:
        """Yield all graphs as N-Quads, in blocks of lines."""
        text = read_query(QUERIES / "remote" / "all.rq").text
        for triple in construct(self, text):
            yield f"{triple} .\n".encode()
        for graph in self.graph_names():
            for triple in construct(replace(self, view=graph), text):
                yield f"{triple} {graph} .\n".encode()

    def _known(self, asked: Iterable[NamedNode] | None, *own: NamedNode) -> list[str]:
        """Return the names of those graphs asked for that the version has, or of its own."""
        graphs = own if asked is None else [graph for graph in asked if graph in self.graphs]
        return sorted(graph.value for graph in graphs) or [NOTHING.value]


def whole_engine(connection: Connection, text: str) -> QueryBoolean | QuerySolutions | Iterator[Triple]:
    """Return the results of a query of all that an engine holds, of whatever version."""
    return _results(connection.query({"query": text}, RESULTS), read_head(text))


def _results(response: httpx.Response, head: QueryHead) -> QueryBoolean | QuerySolutions | Iterator[Triple]:
    if response.headers.get(PARTIAL):
        response.close()
        raise StoreError(f"The engine broke off with {response.headers[PARTIAL]}; give the query more time there.")
    media = response.headers.get("Content-Type", "")
    parts = _whole(blocks(response), media)
    if dialect.is_virtuoso(response.headers.get("Server", "")):
        parts = dialect.corrected(parts, media)
        if head.form == "ASK":
            parts = iter((dialect.asked(b"".join(parts)),))
    if head.gives_graph:
        rdf = RdfFormat.from_media_type(media)
        return _triples(Body(parts), rdf) if rdf else _stranger(response, media)
    results = QueryResultsFormat.from_media_type(media)
    if results is None:
        return _stranger(response, media)
    try:
        return parse_query_results(io.BufferedReader(Body(parts)), format=results)
    except (SyntaxError, ValueError) as error:
        raise _broken(error) from error


def _whole(parts: Iterator[bytes], media: str) -> Iterator[bytes]:
    """Yield the parts of an answer; raise StoreError if its end is missing, though the connection closed in order."""
    last = b""
    for part in parts:
        last = part.rstrip()[-1:] or last
        yield part
    if ("json" in media and last != b"}") or ("xml" in media and last != b">"):
        raise StoreError("The answer of the engine breaks off; ask for less, or see its log.")


def _triples(body: Body, media: RdfFormat) -> Iterator[Triple]:
    try:
        yield from (quad.triple for quad in parse(io.BufferedReader(body), format=media))
    except (SyntaxError, ValueError) as error:
        raise _broken(error) from error


def _stranger(response: httpx.Response, media: str) -> Iterator[Triple]:
    response.close()
    raise StoreError(
        f"{response.url} answers with {media or 'no media type'}; set CONVOCATION_STORE to where queries go."
    )


def _broken(error: Exception) -> StoreError:
    return StoreError(f"The answer of the engine is broken ({error}); see its log.")
