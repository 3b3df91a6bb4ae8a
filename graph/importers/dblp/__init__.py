"""DBLP: its XML (the dump, records, persons, answers of its search) and its RDF (records and persons).

Only conferences are read. Of the whole dump only the series that `graph/data/venues.yaml` lists are: it has thousands.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.errors import ImportFileError
from graph.importers.dblp.rdf import FORMATS, publications
from graph.importers.dblp.xml import FIELDS, DblpRecord, elements
from graph.sources.addresses import known, web
from graph.sources.authors import author_named
from graph.sources.dates import YEAR
from graph.sources.file import SourceFile
from graph.sources.importer import Importer, announced, unknown_fields
from graph.sources.records import Item, Notice, Paper, Volume
from graph.sources.text import clean
from graph.vocabulary.venues import Venue, venue, venue_of_journal

DUMP = re.compile(r"dblp(?:-\d{4}-\d\d-\d\d)?\.xml")
STREAM = re.compile(r"(?P<kind>conf|journals)/(?P<name>[^/]+)/")
LONGEST = 1_000  # letters of a title of proceedings that are read
BESIDE = re.compile(r"\(([^()]*[A-Za-z][^()]*)\)")
TRACKS = {"finding": "findings", "workshop": "workshop", "companion": "other", "extended abstract": "other"}


def read(file: SourceFile) -> Iterator[Item]:
    """Yield the papers and volumes of a file; raise ImportFileError if it holds no publication of DBLP."""
    form = file.name.rpartition(".")[2]
    found = publications(file, form) if form in FORMATS else elements(file)
    reading = DblpReader(whole=DUMP.fullmatch(file.name) is not None)
    count = 0
    for count, publication in enumerate(found, 1):  # noqa: B007 - counted
        yield from reading.publication(publication)
    if not count:
        raise ImportFileError(f"{file.path} holds no publication of DBLP; is it of another source?")
    for (reason, place), number in sorted(reading.left.items()):
        yield Notice(reason, place, f"{number} of them" if number > 1 else "", "left out", number)
    yield from unknown_fields(reading.unknown, "publication")


@dataclass
class DblpReader:
    """What one file says, an edition when first met; of a `whole` dump, what known series say."""

    whole: bool
    said: set[str] = field(default_factory=set)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    def publication(self, found: DblpRecord) -> Iterator[Item]:
        """Yield the records of a publication; what is left out is counted, with the first of its kind."""
        place = _place(found)
        if place is None:
            self._leave(f"{found.kind}, which is no paper or volume of a conference", found)
            return
        self.unknown.update(found.fields - FIELDS.keys())
        (known_as, year), title = place, clean(found.title).removesuffix(".")
        if self.whole and not known_as.name:
            self._leave("series that graph/data/venues.yaml does not list", found)
        elif not title or not YEAR.fullmatch(year):
            self._leave("publication without a title or a year", found)
        else:
            yield from self._records(found, known_as, int(year), title)

    def _records(self, found: DblpRecord, series: Venue, year: int, title: str) -> Iterator[Item]:
        stream = "/".join(found.key.split("/")[:2])
        yield from announced(series, year, self.said, ids=known([f"https://dblp.org/streams/{stream}"]))
        people = tuple(filter(None, (author_named(name, known(ids)) for name, ids in found.people)))
        ids = known([f"https://dblp.org/rec/{found.key}", *found.addresses])
        pages = tuple(page for address in found.addresses[:1] for page in web(address))
        if found.kind == "proceedings":
            yield Volume(found.key, title, series.key, year, people, ids, pages)
            return
        if not people:
            yield Notice("paper without authors", found.key, title)
        track, name = _track(found.booktitle)
        yield Paper(
            key=found.key,
            title=title,
            series=series.key,
            year=year,
            authors=people,
            ids=ids,
            track=track,
            track_name=name,
            decision="accept",
            pages=pages,
            extent=found.pages,
            authors_left_out=len(people) < len(found.people),
        )

    def _leave(self, reason: str, found: DblpRecord) -> None:
        first = next((place for known_reason, place in self.left if known_reason == reason), found.key)
        self.left[reason, first] += 1


def _place(found: DblpRecord) -> tuple[Venue, str] | None:
    """Return the series and the year of a publication, or None if it is not of a conference."""
    stream = STREAM.match(found.key)
    if not stream:
        return None
    if stream["kind"] == "conf":
        return (venue(stream["name"]), found.year) if found.kind in ("inproceedings", "proceedings") else None
    journal = venue_of_journal(stream["name"]) if found.kind == "article" else None
    return (journal[0], journal[1].year(found.year, found.volume)) if journal else None


def _track(booktitle: str) -> tuple[str, str]:
    """Return the kind of track and its name, of a title of proceedings such as EMNLP (Findings); nothing of others."""
    words = " ".join(BESIDE.findall(booktitle[:LONGEST]))
    kind = next((kind for word, kind in TRACKS.items() if word in words.lower()), "")
    return kind, words if kind == "other" else ""


IMPORTER = Importer(
    key="dblp",
    title="DBLP computer science bibliography",
    homepage="https://dblp.org/",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
    trust=7,
    files=("*.xml", "*.xml.gz", "*.ttl", "*.nt", "*.nt.gz", "*.rdf"),
    fields=FIELDS,
    read=read,
)
