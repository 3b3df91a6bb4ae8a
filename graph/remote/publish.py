"""Publishes a version in a remote engine with plain SPARQL 1.1, so that a reader sees the old version or the new one.

1. Each graph is loaded under a name of this publication, under STAGING with its number and token, which no query sees.
2. Each is counted there; what was lost on the way ends the publication. So does an engine that answers the queries of
   `graph/queries/probes/` differently from the embedded one: it would show wrong numbers with a right-looking source.
3. One update request brings the graphs of the sources and the marker into place: it adds what is new and removes what
   is old. The resolved view stays where it was loaded, and the marker, which is one triple, names it.
4. What nobody needs any more is removed; the view of the version before is kept until the next publication, for readers
   that have begun on it.

A failure in 1 or 2 leaves the old version as it was. An engine should apply 3 as a whole (SPARQL 1.1 Update, section
2.2); Oxigraph does.
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, serialize

from graph.build import Graph, Inputs, build, check_graph, counts, make_graph
from graph.errors import QueryError, StoreError, VersionError
from graph.files import QUERIES
from graph.names import Names
from graph.query import read_query
from graph.remote import probes
from graph.remote.marker import MARKER, RemoteHome, RemoteVersion, home_folder
from graph.remote.store import RemoteStore, whole_engine
from graph.system.streams import batches
from graph.terms import Triple
from graph.versions.home import Home, Version

STAGING = "https://w3id.org/convocation/graph/version/"
AT_ONCE = 20_000  # triples in one request that loads a graph
INSERTED = 250  # triples in one update: Virtuoso takes no more than some thousand lines
Report = Callable[[str], None]
Triples = Iterable[Triple]


def build_for(home: Home | RemoteHome, base: str, inputs: Inputs, report: Report = lambda _: None) -> Version:
    """Build a version and publish it where the settings keep the graph.

    Raises:
        SourceError: a file or document has mistakes.
        ShapeError: the graph breaks a shape.
        StoreError: it cannot be written; the version before is served as it was.
    """
    if isinstance(home, Home):
        return build(home, base, inputs, report)
    started = datetime.now(UTC)
    with home_folder(home.settings).locked():
        graph = make_graph(Names(base), inputs, report)
        findings = check_graph(graph, report)
        return RemotePublication(home, base, counts(graph, findings), started).publish(graph)


@dataclass
class RemotePublication:
    """A version on its way into an engine."""

    home: RemoteHome
    base: str
    counts: dict[str, int]
    started: datetime
    token: str = field(default_factory=lambda: token_hex(4))
    sent: bool = False

    def __post_init__(self) -> None:
        self.old, self.connection = self.home.current(), self.home.connection
        self.number = self.old.number + 1 if self.old else 1

    def publish(self, graph: Graph) -> RemoteVersion:
        """Load a graph as the current version; raise StoreError on failure, VersionError if another came meanwhile."""
        try:
            self._probe()
            version = self._load(graph.quads())
            self._switch(version)
        except BaseException:
            if not self.sent:  # else the engine may have switched, or do so yet, though it did not answer
                self._remove(self._staged_here)
            raise
        self._remove(self._outlived)
        return version

    def staged(self, name: str) -> NamedNode:
        """Return the name under which a graph is loaded."""
        return NamedNode(f"{STAGING}{self.number}/{self.token}/{name}")

    def _probe(self) -> None:
        """Raise StoreError if the engine answers a query of known answer differently."""
        view = self.staged("probe/view")
        graphs = probes.data(lambda name: self.staged(f"probe/{name}"))
        for name, triples in graphs.items():
            self._fill(name, triples)
        store = RemoteStore(self.connection, view, frozenset(graphs.keys() - {view}))
        if names := probes.differing(store, view, graphs):
            raise StoreError(
                f"The engine at {self.home} gives wrong answers to {', '.join(names)} in graph/queries/probes, so "
                "nothing was published; see its settings and version, or publish to another engine."
            )

    def _load(self, quads: Iterable[Quad]) -> RemoteVersion:
        by_graph: dict[NamedNode | None, set[Triple]] = defaultdict(set)
        for quad in quads:
            graph = None if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
            assert graph is None or isinstance(graph, NamedNode)  # noqa: S101 - no graph of ours is a blank node
            by_graph[graph].add(Triple.of(quad))
        for graph, triples in by_graph.items():
            self._fill(self._place(graph), triples)
        now = datetime.now(UTC)
        version = RemoteVersion(
            number=self.number,
            base=self.base,
            built=now.isoformat(timespec="seconds"),
            folder=self.home.folder,
            counts=self.counts,
            seconds=round((now - self.started).total_seconds(), 2),
            view=self._place(None),
            graphs=frozenset(graph for graph in by_graph if graph),
        )
        self._fill(self.staged("marker"), [version.marker()])
        return version

    def _place(self, graph: NamedNode | None) -> NamedNode:
        return self.staged(graph.value.removeprefix(Names(self.base).graph("").value) if graph else "view")

    def _fill(self, name: NamedNode, triples: Triples) -> None:
        """Load a graph and count it; raise StoreError if the engine does not have all of it."""
        whole = list(triples)
        for number, part in enumerate(batches(whole, AT_ONCE if self.connection.addresses.graphs else INSERTED)):
            lines = serialize((Quad(*triple).triple for triple in part), format=RdfFormat.N_TRIPLES) or b""
            if self.connection.addresses.graphs:
                self.connection.put(name.value, lines, more=number > 0)
            else:
                text = _update("insert", graph=name)
                self.connection.update(text.replace("# triples\n", lines.decode()))
        if (there := self._count(name)) != len(whole):
            raise StoreError(
                f"The engine holds {there} of the {len(whole)} triples of {name.value}, so nothing was published; "
                "see its log, or publish to another engine."
            )

    def _count(self, name: NamedNode) -> int:
        (count,) = _column(RemoteStore(self.connection, name, frozenset()).query(_query("count")))
        return int(count)

    def _switch(self, version: RemoteVersion) -> None:
        now = self.home.current()
        if (now and now.view) != (self.old and self.old.view):
            raise VersionError("Another version was published in the engine meanwhile; build again.")
        gone = self.old.graphs - version.graphs if self.old else frozenset()
        places = [(self._place(graph), graph) for graph in sorted(version.graphs, key=str)]
        places.append((self.staged("marker"), MARKER))
        steps = [_update("drop", graph=graph) for graph in sorted(gone, key=str)]
        for staged, graph in places:
            steps += [_update(name, staged=staged, graph=graph) for name in ("add", "prune")]
        self.sent = True
        self.connection.update(" ;\n".join(steps))
        if (now := self.home.current()) != version:
            raise StoreError(
                "The engine accepted the version but does not return its marker; see its log, build again."
            )

    def _remove(self, names: Callable[[], list[NamedNode]]) -> None:
        """Remove graphs that nobody needs; what the engine does not remove now, the next publication does."""
        with contextlib.suppress(StoreError, QueryError):
            if steps := [_update("drop", graph=name) for name in names()]:
                self.connection.update(" ;\n".join(steps))

    def _staged_here(self) -> list[NamedNode]:
        return [name for name in self._staged_ever() if name.value.startswith(self.staged("").value)]

    def _outlived(self) -> list[NamedNode]:
        """Return what was loaded for this version and those before, but for this view and the one before."""
        keep = {self._place(None), self.old.view if self.old else None}
        return [name for name in self._staged_ever() if name not in keep and _number(name) <= self.number]

    def _staged_ever(self) -> list[NamedNode]:
        query = _query("staged", staging=Literal(STAGING))
        return [NamedNode(name) for name in _column(whole_engine(self.connection, query))]


def _query(name: str, **terms: Literal) -> str:
    return read_query(QUERIES / "remote" / f"{name}.rq").bind(**terms)


def _column(results: object) -> list[str]:
    assert isinstance(results, QuerySolutions)  # noqa: S101 - our own queries
    return [term.value for row in results for term in row if isinstance(term, NamedNode | Literal)]


def _number(staged: NamedNode) -> int:
    number = staged.value.removeprefix(STAGING).partition("/")[0]
    return int(number) if number.isdecimal() else 0


def _update(name: str, **terms: NamedNode) -> str:
    return read_query(QUERIES / "remote" / f"{name}.ru").bind(**terms)
