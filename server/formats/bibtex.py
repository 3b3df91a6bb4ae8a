"""BibTeX, as UTF-8."""

from collections.abc import Iterator

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat
from pyoxigraph import NamedNode

from server.display.works import OF, Work, has_works, named, works
from server.formats import Format
from server.http.media import Media

NAMED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
PLAIN = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | NAMED)  # what LaTeX would take for more than a letter
LAYOUT = BibtexFormat()  # type: ignore[no-untyped-call]
LAYOUT.indent = "  "


def write(thing: NamedNode) -> Iterator[str]:
    """Yield an entry for each paper."""
    for work in works(thing):
        yield entry(work)


def entry(work: Work) -> str:
    """Return a paper as an entry; its title is in braces, so that capitals stay."""
    said = {
        "title": f"{{{_plain(work.title)}}}",
        "author": " and ".join(_plain(named(each).inverted) for each in work.authors),
        "booktitle": _plain(work.proceedings),
        "year": work.year,
        "doi": work.identifier("doi"),
        "eprint": work.identifier("arxiv"),
        "url": work.address,
    }
    library = Library([Entry("inproceedings", work.key, [Field(name, text) for name, text in said.items() if text])])
    return write_string(library, bibtex_format=LAYOUT) + "\n"


def _plain(text: str) -> str:
    return text.translate(PLAIN)


FORMAT = Format(
    Media("bib", "application/x-bibtex", None, ("text/x-bibtex",), ("bibtex",)), "BibTeX", OF, write, has_works
)
