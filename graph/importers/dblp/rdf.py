"""Reads RDF of DBLP by queries, in memory: records and persons, not the whole dump (its XML is for that)."""

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import RdfFormat, parse

from graph.errors import ImportFileError
from graph.files import QUERIES
from graph.importers.dblp.xml import DblpRecord
from graph.query import read_query
from graph.sources.file import SourceFile
from graph.store import select
from graph.store.embedded import EmbeddedStore

FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML}
RECORD = "https://dblp.org/rec/"
KINDS = {"Inproceedings": "inproceedings", "Editorship": "proceedings", "Article": "article"}
Row = dict[str, str]
LAST = 999_999_999  # comes after every author


def publications(file: SourceFile, form: str) -> Iterator[DblpRecord]:
    """Yield the publications of a file; raise ImportFileError if it is not well formed."""
    try:
        store = EmbeddedStore.memory(parse(file.whole(), format=FORMATS[form], base_iri="https://dblp.org/"))
    except (SyntaxError, ValueError) as error:
        raise ImportFileError(f"{file.path} is not well formed: {error}; fetch it again.") from error
    people, addresses = defaultdict(list), defaultdict(list)
    for row in _rows(store, "signatures", "publication", "position", "name"):
        ids = tuple(row[name] for name in ("creator", "orcid") if name in row)
        people[row["publication"]].append((_position(row["position"]), row["name"], ids))
    for row in _rows(store, "addresses", "publication", "address"):
        addresses[row["publication"]].append(row["address"])
    for row in _rows(store, "publications", "publication", "kind"):
        me = row["publication"]
        yield DblpRecord(
            KINDS.get(row["kind"].rpartition("#")[2], "other"),
            me.removeprefix(RECORD),
            row.get("title", ""),
            row.get("year", ""),
            row.get("pages", ""),
            tuple((name, ids) for _, name, ids in sorted(people[me])),
            tuple(addresses[me]),
            booktitle=row.get("book", ""),
            volume=row.get("volume", ""),
        )


def _position(text: str) -> int:
    """Return the place of an author; one that is no number comes last."""
    return int(text) if text.isdecimal() and len(text) < len(str(LAST)) else LAST


def _rows(store: EmbeddedStore, name: str, *needed: str) -> Iterator[Row]:
    """Yield the rows of a query that have what is needed as an IRI or a literal; a stranger's may be blank nodes."""
    for solution in select(store, read_query(QUERIES / "dblp" / f"{name}.rq").text):
        if solution.keys() >= set(needed):
            yield {column: term.value for column, term in solution.items()}
