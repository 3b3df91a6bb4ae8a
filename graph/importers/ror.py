"""The Research Organization Registry: organizations with names, places and identifiers (schema versions 2.0, 2.1).

A dump is one JSON array (`*-ror-data*.json`), or has one record on each line (`ror*.jsonl`); both also with .gz.
"""

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from graph.sources.addresses import identified, identifiers, web
from graph.sources.file import SourceFile
from graph.sources.importer import Importer
from graph.sources.json_records import array, converted, lines, parts, unknown
from graph.sources.records import Identifier, Item, Notice, Organization
from graph.sources.text import clean

FIELDS = {
    "id": "the ROR id",
    "names": "the name that is shown, labels and aliases, acronyms",
    "locations": "country, region and city",
    "external_ids": "ISNI, GRID and Wikidata ids, the preferred or first of each",
    "links": "the web site",
    "status": "whether it still exists; of withdrawn records only this is reported",
    "relationships": "the names of organizations that it is a part of; others are not taken",
    "domains": "of e-mail addresses: not taken",
    "types": "of organizations: not taken",
    "established": "the year of foundation: not taken",
    "admin": "when the record was changed: not taken",
}
SCHEMES = {"isni": "isni", "grid": "grid", "wikidata": "wikidata"}


class _Name(Struct, frozen=True):
    value: str
    types: tuple[str, ...] = ()


class _Details(Struct, frozen=True):
    """A place of GeoNames."""

    name: str = ""
    country_code: str = ""
    country_subdivision_code: str | None = None
    country_subdivision_name: str | None = None


class _Location(Struct, frozen=True):
    geonames_details: _Details = _Details()


class _Identifiers(Struct, frozen=True):
    type: str
    all: tuple[str, ...] = ()
    preferred: str | None = None


class _Link(Struct, frozen=True):
    type: str
    value: str


class _Relationship(Struct, frozen=True):
    type: str
    label: str = ""


class _Raw(Struct, frozen=True):
    id: str
    names: tuple[_Name, ...]
    status: str = "active"
    locations: tuple[_Location, ...] = ()
    external_ids: tuple[_Identifiers, ...] = ()
    links: tuple[_Link, ...] = ()
    relationships: tuple[_Relationship, ...] = ()


def read(file: SourceFile) -> Iterator[Item]:
    """Yield the organizations of a dump; raise ImportFileError if it cannot be read, or is of another source."""
    if file.name.endswith(".jsonl"):
        yield from converted(lines(file, _Raw, FIELDS), _organization)
    else:
        raw = parts(file, file.whole())
        yield from (*unknown(raw, FIELDS), *converted(array(raw, _Raw), _organization))


def _organization(place: str, raw: _Raw) -> Iterator[Item]:
    key = identifiers(raw.id)
    names = defaultdict[str, list[str]](list)
    for each in raw.names:
        for kind in each.types:
            names[kind].append(clean(each.value))
    shown = next(iter((*names["ror_display"], *names["label"])), "")
    if not key or not shown:
        yield Notice("organization without id or name", place, raw.id, "left out")
        return
    if raw.status == "withdrawn":
        yield Notice("withdrawn organization", place, shown, "left out")
        return
    others = dict.fromkeys((*names["label"], *names["alias"]))
    where = raw.locations[0].geonames_details if raw.locations else _Details()
    yield Organization(
        key=key[0].value,
        name=shown,
        aliases=tuple(each for each in others if each != shown),
        acronyms=tuple(names["acronym"]),
        country=where.country_code,
        city=clean(where.name),
        region=f"{where.country_code}-{where.country_subdivision_code}" if where.country_subdivision_code else "",
        region_name=clean(where.country_subdivision_name or ""),
        ids=(*key, *_ids(raw)),
        pages=tuple(page for each in raw.links if each.type == "website" for page in web(each.value)),
        part_of=tuple(clean(each.label) for each in raw.relationships if each.type == "parent" and each.label),
        active=raw.status == "active",
    )


def _ids(raw: _Raw) -> Iterator[Identifier]:
    for each in raw.external_ids:
        value = each.preferred or next(iter(each.all), "")
        if scheme := SCHEMES.get(each.type):
            yield from identified(scheme, value.replace(" ", "") if scheme == "isni" else value)


IMPORTER = Importer(
    key="ror",
    title="Research Organization Registry",
    homepage="https://ror.org",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
    trust=8,
    files=("*ror-data*.json", "*ror-data*.json.gz", "ror*.jsonl", "ror*.jsonl.gz"),
    fields=FIELDS,
    read=read,
    unit=lambda _: "organizations",  # one ledger, so that a newer dump takes the place of the older one
)
