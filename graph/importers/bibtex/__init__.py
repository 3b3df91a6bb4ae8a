"""BibTeX: the volumes of PMLR, whose @Proceedings entry describes an edition, and other files of papers.

Known errors of such files are corrected: a field given twice (the first is used), a key given twice, bytes that are not
UTF-8. A broken entry is reported with its line, and the others are read.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bibtexparser.model import Entry

from graph.errors import ImportFileError
from graph.importers.bibtex.blocks import entries
from graph.importers.bibtex.people import people
from graph.names import slug
from graph.sources.addresses import known, web
from graph.sources.dates import YEAR, year_of
from graph.sources.file import SourceFile
from graph.sources.importer import Importer, announced, not_taken, unknown_fields
from graph.sources.records import Identifier, Item, Notice, Paper, Volume
from graph.sources.text import clean, keywords
from graph.vocabulary.venues import ProceedingsJournal, Venue, venue, venue_of_journal, venue_of_title

FIELDS = {
    "title": "the title of the paper",
    "author": "the authors in order, parted by `and`; `others` says that some are left out",
    "editor": "the editors of the volume",
    "publisher": "the publisher of the volume",
    "booktitle": "the title of the proceedings; the series, where no shorter name of it is given",
    "journal": "the series, where its proceedings are a journal",
    "note": "whether the paper is under review, or was retracted",
    "crossref": "the entry of the proceedings, from which year and titles are taken",
    "shortname": "the acronym of the series, with or without the year",
    "name": "the name of the series",
    "year": "the year of the edition",
    "start": "the first day",
    "end": "the last day",
    "address": "the place of the edition as printed, in @Proceedings",
    "conference_url": "the page of the edition",
    "volume": "the volume, which names the page of the proceedings at PMLR, and the edition of PVLDB",
    "pages": "the page numbers",
    "keywords": "the topics of the paper, parted by commas or ;",
    "url": "the page of the paper; ids are read from it",
    "ee": "the same",
    "doi": "the DOI",
    "openreview": "the OpenReview forum",
    "eprint": "the arXiv id, where the archive is arXiv",
    "archiveprefix": "the archive of the eprint",
} | not_taken(
    "not taken: text of third parties, material about the paper, or said elsewhere",
    """abstract annote summary software video pdf supp code poster slides section sections series month
    published issn isbn conference_number timestamp biburl bibsource archive eprinttype number
    organization location numpages articleno date language publtype primaryclass""",
)
KINDS, ARTICLE = ("inproceedings", "conference"), "article"
INHERITED = ("shortname", "name", "year", "date")  # what an entry takes from that of its crossref
LONGEST = 1_000  # letters of a title of proceedings that are read
KEYS = ("openreview", "pmlr")  # schemes by which others know the paper too
KEY = re.compile(r"^(?:DBLP:)?conf/(?P<venue>[^/]+)/|^pmlr-(?P<volume>v\d+)-")
ACRONYM = re.compile(r"\{+(?P<name>[A-Z][A-Za-z0-9-]+)\}+(?:,? '?\d{2,4}|,|\))")
EDITION = re.compile(r"(?:^|\()(?P<name>[A-Z][A-Za-z-]*[A-Z][A-Za-z-]*),? (?:1[89]|20)\d\d\)?$")  # ICML 2030
ADDRESSES = ("url", "ee", "doi", "openreview", "conference_url")
PREFACE = re.compile(r"\bpreface\W*$", re.IGNORECASE)
SUBMITTED = re.compile(r"\W*submitted to\b", re.IGNORECASE)
BRACES = str.maketrans("", "", "{}")


def unit(file: SourceFile) -> str:
    """Return the name of the file, which is the key of its ledger; raise ImportFileError if many files have it."""
    if file.stem in {"bibliography", "references", "papers"}:
        raise ImportFileError(f"{file.path} has a name that many have; call it by its volume, such as v235.bib.")
    return file.stem


def read(file: SourceFile) -> Iterator[Item]:
    """Yield what a file says of editions, volumes and papers; raise ImportFileError if it holds no entry."""
    found, notices = entries(file)
    if not found:
        raise ImportFileError(f"{file.path} holds no entry of BibTeX that can be read; is it of another source?")
    fields = Counter(name for _, entry in found for name in {*map(str.lower, entry.fields_dict)} - FIELDS.keys())
    yield from (*notices, *unknown_fields(fields))
    yield from BibtexReader(file.series).items(found)


@dataclass
class BibtexReader:
    """What one file says; its @Proceedings hold for the entries behind them, `given` for those that name no series."""

    given: Venue | None = None
    volume: Volume | None = None
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    def items(self, entries: list[tuple[str, Entry]]) -> Iterator[Item]:
        """Yield the records of entries."""
        self.texts = {entry.key.lower(): _values(entry) for _, entry in reversed(entries)}
        for place, entry in sorted(entries, key=lambda each: each[1].entry_type != "proceedings"):
            if entry.entry_type == "proceedings":
                yield from self.proceedings(place, entry)
            elif entry.entry_type in KINDS or (entry.entry_type == ARTICLE and _journal(_values(entry))):
                yield from self.paper(place, entry)
            else:
                kind = f"@{entry.entry_type}, which is no paper of a conference"
                yield Notice(kind, place, entry.key, "left out")

    def proceedings(self, place: str, entry: Entry) -> Iterator[Item]:
        """Yield the series, edition and volume of an entry."""
        values = _values(entry)
        found, year = _series(entry, values) or self.given, _year(values)
        if found is None or year is None:
            yield Notice("proceedings of an unknown series or year", place, entry.key, "left out")
            return
        number = values.get("volume", "")
        page = f"https://proceedings.mlr.press/v{number}/" if number.isdecimal() and "shortname" in values else ""
        title = clean(values.get("booktitle") or values.get("title", ""))
        key = f"pmlr-v{number}" if page else entry.key
        writers, _, _ = people(values.get("editor", ""))
        publisher = clean(values.get("publisher", ""))
        self.volume = Volume(key, title, found.key, year, writers, pages=web(page), publisher=publisher)
        place, pages = clean(values.get("address", "")), web(values.get("conference_url", ""))
        start, end = values.get("start", ""), values.get("end", "")
        yield from announced(found, year, self.said, start=start, end=end, place=place, pages=pages)
        yield self.volume

    def paper(self, place: str, entry: Entry) -> Iterator[Item]:
        """Yield the paper of an entry."""
        values = self._inherited(_values(entry))
        title = clean(values.get("title", ""))
        found, year = self._edition(entry, values)
        reason = _no_paper(title, found, year, values)
        if reason or found is None or year is None:
            yield Notice(reason, place, f"{entry.key}: {title}".removesuffix(": "), "left out")
            return
        yield from announced(found, year, self.said)
        writers, left_out, kind = people(values.get("author", ""))
        yield from (Notice(each, place, title) for each in (kind, "" if writers else "paper without authors") if each)
        ids = _ids(values)
        yield Paper(
            key=next((f"{each.scheme}:{each.value}" for each in ids if each.scheme in KEYS), entry.key),
            title=title,
            series=found.key,
            year=year,
            authors=writers,
            ids=ids,
            decision="accept",
            pages=web(values.get("url", "")),
            extent=values.get("pages", "").replace("--", "-"),
            volume=self._volume(found, year, values),
            topics=keywords(values.get("keywords", "").replace(",", ";")),
            authors_left_out=left_out,
            retracted=values.get("note", "").lower().startswith("retracted"),
        )

    def _volume(self, found: Venue, year: int, values: dict[str, str]) -> str:
        """Return the key of the volume of the file if it is that of an entry."""
        if self.volume is None or (self.volume.series, self.volume.year) != (found.key, year):
            return ""
        book = values.get("booktitle", self.volume.title)
        return self.volume.key if slug(clean(book)) == slug(self.volume.title) else ""

    def _edition(self, entry: Entry, values: dict[str, str]) -> tuple[Venue | None, int | None]:
        """Return the series and year of an entry: by itself, by the proceedings of the file, or the series given."""
        found, year = _series(entry, values), _year(values)
        if not self.volume or found or (year and slug(values.get("booktitle", "")) != slug(self.volume.title)):
            return found or self.given, year
        return venue(self.volume.series), year or self.volume.year

    def _inherited(self, values: dict[str, str]) -> dict[str, str]:
        """Return the texts of an entry with those that it takes from the entry of its crossref."""
        parent = self.texts.get(values.get("crossref", "").lower(), {})
        book = {"booktitle": title} if (title := parent.get("booktitle") or parent.get("title")) else {}
        return book | {name: parent[name] for name in INHERITED if name in parent} | values


def _no_paper(title: str, found: Venue | None, year: int | None, values: dict[str, str]) -> str:
    """Return why an entry is not a paper of an edition, or an empty string if it is one."""
    if not title or found is None or year is None:
        return f"entry without {'a title' if not title else 'a known series' if found is None else 'a year'}"
    if SUBMITTED.match(values.get("booktitle", "")) or "under review" in values.get("note", "").lower():
        return "submission, which is not published"
    return "preface, which is no paper" if PREFACE.search(title) else ""


def _values(entry: Entry) -> dict[str, str]:
    """Return the texts of an entry; what a field says first holds, and an escaped underscore of an address is one."""
    texts = {each.key.lower(): each.value.strip() for each in reversed(entry.fields) if isinstance(each.value, str)}
    return {name: text.replace("\\_", "_") if name in ADDRESSES else text for name, text in texts.items()}


def _series(entry: Entry, values: dict[str, str]) -> Venue | None:
    """Return the series of an entry: by its short name, by the key that dblp gives it, by the title of the book."""
    short = YEAR.sub("", values.get("shortname", "").translate(BRACES)).strip(" '-")
    if short:
        return venue(short)
    if (found := KEY.match(entry.key)) and found["venue"]:
        return venue(found["venue"])
    book = values.get("booktitle", "")[:LONGEST]
    if entry.entry_type == ARTICLE:
        journal = _journal(values)
        return journal[0] if journal else None
    title = values.get("name", "") or book
    acronym = ACRONYM.search(book) or EDITION.search(book)
    return venue_of_title(clean(title)) or (venue(acronym["name"].lower()) if acronym else None)


def _journal(values: dict[str, str]) -> tuple[Venue, ProceedingsJournal] | None:
    return venue_of_journal(clean(values.get("journal", "")[:LONGEST]))


def _year(values: dict[str, str]) -> int | None:
    if journal := _journal(values):
        return year_of(journal[1].year(values.get("year", ""), values.get("volume", "")))
    found = (year_of(values.get(name, "")) for name in ("year", "shortname", "date"))
    return next((year for year in found if year), None)


def _ids(values: dict[str, str]) -> tuple[Identifier, ...]:
    forum, number = values.get("openreview", ""), values.get("doi", "")
    addresses = [values.get("url", ""), values.get("ee", ""), forum]
    if forum and "/" not in forum:
        addresses.append(f"https://openreview.net/forum?id={forum}")
    if number and "/" in number:
        addresses.append(f"https://doi.org/{number.partition('doi.org/')[2] or number}")
    if values.get("archiveprefix", "").lower() == "arxiv":
        addresses.append(f"https://arxiv.org/abs/{values.get('eprint', '')}")
    return known(addresses)


IMPORTER = Importer(
    key="bibtex",
    title="BibTeX files, such as the volumes of PMLR",
    homepage="https://proceedings.mlr.press/",
    license="",
    trust=6,
    files=("*.bib", "*.bib.gz"),
    fields=FIELDS,
    read=read,
    unit=unit,
    lacks_series=True,
)
