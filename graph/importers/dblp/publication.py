"""A publication of DBLP, from XML or RDF, and the field map."""

from dataclasses import dataclass

from graph.sources.importer import not_taken

FIELDS = {
    "author": "the authors in order; the number after a name, which distinguishes people of one name, is dropped",
    "editor": "the editors of a volume",
    "title": "the title, without the full stop at its end",
    "year": "the year of the edition",
    "pages": "the page numbers",
    "ee": "the pages of the paper; DOI and other ids are read from them",
    "doi": "the DOI, in answers of the search",
    "key": "the key, in answers of the search; elsewhere an attribute",
    "type": "the kind of publication, in answers of the search",
} | not_taken(
    "not taken: said by the key, or of no use here",
    """booktitle crossref url venue series volume number publisher isbn note cite school month journal stream address
    cdrom chapter publnr access rel authors""",
)


@dataclass(frozen=True)
class DblpRecord:
    """A publication: its kind and key, title, year, pages, people with the addresses of their ids, its addresses."""

    kind: str
    key: str
    title: str = ""
    year: str = ""
    pages: str = ""
    people: tuple[tuple[str, tuple[str, ...]], ...] = ()
    addresses: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
