"""The ACL Anthology: one XML file for each collection (`2024.acl.xml`, `P19.xml`), with volumes, papers and events.

A volume belongs to the editions of its venues in its year, which are joint if they are several; its papers belong to
that of the first. The Findings of a conference are a track of it.
Volumes of journals are left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from graph.sources.addresses import identified, identifiers
from graph.sources.authors import author
from graph.sources.dates import YEAR, days
from graph.sources.file import SourceFile, text, tree
from graph.sources.importer import Importer, announced, not_taken
from graph.sources.parts import NameParts
from graph.sources.records import Affiliation, Author, Identifier, Item, Notice, Paper, Volume, edition_key
from graph.sources.text import clean
from graph.vocabulary.venues import venue

FIELDS = {
    "title": "the title of the paper, without the marks of capitals",
    "author": "the authors in order: names, affiliation, the id that distinguishes two people of one name",
    "editor": "the editors of a volume or paper; those of volumes are taken",
    "pages": "the page numbers",
    "doi": "the DOI",
    "award": "the names of awards",
    "url": "the name of the file: not taken; the ACL id is made of collection, volume and number",
    "retracted": "whether the paper was taken back; it stays a paper, with a mark",
    "removed": "a paper that was removed is left out",
    "abstract": "text of third parties: not taken",
} | not_taken(
    "material about the paper, or names of files: not taken",
    "attachment video pwcdataset pwccode revision erratum bibkey note language issue journal mrf",
)
TRACKS = (
    ("student-research", re.compile(r"student research|doctoral consortium|\bsrw\b", re.IGNORECASE)),
    ("demonstrations", re.compile(r"demonstration|\bdemos?\b", re.IGNORECASE)),
    ("tutorials", re.compile(r"tutorial", re.IGNORECASE)),
    ("industry", re.compile(r"industr", re.IGNORECASE)),
    ("workshop", re.compile(r"\bworkshops?\b", re.IGNORECASE)),
    ("short-papers", re.compile(r"short papers?|^short$", re.IGNORECASE)),
)
PEOPLE = {"id": "acl-person", "orcid": "orcid", "openreview": "openreview-person"}  # schemes by attribute of <author>
FINDINGS, WORKSHOP = "findings", "ws"
DIGITS = 10  # of a number, at most
OLD = re.compile(r"[A-Z]\d\d")
FIRST_OF_MANY = 5  # the volume of D19 from which on volumes have two digits


@dataclass(frozen=True)
class VolumePlace:
    """Where a volume stands: its collection and key, and the edition and track it belongs to."""

    collection: str
    volume: str
    series: str
    year: int
    track: str
    joint: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The id of the volume in the Anthology."""
        return f"{self.collection}-{self.volume}"

    def key(self, number: str) -> str:
        """Return the id of a paper in the Anthology."""
        if not OLD.fullmatch(self.collection):
            return f"{self.collection}-{self.volume}.{number}"
        workshops = self.collection[0] == "W" or self.collection == "C69"
        many = workshops or (self.collection == "D19" and int(self.volume) >= FIRST_OF_MANY)
        first, second = (2, 2) if many else (1, 3)
        return f"{self.collection}-{int(self.volume):0{first}d}{int(number):0{second}d}"


def read(file: SourceFile) -> Iterator[Item]:
    """Yield the editions, volumes and papers of a collection; raise ImportFileError if it is not an XML file of one."""
    root = tree(file, "collection")
    seen: set[str] = set()
    collection = root.get("id") or file.stem
    joint = _joint(collection, root)
    for volume in root.iterfind("volume"):
        place = f"volume {volume.get('id')}"
        if volume.get("type") == "journal":
            count = len(volume.findall("paper"))
            yield from (Notice("paper of a journal, not of a conference", place, "", "left out") for _ in range(count))
            continue
        where = _place(collection, volume)
        if where is None:
            papers = len(volume.findall("paper"))
            yield Notice("volume without number, year or venue", place, f"with {papers} papers", "left out", papers + 1)
            continue
        for series in (where.series, *where.joint):
            others = tuple(sorted(joint.get(edition_key(series, where.year), ())))
            yield from announced(venue(series), where.year, seen, joint_with=others)
            yield from _volume(replace(where, series=series), volume)
        for paper in volume.iterfind("paper"):
            yield from _paper(where, paper)
    for event in root.iterfind("event"):
        yield from _event(event)


def _place(collection: str, volume: Any) -> VolumePlace | None:
    key, title, year = volume.get("id"), text(volume.find("meta/booktitle")), text(volume.find("meta/year"))
    venues = [text(each) for each in volume.iterfind("meta/venue")]
    is_numbered = key and (not OLD.fullmatch(collection) or (key.isdecimal() and len(key) < DIGITS))
    if not venues or not is_numbered or not YEAR.fullmatch(year):
        return None
    if venues[0] == FINDINGS:
        return VolumePlace(collection, key, venue(key).key, int(year), FINDINGS)
    series, *others = [venue(each).key for each in venues if each not in (WORKSHOP, FINDINGS)] or [WORKSHOP]
    tracks = (kind for kind, words in TRACKS if words.search(title) or words.search(key))
    return VolumePlace(collection, key, series, int(year), next(tracks, "main"), tuple(dict.fromkeys(others)))


