"""The records that an importer yields: typed, the same for every source, as close to the source's words as possible.

Records are msgspec Structs, frozen: they are made by the hundred thousand (0.8 s for 280 MB of JSON, where dataclasses
with validation take 2 to 3 times as long), and are kept beside their ledger as JSON lines.

Names and titles are clean text: no markup, no LaTeX, no mojibake (`graph.importing.text`). E-mail addresses, genders
and other private data are dropped by the importer and have no field here. A value that the source does not give is left
out; one that it gives by default (a "Poster" that stands for "not said") counts as not given.
"""

from typing import Literal

from msgspec import Struct

from graph.sources.parts import NameParts


class Identifier(Struct, frozen=True, array_like=True, gc=False):
    """An identifier with its scheme: the local name of a property of the ontology, such as `doi` or `orcid`."""

    scheme: str
    value: str


class Affiliation(Struct, frozen=True, omit_defaults=True):
    """One affiliation of an author: as printed, and the names of the organizations that the source reads in it."""

    printed: str = ""
    organizations: tuple[str, ...] = ()


class Author(Struct, frozen=True, omit_defaults=True):
    """One author or editor, in the order of the list; the identifiers are those of the person.

    `parts` are those of the name as the source gives them, or None if it gives the name as a whole.
    """

    name: str
    ids: tuple[Identifier, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    parts: NameParts | None = None


class Series(Struct, frozen=True, omit_defaults=True, tag="series"):
    """A conference series; `key` is its slug, as in `graph.venues`."""

    key: str
    acronym: str
    name: str = ""
    ids: tuple[Identifier, ...] = ()


class Edition(Struct, frozen=True, omit_defaults=True, tag="edition"):
    """An edition of a series; dates are ISO 8601 (2024-05-07), the place is as printed.

    `joint_with` are the keys of the editions of other series that are held as one event with it.
    """

    series: str
    year: int
    name: str = ""
    start: str = ""
    end: str = ""
    place: str = ""
    pages: tuple[str, ...] = ()
    ids: tuple[Identifier, ...] = ()
    joint_with: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key of the edition, such as iclr-2024."""
        return edition_key(self.series, self.year)


NAMELESS = "author without a name"  # the kind of the notice on an author who is left out
NOT_ACCEPTED = frozenset({"reject", "desk-reject", "withdrawn", "undecided"})  # decisions about submissions, no papers


class Paper(Struct, frozen=True, omit_defaults=True, tag="paper"):
    """A paper of an edition, or a submission that was not accepted.

    `key` is what the source calls it, unique and stable within its edition in this source; where there is no such key
    it is empty, and title and first author stand for it. `series` and `year` say the edition. `track` and `decision`
    are codes of `ontology/codes/`, or empty; who gives no decision lists published papers. `track_name` is the name of
    the track as printed. `awards` are names of awards as printed, `pages` web addresses of the paper, `extent` the page
    numbers, `volume` the key of the volume of proceedings in the same file, `topics` the keywords that its authors or
    the source give it, `retracted` whether it was taken back, `affiliations` those of authors of whom the source
    does not say which are theirs.
    """

    key: str
    title: str
    series: str
    year: int
    authors: tuple[Author, ...] = ()
    ids: tuple[Identifier, ...] = ()
    track: str = ""
    track_name: str = ""
    decision: str = ""
    awards: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    extent: str = ""
    volume: str = ""
    topics: tuple[str, ...] = ()
    authors_left_out: bool = False
    retracted: bool = False
    affiliations: tuple[str, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether it is a paper; a source that gives no decision lists what was published."""
        return self.decision not in NOT_ACCEPTED

    @property
    def edition(self) -> str:
        """The key of its edition."""
        return edition_key(self.series, self.year)


class Volume(Struct, frozen=True, omit_defaults=True, tag="volume"):
    """A volume of proceedings of an edition, with its editors."""

    key: str
    title: str
    series: str
    year: int
    editors: tuple[Author, ...] = ()
    ids: tuple[Identifier, ...] = ()
    pages: tuple[str, ...] = ()
    publisher: str = ""

    @property
    def edition(self) -> str:
        """The key of its edition."""
        return edition_key(self.series, self.year)


class Organization(Struct, frozen=True, omit_defaults=True, tag="organization"):
    """An organization of a registry, and the names of those that it is a part of.

    `country` is an ISO 3166-1 code, `region` an ISO 3166-2 code, `city` a name.
    """

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    country: str = ""
    city: str = ""
    region: str = ""
    region_name: str = ""
    ids: tuple[Identifier, ...] = ()
    pages: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    active: bool = True


Severity = Literal["corrected", "left out", "merged", "unknown", "value left out"]


class Notice(Struct, frozen=True, omit_defaults=True):
    """A remark on a file: `kind` groups notices and has no values in it, `place` and `detail` give an example.

    Only a notice with the severity `left out` says that records are not published, `count` of them; one with `merged`
    says that a record is part of a paper that another record gave, one with `value left out` that a record lacks a
    value. `edition` is the key of the edition of the record, if the notice concerns one and that is known.
    """

    kind: str
    place: str
    detail: str = ""
    severity: Severity = "corrected"
    count: int = 1
    edition: str = ""


Record = Series | Edition | Paper | Volume | Organization
Item = Record | Notice


def edition_key(series: str, year: int) -> str:
    """Return the key of an edition."""
    return f"{series}-{year}"
