"""BibTeX, as UTF-8."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat
from pyoxigraph import NamedNode

from graph.sources.parts import NameParts
from server.display.citation_keys import citation_key, keyed
from server.display.works import OF, Work, has_works, works
from server.formats import Format
from server.http.media import Media

NAMED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
PLAIN = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | NAMED)  # what LaTeX would take for more than a letter
LIGATURE = re.compile("-(?=-)|`(?=`)|'(?=')|[!?](?=`)|<(?=<)|>(?=>)|,(?=,)")  # of which LaTeX makes another sign
MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")  # of every style
AND = re.compile(r"(?<!\S)and(?!\S)", re.IGNORECASE)
LAYOUT = BibtexFormat()  # type: ignore[no-untyped-call]
LAYOUT.indent = "  "


def write(thing: NamedNode) -> Iterator[str]:
    """Yield an entry for each paper of a thing."""
    return write_works(works(thing))


def write_works(found: Iterable[Work]) -> Iterator[str]:
    """Yield an entry for each work."""
    return map(entry, keyed(found))


def entry(work: Work) -> str:
    """Return a paper as an entry; its title is in braces, so that capitals stay."""
    said = {
        "title": f"{{{_plain(work.title)}}}",
        "author": " and ".join([*map(_name, work.authors), *(["others"] if work.authors_left_out else [])]),
        "editor": " and ".join(map(_name, work.editors)),
        "booktitle": _plain(work.proceedings) if work.is_accepted else "",
        "publisher": _plain(work.publisher),
        "year": work.year,
        "pages": f"{work.first_page}--{work.last_page}" if work.last_page else _plain(work.extent),
        "doi": work.identifier("doi"),
        "eprint": work.identifier("arxiv"),
        "archiveprefix": "arXiv" if work.identifier("arxiv") else "",
        "url": work.address,
        "note": _plain(work.status),
    }
    fields = [Field(name, text) for name, text in said.items() if text]
    if work.month:
        fields.append(Field("month", MONTHS[work.month], enclosing="no-enclosing"))
    kind = "inproceedings" if work.is_accepted else "unpublished"
    return _written(kind, work.key or citation_key(work), fields)


def miscellaneous(key: str, said: Mapping[str, str]) -> str:
    """Return an entry of no other type, with the fields that have a text."""
    fields = [Field(name, text if name == "url" else _plain(text)) for name, text in said.items() if text]
    return _written("misc", key, fields)


def _written(kind: str, key: str, fields: list[Field]) -> str:
    return write_string(Library([Entry(kind, key, fields)]), bibtex_format=LAYOUT) + "\n"


def _name(name: NameParts) -> str:
    """Return a name as BibTeX reads it; a name without parts, and a part that it would divide, is in braces."""
    if not name.given:
        return _whole(name.name) if " " in name.name else _part(name.name)
    return ", ".join(_part(each) for each in (name.surname, name.suffix, name.given) if each)


def _part(text: str) -> str:
    return _whole(text) if "," in text or AND.search(text) else _plain(text)


def _whole(text: str) -> str:
    return f"{{{_plain(text)}}}"


def _plain(text: str) -> str:
    return LIGATURE.sub(r"\g<0>{}", text.translate(PLAIN))


FORMAT = Format(
    Media("bib", "application/x-bibtex", None, ("text/x-bibtex",), ("bibtex",)),
    "BibTeX",
    OF,
    write,
    has_works,
    write_works,
)
