"""Builds a version of the graph: sources, resolved view, shapes, store, publication."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad

from graph.curated.curation import Curation, read_curation
from graph.curated.decisions import decisions_of
from graph.curated.documents import Document, keep_texts
from graph.curated.reader import CuratedFile, CuratedSource, open_file, read
from graph.errors import CuratedFileError, DocumentError, Problem
from graph.files import CURATED_FILES, CURATION, LINKS, QUERIES
from graph.importing.keeping import keep
from graph.indexes.finalization import complete
from graph.linksets.publishing import Links
from graph.model.curation import IdentityDecision
from graph.names import Names, digest
from graph.query import read_queries
from graph.resolution.derivation import derived
from graph.resolution.preferences import preferences
from graph.resolution.resolve import Resolver, WeightedSource, links, source_triples
from graph.rules.findings import Findings, summary
from graph.store import construct
from graph.store.embedded import EmbeddedStore
from graph.store.writable import WritableStore, let_go
from graph.system.room import writing
from graph.terms import CVN, Triple
from graph.validate.check import Result, ShapeFinding, findings
from graph.validate.reports import keep_report
from graph.validate.whole import judged, refuse, results
from graph.versions.derived import sign
from graph.versions.home import Draft, Home, Version
from graph.vocabulary import ontology

Report = Callable[[str], None]


@dataclass(frozen=True)
class Inputs:
    """The input of a build: curated files, decisions, documents by checksum, and link sets."""

    files: tuple[Path, ...] = ()
    curation: Path = CURATION
    documents: dict[str, Document] = field(default_factory=dict)
    links: tuple[Path, ...] = ()

    @classmethod
    def bundled(cls, documents: dict[str, Document] | None = None) -> "Inputs":
        """Return the curated files and link sets that come with Convocation."""
        links = tuple(sorted(LINKS.glob("*.sssom.tsv")))
        return cls(CURATED_FILES, documents=documents or {}, links=links)

    def open(self) -> list[CuratedFile]:
        """Return the files with their form checked; raise CuratedFileError with the mistakes of all of them."""
        files, problems = [], []
        for path in self.files:
            try:
                files.append(open_file(path))
            except CuratedFileError as error:
                problems += error.problems
        if problems:
            raise CuratedFileError(problems)
        return files


@dataclass(frozen=True)
class Graph:
    """A graph in memory, before it is written: the resolved view and the graph of each source."""

    view: frozenset[Triple]
    named: dict[NamedNode, frozenset[Triple]]

    def statements(self) -> Iterator[Triple]:
        """Yield the statements and citations of all sources, which say where each triple stands."""
        for triples in self.named.values():
            nodes = {triple.subject for triple in triples if triple.object in {CVN.Statement, CVN.Citation}}
            yield from (triple for triple in triples if triple.subject in nodes)

    @property
    def decisions(self) -> frozenset[Triple]:
        """The reviewed decisions of curators."""
        return next(triples for name, triples in self.named.items() if name.value.endswith("/graph/curation"))

    def curated_lines(self) -> Iterator[str]:
        """Yield the triples of the resolved view as N-Triples."""
        return (f"{each.subject} {each.predicate} {each.object} ." for each in self.view)

    def quads(self) -> Iterator[Quad]:
        """Yield the quads of all graphs, the ontology in the default graph."""
        yield from (Quad(*triple, DefaultGraph()) for triple in self.view | ontology.terms())
        for name, triples in self.named.items():
            yield from (Quad(*triple, name) for triple in triples)


def build(home: Home, base: str, inputs: Inputs, report: Report = lambda _: None) -> Version:
    """Publish a version; raise SourceError for wrong inputs, ShapeError for broken shapes, HomeError if unwritable."""
    names = Names(base)
    decisions = decisions_of(home.folder)
    with writing(home.folder), home.publishing(base) as draft:
        graph = make_graph(names, inputs, report)
        found = judge(graph, report)
        EmbeddedStore.write(draft.store, graph.quads())
        keep_texts(draft.folder, inputs.documents)
        papers = keep(home.current(), draft, graph.curated_lines(), decisions, report)
        if papers:
            link_imported(draft, inputs.links, graph)
        keep_report(draft.folder, judged(EmbeddedStore.open(draft.store)) if papers else found)
        draft.counts = counts(graph, findings(found)) | ({"papers": papers} if papers else {})
        complete(draft)
        sign(draft.folder)
    return home.version(draft.number)


def link_imported(draft: Draft, link_sets: Iterable[Path], graph: Graph) -> None:
    """Write the links of imported things into the store of a draft, which has those of curated ones already."""
    engine, curated = EmbeddedStore.open(draft.store), {triple.subject for triple in graph.view}

    def imported(thing: NamedNode) -> bool:
        return thing not in curated and engine.has(thing)

    gone, come = Links.read(link_sets, imported, Names(draft.base)).quads()
    if gone or come:
        store = WritableStore.open(draft.store)
        store.replace(gone, come)
        del store
        let_go()


def make_graph(names: Names, inputs: Inputs, report: Report = lambda _: None) -> Graph:
    """Return the graph of the inputs; raise SourceError if a file or document has mistakes."""
    curation = read_curation(inputs.curation)
    return graph_of(names, read_sources(names, inputs, curation), curation, inputs.links, report)


def graph_of(
    names: Names,
    sources: list[CuratedSource],
    curation: Curation,
    link_sets: Iterable[Path] = (),
    report: Report = lambda _: None,
) -> Graph:
    """Return the graph of what sources say, with the links of link sets to its things."""
    named = {names.graph("source", each.header.key): frozenset(source_triples(each, names)) for each in sources}
    report(f"read {len(sources)} sources: {sum(map(len, named.values()))} triples")
    heads = ((source.iri, source.header.title, source.header.weight) for source in sources)
    voices = [WeightedSource(*head, triples) for head, triples in zip(heads, named.values(), strict=True)]
    resolver = Resolver(voices, names)
    view = frozenset((*resolver.triples(), *preferences(resolver, curation)))
    view |= _shortcuts(view)
    view |= frozenset(derived(_with_terms(view), names))
    elsewhere = Links.read(link_sets, {triple.subject for triple in view}.__contains__, names)
    view = elsewhere.resolved(view)
    if elsewhere.links:
        report(f"linked: {len(elsewhere.links)} links; {elsewhere.strange} of things that are not in the graph")
    report(f"resolved view: {len(view)} triples")
    named[names.graph("curation")] = frozenset(_decisions(curation, sources, names))
    named[names.graph("alignments")] = ontology.alignments()
    named |= elsewhere.graphs() | links(view, names)
    graph = Graph(view, named)
    found = frozenset(Findings(EmbeddedStore.memory(graph.quads()), names).triples())
    report(f"examined: {summary(found)}")
    named[names.graph("findings")] = found
    return graph


def read_sources(names: Names, inputs: Inputs, curation: Curation) -> list[CuratedSource]:
    """Return the content of the curated files; raise SourceError with the mistakes of all of them."""
    files, sources = inputs.open(), []
    problems = list(_same_key(files))
    _unused(inputs, files)
    for file in files:
        try:
            sources.append(read(file, names, curation, inputs.documents.get(file.header.sha256)))
        except CuratedFileError as error:
            problems += error.problems
    if problems:
        raise CuratedFileError(problems)
    return sources


def check_graph(graph: Graph, report: Report = lambda _: None) -> list[ShapeFinding]:
    """Return the findings of the shapes in all graphs; raise ShapeError if a shape is broken."""
    return findings(judge(graph, report))


def judge(graph: Graph, report: Report = lambda _: None) -> list[Result]:
    """Return the results of the shapes, as `check_graph` does in words; raise ShapeError if a shape is broken."""
    found = results(EmbeddedStore.memory(graph.quads()))
    broken = sum(each.constraint.severity == "Violation" for each in found)
    report(f"checked: {broken} violations, {len(found) - broken} warnings and notes")
    refuse(findings(found))
    return found


def _same_key(files: Iterable[CuratedFile]) -> Iterator[Problem]:
    seen: dict[str, CuratedFile] = {}
    for file in files:
        first = seen.setdefault(file.header.key, file)
        if first is not file:
            line = file.marked.line(("source", "key"))
            words = f"{first.marked.path.name} has the key {file.header.key!r} too; give each source a key of its own."
            yield Problem(file.marked.path, line, f"Duplicate IRI: {words}")


def _unused(inputs: Inputs, files: Iterable[CuratedFile]) -> None:
    known = {file.header.sha256 for file in files}
    for checksum, document in inputs.documents.items():
        if checksum not in known:
            hint = "give the text that a curated file was written from, unchanged"
            raise DocumentError(f"{document.path} is not the document of any curated file; {hint}.")


def _shortcuts(view: frozenset[Triple]) -> frozenset[Triple]:
    store, queries = _with_terms(view), read_queries(QUERIES / "shortcuts")
    return frozenset(Triple.of(each) for query in queries for each in construct(store, query.text))


def _with_terms(view: frozenset[Triple]) -> EmbeddedStore:
    return EmbeddedStore.memory(Quad(*triple, DefaultGraph()) for triple in view | ontology.terms())


def _decisions(curation: Curation, sources: list[CuratedSource], names: Names) -> Iterator[Triple]:
    read_now = {source.header.key for source in sources}
    for each in (each for each in curation.identities if each.source in read_now):
        mint = names.person if each.person else names.organization
        record = IdentityDecision(
            iri=names.id("decision", digest(each.source, each.printed, length=12)),
            label=f"{each.printed} is {each.name}",
            name_as_printed=each.printed,
            source=names.id("source", each.source),
            identified_as=mint(each.name),
            because=each.because,
        )
        yield from record.triples()


def counts(graph: Graph, findings: list[ShapeFinding]) -> dict[str, int]:
    """Return the counts that a version keeps: sources, triples of the view, quads of all graphs, warnings, findings."""
    return {
        "sources": sum("/graph/source/" in name.value for name in graph.named),
        "triples": len(graph.view),
        "quads": len(graph.view) + len(ontology.terms()) + sum(map(len, graph.named.values())),
        "warnings": sum(each.severity == "Warning" for each in findings),
        "findings": sum(triple.object == CVN.Finding for triples in graph.named.values() for triple in triples),
    }
