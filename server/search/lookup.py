"""Finds the thing of a path: in the resolved view, in the graph of a source alone, or nowhere."""

from dataclasses import dataclass

from flask import g, url_for
from pyoxigraph import NamedNode

from server.display.asking import ask
from server.display.words import address, line_address
from server.http.errors import UnknownEntityError
from server.search.pages import suggestions


@dataclass(frozen=True)
class Elsewhere:
    """The place of a thing that is not in the resolved view: a named graph, a source and a line."""

    graph: NamedNode
    source: NamedNode | None
    line: str

    @property
    def path(self) -> str:
        """The path of the graph."""
        base: str = g.served.version.base
        return self.graph.value.removeprefix(f"{base}graph/")

    @property
    def page(self) -> str:
        """The address of the page that shows it."""
        if self.source and self.line:
            return line_address(self.source, self.line)
        return url_for("pages.sources", _anchor="decisions")


def entity(path: str) -> NamedNode:
    """Return the IRI of a thing by its path below `id/`; raise UnknownEntityError if no IRI can have this path."""
    return below_base("id/" + path)


def below_base(path: str) -> NamedNode:
    """Return the IRI of a path below the base of the version; raise UnknownEntityError if no IRI can have this path."""
    try:
        return NamedNode(g.served.version.base + path)
    except ValueError:
        raise unknown(path) from None


def elsewhere(path: str) -> Elsewhere | None:
    """Return the place of a thing that is not in the resolved view, or None if it is.

    Raises:
        UnknownEntityError: no graph knows the thing.
    """
    iri = entity(path)
    if ask("entity/known", entity=iri).rows:
        return None
    for row in ask("entity/elsewhere", entity=iri).rows:
        source = row.get("source")
        line = row["line"].value if "line" in row else ""
        return Elsewhere(NamedNode(row["graph"].value), source if isinstance(source, NamedNode) else None, line)
    raise unknown(path)


def unknown(path: str) -> UnknownEntityError:
    """Return the error for a path without an entry, with things of similar names."""
    words = path.rstrip("/").rpartition("/")[2].replace("-", " ").strip()
    close = [
        {"iri": hit.thing.value, "label": hit.label, "kind": hit.kind, "page": address(hit.thing)}
        for hit in suggestions(words)
    ]
    return UnknownEntityError(f"There is no entry for {path!r} in the graph.", words, close)
