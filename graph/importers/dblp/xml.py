"""Reads XML of DBLP as a stream, without its DTD, which names letters as HTML does; declared entities are refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import name2codepoint
from xml.parsers import expat

from graph.errors import ImportFileError
from graph.sources.file import SourceFile
from graph.sources.importer import not_taken

KINDS = {*("article", "inproceedings", "proceedings", "book", "incollection", "phdthesis", "mastersthesis")}
KINDS |= {"www", "data", "person", "info"}
SEARCHED = {
    "Conference and Workshop Papers": "inproceedings",
    "Editorship": "proceedings",
    "Journal Articles": "article",
}
PEOPLE = ("author", "editor")
FIELDS = {
    "author": "the authors in order; the number after a name, which distinguishes people of one name, is dropped",
    "editor": "the editors of a volume",
    "title": "the title, without the full stop at its end",
    "year": "the year of the edition",
    "booktitle": "the track, in parentheses",
    "venue": "the same, in answers of the search",
    "volume": "the edition, in journals that are proceedings, such as PVLDB",
    "pages": "the page numbers",
    "ee": "the pages of the paper; DOI and other ids are read from them",
    "doi": "the DOI, in answers of the search",
    "key": "the key, in answers of the search; elsewhere an attribute",
    "type": "the kind of publication, in answers of the search",
} | not_taken(
    "not taken: said by the key, or of no use here",
    """crossref url series number publisher isbn note cite school month journal stream address
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
    booktitle: str = ""
    volume: str = ""


def elements(file: SourceFile) -> Iterator[DblpRecord]:
    """Yield the publications of a file; raise ImportFileError if it is not XML, or uses entities beyond HTML's."""
    handler = Handler()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler, parser.DefaultHandlerExpand = handler.text, handler.other
    parser.EntityDeclHandler = handler.declared
    parser.UseForeignDTD(True)  # noqa: FBT003 - so that entities which no DTD declares come to `other`
    try:
        for _, data in file.lines():
            parser.Parse(data, False)  # noqa: FBT003 - more follows
            yield from handler.done
            handler.done.clear()
        parser.Parse(b"", True)  # noqa: FBT003 - it was the last
    except expat.ExpatError as error:
        words = expat.errors.messages.get(error.code, str(error))
        raise ImportFileError(f"{file.path}, line {error.lineno}: this is no XML: {words}; fetch it again.") from error
    except LookupError as error:
        raise ImportFileError(f"{file.path}, line 1: this is no XML: {error}; fetch it again.") from error
    except UnsafeError as error:
        line = parser.CurrentLineNumber
        raise ImportFileError(f"{file.path}, line {line}: {error}; take the file from dblp.org.") from error
    yield from handler.done


class UnsafeError(Exception):
    """The file does what none of DBLP does."""


@dataclass
class Handler:
    """Collects a publication while its elements go by."""

    done: list[DblpRecord] = field(default_factory=list)
    kind: str = ""
    key: str = ""
    ids: tuple[str, ...] = ()
    words: list[str] = field(default_factory=list)
    depth: int = 0
    found: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element: a publication, a field of it, or markup within a field."""
        if not self.kind:
            if name in KINDS:
                self.kind, self.key, self.found = name, attributes.get("key", ""), []
            return
        if name == "authors":  # of an answer of the search: holds the authors
            return
        self.depth += 1
        if self.depth == 1:
            pid, orcid = attributes.get("pid"), attributes.get("orcid")
            self.ids = (f"https://dblp.org/pid/{pid}" if pid else "", f"https://orcid.org/{orcid}" if orcid else "")
            self.words = []

    def end(self, name: str) -> None:
        """End an element."""
        if not self.kind or name == "authors":
            return
        if self.depth:
            self.depth -= 1
            if not self.depth:
                self.found.append((name, "".join(self.words).strip(), self.ids))
        elif name == self.kind:
            self.done.append(self._publication())
            self.kind = ""

    def text(self, data: str) -> None:
        """Take text in."""
        if self.depth:
            self.words.append(data)

    def other(self, data: str) -> None:
        """Take in a letter by its name."""
        if data.startswith("&") and data.endswith(";"):
            letter = name2codepoint.get(data[1:-1])
            if letter is None:
                raise UnsafeError(f"the entity {data} is none of HTML")
            self.text(chr(letter))

    def declared(self, name: str, *_: object) -> None:
        """Refuse a declaration of an entity, by which a small file could fill the memory."""
        raise UnsafeError(f"it declares the entity &{name};")

    def _publication(self) -> DblpRecord:
        first = {name: text for name, text, _ in reversed(self.found)}
        kind = SEARCHED.get(first.get("type", ""), "other") if self.kind == "info" else self.kind
        addresses = [text for name, text, _ in self.found if name == "ee"]
        if number := first.get("doi"):
            addresses.append(f"https://doi.org/{number}")
        return DblpRecord(
            kind,
            self.key or first.get("key", ""),
            first.get("title", ""),
            first.get("year", ""),
            first.get("pages", ""),
            tuple((text, ids) for name, text, ids in self.found if name in PEOPLE),
            tuple(addresses),
            frozenset(first),
            first.get("booktitle") or first.get("venue", ""),
            first.get("volume", ""),
        )
