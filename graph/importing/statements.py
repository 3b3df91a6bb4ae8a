"""What one source says, as triples: those of its ledger, and of the parts of the view that need no merging."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote

from graph.importing.folder import ImportUnit
from graph.importing.lines import (
    ALSO,
    LICENSE,
    PAGE,
    TITLE,
    TRUE,
    A,
    Iris,
    Triple,
    code,
    cvn,
    described,
    identifier,
    name_parts,
    number,
    page,
    references,
    text,
    texts,
)
from graph.importing.registry import StoredRecord, Tombstone
from graph.importing.tally import tallied
from graph.names import slug
from graph.sources.importer import Importer
from graph.sources.parts import says_more
from graph.sources.records import Author, Edition, Identifier, Organization, Paper, Series, Volume
from graph.terms import XSD
from graph.topics import topic_slug
from graph.vocabulary.codes import codes
from graph.vocabulary.identifiers import SAFE
from graph.vocabulary.territories import countries
from graph.vocabulary.venues import venue

WITH_REGIONS = {"US", "CA"}
WINNER = "winner"
REGION = re.compile("[A-Z]{2}-[A-Z0-9]{1,3}")


def rank(award: str) -> str:
    """Return the rank in the name of an award, such as "Runner-up"; else that of a winner."""
    return next((each for each, words in codes("rank").items() if slug(words) in slug(award)), WINNER)


def node_slugs(authors: Iterable[Author]) -> list[str]:
    """Return what each authorship is called below the paper: the name, with a number where it recurs."""
    seen: dict[str, int] = {}
    found = []
    for author in authors:
        name = slug(author.name)
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return found


@dataclass(frozen=True)
class Statements:
    """The triples of the records of one unit."""

    iris: Iris
    importer: Importer
    unit: ImportUnit

    def ledger(self, kept: Iterable[StoredRecord]) -> list[str]:
        """Return the ledger: sorted N-Quads in the graph of the source."""
        graph = self.iris.graph(self.unit.name)
        return sorted({f"{s} {p} {o} {graph} ." for s, p, o in chain(self.source(), *map(self.of, kept))})

    def of(self, kept: StoredRecord) -> Iterator[Triple]:
        """Yield what a record says."""
        match kept.record:
            case Paper():
                return self.paper(kept.path, kept.record)
            case Series():
                return self.series(kept.record)
            case Edition():
                return self.edition(kept.record)
            case Organization():
                return self.organization(kept.path, kept.record)
            case Volume():
                return self.volume(kept.path, kept.record)
            case Tombstone():
                return self.gone(kept.path, kept.record)

    def _end(self, me: str, ids: Iterable[Identifier] = (), pages: Iterable[str] = ()) -> Iterator[Triple]:
        yield from references(me, ids, pages)
        yield me, cvn("source"), self.iris("source", self.unit.name)

    def _acronym(self, series: str) -> str:
        return next((each.acronym for each in self.unit.series if each.key == series), "") or venue(series).acronym

    def source(self) -> Iterator[Triple]:
        """Yield the unit as a source."""
        me, title = self.iris("source", self.unit.name), f"{self.importer.title}: {self.unit.file}"
        yield from described(me, title, "Source")
        yield me, TITLE, text(title)
        yield me, cvn("sourceKind"), code("source-kind", "data-file")
        yield me, cvn("trust"), number(self.importer.trust)
        yield me, cvn("sha256"), text(self.unit.sha256)
        yield me, cvn("lineCount"), number(max(self.unit.lines, 1))
        yield from tallied(me, self.unit.tally)
        yield me, cvn("publishedRecordCount"), number(self.unit.tally.published)
        yield me, PAGE, page(self.importer.homepage)
        if self.importer.license:
            yield me, LICENSE, page(self.importer.license)
        yield from ((me, cvn("describes"), self.iris("edition", each)) for each in self.unit.editions)

    def series(self, record: Series) -> Iterator[Triple]:
        """Yield a series."""
        me = self.iris("series", record.key)
        yield from described(me, record.acronym, "ConferenceSeries")
        yield from texts(me, acronym=record.acronym, fullName=record.name)
        yield from self._end(me, record.ids)

    def edition(self, record: Edition) -> Iterator[Triple]:
        """Yield an edition."""
        me = self.iris("edition", record.key)
        yield from described(me, f"{self._acronym(record.series)} {record.year}", "Edition", "Event")
        yield me, cvn("series"), self.iris("series", record.series)
        yield me, cvn("year"), number(record.year)
        for name, day in (("startDate", record.start), ("endDate", record.end)):
            if day:
                yield me, cvn(name), f"{text(day)}^^{XSD.date}"
        yield from texts(me, nameAsPrinted=record.name)
        yield from ((me, cvn("jointWith"), self.iris("edition", each)) for each in record.joint_with)
        yield from self._end(me, record.ids, record.pages)

    def track(self, record: Paper) -> Iterator[Triple]:
        """Yield the track of a paper."""
        me = self.iris.track(record.edition, track_path(record))
        name = record.track_name or codes("track-kind")[record.track]
        yield from described(me, f"{self._acronym(record.series)} {record.year}: {name}", "Track")
        yield me, cvn("edition"), self.iris("edition", record.edition)
        yield me, cvn("trackKind"), code("track-kind", record.track)
        yield from self._end(me)

    def paper(self, path: str, record: Paper) -> Iterator[Triple]:
        """Yield a paper or submission and its authors."""
        me = self.iris("paper", path)
        yield from described(me, record.title, *paper_kinds(accepted=record.is_accepted))
        yield me, TITLE, text(record.title)
        yield me, cvn("edition"), self.iris("edition", record.edition)
        if record.track:
            yield me, cvn("track"), self.iris.track(record.edition, track_path(record))
            yield from self.track(record)
        if record.decision:
            yield me, cvn("decision"), code("decision", record.decision)
        yield from texts(me, pageNumbers=record.extent)
        if record.authors_left_out:
            yield me, cvn("authorsLeftOut"), TRUE
        if record.retracted:
            yield me, cvn("retracted"), TRUE
        yield from self.volume_of(me, record)
        yield from self.citation(me, record)
        for name in record.topics:
            topic = self.iris("topic", topic_slug(name))
            yield me, cvn("topic"), topic
            yield from described(topic, name, "Topic")
        yield from self._end(me, record.ids, record.pages)
        for position, (name, author) in enumerate(zip(node_slugs(record.authors), record.authors, strict=True), 1):
            node = self.iris("authorship", f"{path}/{name}")
            yield from authorship(node, me, accepted=record.is_accepted)
            yield node, cvn("position"), number(position)
            yield from self.author(node, author)
        yield from self.awards(path, record)

    def author(self, me: str, author: Author) -> Iterator[Triple]:
        """Yield one author of a paper as printed; the ledger does not identify the person."""
        yield me, cvn("nameAsPrinted"), text(author.name)
        yield from name_parts(me, author.name, author.parts)
        yield from ((me, cvn("authorId"), identifier(each.scheme, each.value)) for each in author.ids)
        for affiliation in author.affiliations:
            yield from texts(me, affiliationAsPrinted=affiliation.printed)
            for name in affiliation.organizations:
                organization = self.iris("org", slug(name))
                yield me, cvn("affiliation"), organization
                yield from described(organization, name, "Organization")
        yield from self._end(me)

    def volume(self, path: str, record: Volume) -> Iterator[Triple]:
        """Yield a volume of proceedings with the names of its editors."""
        me = self.iris("proceedings", path)
        yield from described(me, record.title, "Proceedings")
        yield me, cvn("edition"), self.iris("edition", record.edition)
        yield from ((me, cvn("editorAsPrinted"), text(_editor(each))) for each in record.editors)
        yield from texts(me, publisherAsPrinted=record.publisher)
        yield from self._end(me, record.ids, record.pages)

    def volume_of(self, me: str, record: Paper) -> Iterator[Triple]:
        """Yield the volume of a paper."""
        if record.volume:
            yield me, cvn("proceedings"), self.iris("proceedings", volume_path(record.edition, record.volume))

    def citation(self, me: str, record: Paper) -> Iterator[Triple]:
        """Yield the record of a paper as the place in the source that states what is said of the paper."""
        if record.key:
            place = self.iris("citation", f"{self.unit.name}/{quote(record.key, safe=SAFE)}")
            yield me, cvn("citedAt"), place
            yield from described(place, f"{self.importer.title}, record {record.key}", "Citation")
            yield place, cvn("source"), self.iris("source", self.unit.name)
            yield from texts(place, sourceKey=record.key)

    def awards(self, path: str, record: Paper) -> Iterator[Triple]:
        """Yield the awards of a paper, under their names as printed."""
        for name in record.awards:
            me = self.iris("conferral", f"{path}/{slug(name)}")
            award = self.iris("award", f"{record.series}-{slug(name)}")
            yield from described(award, f"{self._acronym(record.series)} {name}", "Award")
            yield award, cvn("awardedBy"), self.iris("series", record.series)
            yield from self._end(award)
            yield from described(me, f"{name}: {record.title}", "AwardConferral", "Fact")
            yield me, cvn("award"), award
            yield me, cvn("awardName"), text(name)
            yield me, cvn("rank"), code("rank", rank(name))
            yield me, cvn("edition"), self.iris("edition", record.edition)
            yield me, cvn("paper"), self.iris("paper", path)
            yield from self._end(me)

    def organization(self, path: str, record: Organization) -> Iterator[Triple]:
        """Yield an organization and its places."""
        me = self.iris("org", path)
        yield from described(me, record.name, "Organization")
        yield from ((me, ALSO, text(each)) for each in (*record.aliases, *record.acronyms))
        if record.country in countries():
            yield me, cvn("basedIn"), self.iris("place", place_path(record))
            yield from self.places(record)
        yield from self._end(me, record.ids, record.pages)

    def places(self, record: Organization) -> Iterator[Triple]:
        """Yield the city of an organization and the places around it."""
        around = self.iris("place", record.country.lower())
        yield from self._place(around, "Country", countries()[record.country])
        yield around, cvn("isoCode"), text(record.country)
        if region := _region(record):
            whole, around = around, self.iris("place", region)
            yield from self._place(around, "Region", record.region_name)
            yield around, cvn("isoCode"), text(record.region)
            yield around, cvn("partOfPlace"), whole
        if record.city:
            city = self.iris("place", place_path(record))
            yield from self._place(city, "City", record.city)
            yield city, cvn("partOfPlace"), around

    def _place(self, place: str, kind: str, label: str) -> Iterator[Triple]:
        return chain(described(place, label, kind, "Place"), self._end(place))

    def gone(self, path: str, record: Tombstone) -> Iterator[Triple]:
        """Yield the tombstone of a thing that is no longer listed."""
        me = self.iris(record.kind, path)
        yield from described(me, record.label, "Tombstone")
        yield me, cvn("goneFrom"), self.iris("source", self.unit.name)


def _editor(author: Author) -> str:
    """Return the name of an editor; the family name is first, before a comma, if it is not the one that is guessed."""
    return author.parts.inverted if author.parts and says_more(author.parts, author.name) else author.name


def volume_path(edition: str, key: str) -> str:
    """Return the path of a volume of an edition."""
    return f"{edition}/{slug(key)}"


def paper_kinds(*, accepted: bool) -> tuple[str, ...]:
    """Return the classes of a paper, or of a submission that was not accepted."""
    return ("Paper", "Submission") if accepted else ("Submission",)


def authorship(me: str, work: str, *, accepted: bool) -> Iterator[Triple]:
    """Yield the class of an authorship, and which paper or submission it is of."""
    yield me, A, cvn("Authorship" if accepted else "SubmissionAuthorship")
    yield me, cvn("paper" if accepted else "submission"), work


def track_path(record: Paper) -> str:
    """Return what the track of a paper is called below its edition."""
    return slug(record.track_name) if record.track_name else record.track


def place_path(record: Organization) -> str:
    """Return the path of the place of an organization: its city, or its country where that is not known."""
    around = _region(record) or record.country.lower()
    return f"{around}/{slug(record.city)}" if record.city else around


def _region(record: Organization) -> str:
    """Return the path of the region of an organization, in countries where cities need one to be distinct."""
    known = record.country in WITH_REGIONS and record.region_name and REGION.fullmatch(record.region)
    return record.region.lower() if known else ""