def _joint(collection: str, root: Any) -> dict[str, set[str]]:
    """Return the other editions that have a volume in common with an edition, by the key of each."""
    found = defaultdict[str, set[str]](set)
    for volume in root.iterfind("volume"):
        if volume.get("type") != "journal" and (where := _place(collection, volume)):
            keys = {edition_key(each, where.year) for each in (where.series, *where.joint)}
            for each in keys:
                found[each] |= keys - {each}
    return found


def _volume(where: VolumePlace, volume: Any) -> Iterator[Item]:
    editors = tuple(_people(volume.iterfind("meta/editor")))
    title, doi = clean(text(volume.find("meta/booktitle"))), text(volume.find("meta/doi"))
    ids, publisher = identified("doi", doi), clean(text(volume.find("meta/publisher")))
    yield Volume(where.name, title, where.series, where.year, editors, ids, publisher=publisher)


def _paper(where: VolumePlace, paper: Any) -> Iterator[Item]:
    number, title = paper.get("id") or "", clean(text(paper.find("title")))
    if not number or (OLD.fullmatch(where.collection) and not (number.isdecimal() and len(number) < DIGITS)):
        yield Notice("paper without a number", f"volume {where.volume}", title, "left out")
        return
    key = where.key(number)
    place = f"paper {key}"
    if not title:
        yield Notice("record without title", place, "", "left out")
        return
    if paper.find("removed") is not None:
        yield Notice("paper that was removed", place, title, "left out")
        return
    retracted = paper.find("retracted") is not None
    if retracted:
        yield Notice("paper that was retracted", place, title)
    unknown = {each.tag for each in paper if isinstance(each.tag, str)} - FIELDS.keys()
    yield from (Notice(f"unknown field {name!r}", place, "it is not read", "unknown") for name in sorted(unknown))
    authors = tuple(_people(paper.iterfind("author")))
    if not authors:
        yield Notice("paper without authors", place, title)
    yield Paper(
        key=key,
        title=title,
        series=where.series,
        year=where.year,
        authors=authors,
        ids=_ids(key, paper),
        track=where.track,
        awards=tuple(clean(text(each)) for each in paper.iterfind("award")),
        pages=(f"https://aclanthology.org/{key}/",),
        extent=clean(text(paper.find("pages"))),
        volume=where.name,
        authors_left_out=len(authors) < len(paper.findall("author")),
        retracted=retracted,
    )


def _ids(key: str, paper: Any) -> tuple[Identifier, ...]:
    doi = text(paper.find("doi")).strip()
    return (*identified("acl", key), *(identifiers(doi) or identified("doi", doi)))


def _people(elements: Any) -> Iterator[Author]:
    for each in elements:
        printed = clean(text(each.find("affiliation")))
        ids = tuple(found for name, scheme in PEOPLE.items() for found in identified(scheme, each.get(name) or ""))
        affiliations = (Affiliation(printed, _organizations(printed)),) if printed else ()
        first, last = text(each.find("first")).strip(), text(each.find("last")).strip()
        if found := author(NameParts(last or first, first if last else ""), ids, affiliations):
            yield found


def _organizations(printed: str) -> tuple[str, ...]:
    """Return the organizations of a printed affiliation, which are parted by `and`, or else by commas, if alike."""
    parts = [each.strip() for each in re.split(r", | and ", printed) if each.strip()]
    return tuple(dict.fromkeys(parts)) if len(set(parts)) == 1 or len(parts) == 1 else (printed,)


def _event(event: Any) -> Iterator[Item]:
    name, _, year = (event.get("id") or "").rpartition("-")
    if not name or not YEAR.fullmatch(year):
        yield Notice("event without year", str(event.get("id")), "", "left out")
        return
    start, end = days(text(event.find("meta/dates")), int(year))
    yield from announced(
        venue(name),
        int(year),
        set(),
        name=clean(text(event.find("meta/title"))),
        start=start,
        end=end,
        place=clean(text(event.find("meta/location"))),
        pages=tuple(text(each) for each in event.iterfind("links/url") if each.get("type") == "website"),
    )


IMPORTER = Importer(
    key="acl_anthology",
    title="ACL Anthology",
    homepage="https://aclanthology.org",
    license="https://www.apache.org/licenses/LICENSE-2.0",
    trust=8,
    files=("[12][0-9][0-9][0-9].*.xml", "[A-Z][0-9][0-9].xml"),
    fields=FIELDS,
    read=read,
    unit=lambda file: file.name.removesuffix(".xml"),
)
