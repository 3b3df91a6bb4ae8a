"""The graph that servers are compared on, made once and kept in a scratch folder."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from benchmarks import corpus
from benchmarks.paperlists import listings
from graph.query import Query, read_queries
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home
from graph.vocabulary import ontology

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class Data:
    """The graph as a home, as a copy of its store for the native server, and as N-Quads."""

    folder: Path
    base: str

    @property
    def home(self) -> Home:
        """The home that our server serves."""
        return Home(self.folder / "home")

    @property
    def copy(self) -> Path:
        """The copy of the store that the native server serves."""
        return self.folder / "native"

    @property
    def quads(self) -> Path:
        """The N-Quads file."""
        return self.folder / "corpus.nq"

    @property
    def facts(self) -> dict[str, object]:
        """The content of the graph, and things to ask for."""
        found: dict[str, object] = json.loads((self.folder / "corpus.json").read_text(encoding="utf-8"))
        return found

    @property
    def sample(self) -> list[NamedNode]:
        """Persons at even distances."""
        sample = self.facts["sample"]
        assert isinstance(sample, list)  # noqa: S101 - corpus.Corpus.facts writes it
        return [NamedNode(each[1:-1]) for each in sample]

    def bind(self, query: Query) -> str:
        """Return the text of a query with what it asks for in place of its parameters."""
        facts = {name: NamedNode(str(self.facts[name])[1:-1]) for name in ("person", "edition", "organization")}
        facts["graph"] = NamedNode(f"{self.base}graph/source/paperlists-{facts['edition'].value.rpartition('/')[2]}")
        return query.bind(**{name: facts[name] for name in query.parameters})

    def texts(self, folder: str = "") -> dict[str, str]:
        """Return the queries of a folder by name."""
        return {query.name: self.bind(query) for query in read_queries(QUERIES / folder)}


def made(scratch: Path, lists: Path, base: str, papers: int) -> Data:
    """Return the graph of some number of papers (0: all), made if it is not there yet."""
    data = Data(scratch / f"papers-{papers or 'all'}", base)
    if not data.copy.exists() or data.home.needed().base != base:
        shutil.rmtree(data.folder, ignore_errors=True)
        data.folder.mkdir(parents=True)
        begun = time.perf_counter()
        facts = corpus.write(data.quads, base, corpus.some(listings(lists), papers))
        _add_ontology(data.quads)
        print(f"wrote {facts['quads']:,} quads of {facts['papers']:,} papers: {time.perf_counter() - begun:.0f} s")
        _publish(data)
        print(f"stored them in order: {time.perf_counter() - begun:.0f} s")
    return data


def _publish(data: Data) -> None:
    with data.home.publishing(data.base) as draft:
        EmbeddedStore.write(draft.store, _read(data.quads))
        quads = sum(1 for _ in data.quads.open("rb"))
        draft.counts = {"sources": 0, "triples": quads, "quads": quads, "warnings": 0}
    shutil.copytree(data.home.needed().store, data.copy)


def _read(path: Path) -> Iterator[Quad]:
    return parse(path=path, format=RdfFormat.N_QUADS, lenient=True)


def _add_ontology(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        for triple in ontology.terms():
            file.write(f"{Quad(*triple, DefaultGraph())} .\n")
