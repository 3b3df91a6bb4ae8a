"""ML Anthology (rbnyng/mlanthology): proceedings of machine learning, with the identifiers of where they were found.

`<venue>-<year>.json` is an object with the records of one edition, `<venue>-legacy.jsonl` has the records of many, one
on each line; both also with .gz. The numbers that DBLP adds to names and the full stop after titles are removed.
"""

import re
from collections.abc import Iterator

from msgspec import Raw, Struct, ValidationError
from msgspec.json import Decoder

from graph.errors import ImportFileError
from graph.sources.addresses import identified, identifiers, web
from graph.sources.authors import author, author_named, divided
from graph.sources.file import SourceFile
from graph.sources.importer import Importer, announced
from graph.sources.json_records import UNREADABLE, array, broken, converted, lines, members, unknown
from graph.sources.parts import NameParts
from graph.sources.records import NAMELESS, Author, Identifier, Item, Notice, Paper
from graph.sources.text import clean
from graph.vocabulary.venues import venue

FIELDS = {
    "title": "the title of the paper",
    "authors": "the authors in order: given, prefix and family name; the slug is made of these",
    "year": "the year of the edition",
    "venue": "the series",
    "venue_type": "whether it is a conference; papers of journals are left out",
    "pages": "the page numbers",
    "venue_url": "the page of the paper; identifiers are read from it",
    "openreview_url": "the OpenReview forum",
    "doi": "the DOI",
    "source": "where the record was found; says what source_id is",
    "source_id": "the id of the record there, the key of the record",
    "bibtex_key": "made by the anthology, and not stable: not taken",
    "venue_name": "the name of the series or workshop, as each source writes it: not taken",
    "volume": "part of the PMLR id: not taken",
    "number": "empty: not taken",
    "abstract": "text of third parties: not taken",
    "pdf_url": "material about the paper: not taken",
    "code_url": "material about the paper: not taken",
}
SCHEMES = {"openreview": "openreview", "pmlr": "pmlr", "dblp": "dblp"}
YEAR = re.compile(r"[12]\d{3}")


class _Author(Struct, frozen=True):
    given: str = ""
    family: str = ""
    prefix: str = ""


class _Raw(Struct, frozen=True):
    title: str
    year: str
    venue: str
    authors: tuple[_Author, ...] = ()
    venue_type: str = ""
    pages: str = ""
    venue_url: str = ""
    openreview_url: str = ""
    doi: str = ""
    source: str = ""
    source_id: str = ""


class _Whole(Struct, frozen=True):
    """A file of one edition."""

    papers: list[Raw]


def read(file: SourceFile) -> Iterator[Item]:
    """Yield the editions and papers of a file; raise ImportFileError if it cannot be read, or is of another source."""
    seen = set[str]()
    return converted(_records(file), lambda place, raw: _paper(place, raw, seen))


def _records(file: SourceFile) -> Iterator[tuple[str, _Raw] | Notice]:
    if file.name.endswith(".jsonl"):
        yield from lines(file, _Raw, FIELDS)
        return
    data = file.whole()
    try:
        whole = Decoder(_Whole).decode(data)
    except UNREADABLE as error:
        if isinstance(error, ValidationError):
            hint = "is it of another source?"
            raise ImportFileError(f"{file.path} is no object with papers ({error}); {hint}") from error
        found = members(data, b"papers")
        if found is None:
            raise broken(file, data, error) from error
        whole = _Whole(found)
    yield from unknown(whole.papers, FIELDS)
    yield from array(whole.papers, _Raw)


def _paper(place: str, raw: _Raw, seen: set[str]) -> Iterator[Item]:
    title = clean(raw.title)
    title = title.removesuffix(".") if raw.source.startswith("dblp") else title
    if not title or not YEAR.fullmatch(raw.year):
        yield Notice("record without title or year", place, raw.source_id, "left out")
        return
    if raw.venue_type == "journal":
        yield Notice("paper of a journal, not of a conference", place, title, "left out")
        return
    series, year = venue(raw.venue), int(raw.year)
    yield from announced(series, year, seen)
    people = list(_authors(raw))
    authors = tuple(each for each in people if each)
    if len(authors) < len(people):
        yield Notice(NAMELESS, place, title)
    if len(people) > len(raw.authors):
        yield Notice("several authors in one name", place, title)
    if not authors:
        yield Notice("paper without authors", place, title)
    yield Paper(
        key=raw.source_id,
        title=title,
        series=series.key,
        year=year,
        authors=authors,
        ids=_ids(raw),
        pages=web(raw.venue_url),
        extent=clean(raw.pages),
        authors_left_out=len(authors) < len(people),
    )


def _authors(raw: _Raw) -> Iterator[Author | None]:
    for each in raw.authors:
        if "," in each.given and " " in each.family:  # the first of several people, and the others
            yield from (author_named(name) for name in divided([each.family, *each.given.split(",")]))
        else:
            yield author(NameParts(each.family or each.given, each.given if each.family else "", each.prefix))


def _ids(raw: _Raw) -> tuple[Identifier, ...]:
    scheme = SCHEMES.get(raw.source.partition("+")[0], "")
    found = [*(identified(scheme, raw.source_id) if scheme else ()), *identified("doi", raw.doi)]
    found += [*identifiers(raw.openreview_url), *identifiers(raw.venue_url)]
    return tuple(dict.fromkeys(found))


IMPORTER = Importer(
    key="mlanthology",
    title="ML Anthology",
    homepage="https://github.com/rbnyng/mlanthology",
    license="https://www.apache.org/licenses/LICENSE-2.0",
    trust=6,
    files=("*-[12][0-9][0-9][0-9].json", "*-[12][0-9][0-9][0-9].json.gz", "*-legacy.jsonl", "*-legacy.jsonl.gz"),
    fields=FIELDS,
    read=read,
)
