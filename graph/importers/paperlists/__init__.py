"""The paper lists of papercopilot: one JSON array for each edition, named `<venue><year>.json`, also with .gz.

Known errors are corrected: the whole list of authors written twice (ICRA), columns in the order of OpenReview profiles
instead of authors, e-mail addresses as names and ids, a status that every paper of a list has,
author marks, separators.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.errors import ImportFileError
from graph.importers.paperlists.authors import LEFT_OUT, authors, printed
from graph.importers.paperlists.fields import FIELDS, Raw
from graph.importers.paperlists.ordering import Ordering
from graph.sources.addresses import identified, identifiers, web
from graph.sources.file import SourceFile
from graph.sources.importer import Importer, announced
from graph.sources.json_records import array, converted, parts, unknown
from graph.sources.records import NAMELESS, Identifier, Item, Notice, Paper, edition_key
from graph.sources.text import clean, keywords
from graph.vocabulary.venues import Venue, venue

NAME = re.compile(r"(?P<venue>[a-z0-9]*?[a-z])(?P<year>[12]\d{3})")
HOME_MADE = re.compile(r"(site_)?[0-9a-f]{10}")
KEYS = ("openreview", "acl", "pmlr", "neurips-paper", "ieee")
DECISIONS = {
    "oral": "accept-oral",
    "talk": "accept-oral",
    "spotlight": "accept-spotlight",
    "highlight": "accept-highlight",
    "poster": "accept-poster",
    "reject": "reject",
    "desk reject": "desk-reject",
    "withdraw": "withdrawn",
}
REFUSED = {"reject", "desk-reject", "withdrawn"}
UNDECIDED = {"active"}
TRACKS = {
    "main": "main",
    "long": "main",
    "short": "short-papers",
    "findings": "findings",
    "industry": "industry",
    "system demonstrations": "demonstrations",
    "workshop": "workshop",
    "tog paper": "journal",
    "datasets & benchmarks": "datasets-and-benchmarks",
    "applied data science": "applied-data-science",
}


def unit(file: SourceFile) -> str:
    """Return the key of the edition that a file lists; raise ImportFileError if the name of the file lacks it."""
    found, year = _edition(file)
    return edition_key(found.key, year)


def _edition(file: SourceFile) -> tuple[Venue, int]:
    found = NAME.fullmatch(file.stem)
    if not found:
        raise ImportFileError(f"{file.path} is no paper list by its name; call it such as iclr2024.json.")
    return venue(found["venue"]), int(found["year"])


def read(file: SourceFile) -> Iterator[Item]:
    """Yield the edition and papers of a list; raise ImportFileError if it is not a JSON array, or holds no papers."""
    series, year = _edition(file)
    raw = parts(file, file.whole())
    yield from unknown(raw, FIELDS)
    found = list(array(raw, Raw))
    if not any(isinstance(each, tuple) and each[1].title and each[1].author for each in found):
        raise ImportFileError(f"{file.path} has no record with title and author; is it of another source?")
    yield from announced(series, year, set())
    accepted = {_status(each[1]) for each in found if isinstance(each, tuple)} - REFUSED - UNDECIDED
    named = any(each.endswith(" paper") for each in accepted)
    ordering = Ordering.of(each[1] for each in found if isinstance(each, tuple))
    says = len(accepted & set(DECISIONS)) > 1
    listing = Listing(series.key, year, says_decision=says, posters_apart=named, ordering=ordering)
    yield from converted(found, listing.paper)


def _status(raw: Raw) -> str:
    return (raw.status or "").strip().lower()


@dataclass
class Listing:
    """The list of one edition; where each paper that was accepted has one status, that says nothing of it.

    Where other records have statuses such as Technical Paper, posters are no papers, but a track of their own.
    """

    series: str
    year: int
    says_decision: bool
    posters_apart: bool = False
    ordering: Ordering = field(default_factory=Ordering)

    def paper(self, place: str, raw: Raw) -> Iterator[Item]:
        """Yield the paper of a record, and what was corrected in it."""
        title = clean(raw.title or "")
        if not title:
            yield Notice("record without title", place, (raw.id and str(raw.id)) or "", "left out")
            return
        writers, notices = authors(raw, in_order=self.ordering.is_sure or self.ordering.confirms(raw))
        for kind, detail in notices:
            yield Notice(kind, place, f"{title}: {detail}", "value left out" if kind in LEFT_OUT else "corrected")
        if not writers:
            yield Notice("paper without authors", place, title)
        if raw.award in (True, "True"):
            yield Notice("award without a name", place, title, "value left out")
        ids = _ids(raw)
        track, name = ("posters", "") if self.posters_apart and _status(raw) == "poster" else _track(raw)
        yield Paper(
            key=_key(raw, ids),
            title=title,
            series=self.series,
            year=self.year,
            authors=writers,
            ids=ids,
            track=track,
            track_name=name,
            decision=self._decision(raw),
            pages=tuple(
                dict.fromkeys(
                    each for where in (raw.site, raw.proceeding, raw.oa, raw.url_paper) for each in web(where or "")
                )
            ),
            topics=keywords(raw.keywords or ""),
            authors_left_out=any(kind == NAMELESS for kind, _ in notices),
            affiliations=printed(raw) if any(kind in LEFT_OUT for kind, _ in notices) else (),
        )

    def _decision(self, raw: Raw) -> str:
        status = _status(raw)
        words = status.removesuffix(" workshop")
        if status in UNDECIDED:
            return "undecided"
        found = DECISIONS.get(words, "accept")
        return found if found in REFUSED or self.says_decision else "accept"


def _ids(raw: Raw) -> tuple[Identifier, ...]:
    found = [each for address in (raw.site, raw.openreview, raw.proceeding) for each in identifiers(address or "")]
    doi = (raw.doi or "").replace(" ", "")
    found += identifiers(doi) or identified("doi", doi)
    if "~" in (raw.authorids or "") + (raw.or_profile or ""):  # the list of a venue that is on OpenReview
        found += identified("openreview", str(raw.id or ""))
    found += identifiers(f"arxiv.org/abs/{raw.arxiv.lower().removeprefix('arxiv:')}") if raw.arxiv else ()
    return tuple({each.scheme: each for each in reversed(found)}.values())


def _key(raw: Raw, ids: tuple[Identifier, ...]) -> str:
    """Return the identifier that others know the paper by, else the record's own where it is more than a hash."""
    by_scheme = {each.scheme: each.value for each in ids}
    if known := next((scheme for scheme in KEYS if scheme in by_scheme), None):
        return f"{known}:{by_scheme[known]}"
    own = "" if raw.id is None else str(raw.id).strip()
    return "" if HOME_MADE.fullmatch(own) else own


def _track(raw: Raw) -> tuple[str, str]:
    """Return the kind of track and its name; some venues give it in the status."""
    named, status = (raw.track or "").strip(), _status(raw)
    words = next((word for word in TRACKS if word in status and word != "main"), "")
    if named.lower() in {"", "main"} and words:
        return TRACKS[words], ""
    kind = TRACKS.get(named.lower(), "main" if not named else "other")
    return kind, clean(named) if kind == "other" else ""


IMPORTER = Importer(
    key="paperlists",
    title="Paper lists of papercopilot",
    homepage="https://github.com/papercopilot/paperlists",
    license="",
    trust=4,
    files=("*[a-z][12][0-9][0-9][0-9].json", "*[a-z][12][0-9][0-9][0-9].json.gz"),
    fields=FIELDS,
    read=read,
    unit=unit,
)
