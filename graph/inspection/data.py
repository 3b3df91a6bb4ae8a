"""Inspects data that is RDF already: a file, a named graph, or a whole version."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple

from graph.errors import PayloadError, UnknownGraphError
from graph.files import QUERIES
from graph.inspection.formats import FORMATS, Inspection, LocatedFinding
from graph.query import read_query
from graph.serialization.reading import quads_of, reason
from graph.store import Store, construct
from graph.store.embedded import EmbeddedStore
from graph.terms import RDF
from graph.validate.check import PATTERN, ShapeFinding, blocks, template, these
from graph.validate.incremental import is_checked
from graph.validate.reach import classes_of
from graph.validate.reports import kept
from graph.validate.whole import results
from graph.versions.home import Version

EXTENSIONS = (".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld")
BLANK = "This triple has a blank node, which no page and no other triple could name: give it an IRI."
UNCHECKED = "No shape checks any of this: give a thing a class of the ontology, such as cvn:Paper, to have it checked."


def inspect_file(path: Path, known: EmbeddedStore | None) -> Inspection:
    """Inspect an RDF file, given a store for what it refers to; raise PayloadError if it cannot be read."""
    form = RdfFormat.from_extension(path.suffix[1:]) if path.suffix in EXTENSIONS else None
    if form is None:
        hint = f"give one whose name ends in .yaml, {', '.join(EXTENSIONS)}"
        raise PayloadError(f"{path} is neither a curated file nor RDF by its name; {hint}.")
    try:
        read = [Triple(each.subject, each.predicate, each.object) for each in quads_of(path, form)]
    except OSError as error:
        raise PayloadError(f"{path} cannot be read: {error.strerror}; give the path of a file.") from error
    except (SyntaxError, ValueError) as error:
        raise PayloadError(f"{path} is not well formed: {reason(error)}.") from error
    return _inspect(path.name, read, known)


def inspect_graph(store: EmbeddedStore, name: NamedNode) -> Inspection:
    """Inspect a named graph of a store; raise UnknownGraphError if there is no such graph."""
    if not store.has_graph(name):
        near = ", ".join(sorted(each.value for each in store.graph_names())[:20]) or "none"
        raise UnknownGraphError(f"There is no graph {name}; there are {near}.")
    query = read_query(QUERIES / "validate" / "graph.rq").bind(graph=name)
    return _inspect(f"graph {name}", construct(store, query), store)


def inspect_version(store: EmbeddedStore, number: int) -> Inspection:
    """Inspect a whole version."""
    return Inspection.of(f"version {number}", map(LocatedFinding.of_result, results(store)))


def _inspect(subject: str, said: Iterable[Triple], known: Store | None) -> Inspection:
    found = list(said)
    nodes = {each.subject for each in found}
    data = {Quad(each.subject, each.predicate, each.object) for each in found}
    store = EmbeddedStore.memory((*data, *(_known(found, known) if known else ())))
    located = [LocatedFinding.of_result(each) for each in results(store) if each.focus in nodes]
    located += _blank(found)
    if not (located or is_checked(store, (each for each in nodes if not isinstance(each, Triple)))):
        located.append(LocatedFinding(ShapeFinding("Warning", UNCHECKED, "", RDF.type.value, "Unchecked", "", "Class")))
    return Inspection.of(subject, located)


def _known(said: Iterable[Triple], known: Store) -> Iterator[Quad]:
    """Yield what another store says of the things in triples, but for the properties that these give themselves."""
    given = {(each.subject, each.predicate) for each in said}
    nodes = {each for triple in said for each in (triple.subject, triple.object) if isinstance(each, NamedNode)}
    further: set[NamedNode] = set()
    for block in blocks(nodes):
        for each in construct(known, template("known").replace(PATTERN, these(block))):
            if (each.subject, each.predicate) not in given or each.predicate == RDF.type:
                yield Quad(each.subject, each.predicate, each.object)
                further |= {each.object} - nodes if isinstance(each.object, NamedNode) else set()
    kinds, _ = classes_of(known, further)
    yield from (Quad(node, RDF.type, kind) for node in further for kind in kinds[node] if isinstance(kind, NamedNode))


def _blank(said: Iterable[Triple]) -> Iterator[LocatedFinding]:
    for each in said:
        if isinstance(each.subject, BlankNode) or isinstance(each.object, BlankNode):
            value = str(each.object)
            yield LocatedFinding(
                ShapeFinding("Violation", BLANK, str(each.subject), each.predicate.value, "Blank", value, "NodeKind")
            )


def report(version: Version, form: str) -> str:
    """Return the report of a version as ttl, csv, json, junit or text; raise ReportError if it has none."""
    return FORMATS[form](Inspection.of(f"version {version.number}", map(LocatedFinding.of_result, kept(version))))
