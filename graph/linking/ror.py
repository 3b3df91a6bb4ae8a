"""ROR: organizations by name; its records give their items in Wikidata too."""

from collections.abc import Iterator
from urllib.parse import urlencode

from msgspec import Struct

from graph.identity.registered_names import RegisteredNames
from graph.linksets.connector import Ask, Candidate, Connector, valid
from graph.linksets.policy import BY_IDENTIFIER
from graph.linksets.subjects import Subject, Subjects
from graph.names import slug
from graph.sources.records import Organization

SHORT = 5  # letters, up to which a name is taken for an acronym, which several organizations may have
SPELLED = 0.9  # confidence in a name in another spelling
LEXICAL = "semapv:LexicalMatching"


class _Name(Struct):
    value: str
    types: list[str] = []


class _External(Struct):
    type: str
    all: list[str]
    preferred: str | None = None


class _Details(Struct, frozen=True):
    country_code: str = ""


class _Location(Struct, frozen=True):
    geonames_details: _Details = _Details()


class _Relationship(Struct):
    type: str
    label: str = ""


class _Item(Struct):
    id: str
    names: list[_Name]
    status: str = "active"
    external_ids: list[_External] = []
    locations: list[_Location] = []
    relationships: list[_Relationship] = []


class _Answer(Struct):
    items: list[_Item]


def find(subjects: Subjects, ask: Ask) -> Iterator[Candidate]:
    """Yield the links of organizations that have no ROR identifier."""
    for each in subjects.others.get("Organization", ()):
        if not each.value("ror"):
            answer = ask(f"/v2/organizations?{urlencode({'query': each.label})}", _Answer)
            yield from _matching(each, answer.items if answer else [])
        if not each.value("wikidata") and (ror := each.value("ror")):
            record = ask(f"/v2/organizations/{ror}", _Item)
            yield from _items(each, record, 1.0) if record else ()


def _matching(ours: Subject, items: list[_Item]) -> Iterator[Candidate]:
    """Yield the record whose name is ours, else in another spelling; several are not published, as is an acronym."""
    named = [each for each in items if each.status == "active" and slug(ours.label) in map(slug, _names(each))]
    for each in named:
        alone = len(named) == 1 and len(ours.label) > SHORT
        sure = 0.95 if alone else 0.5
        words = "one record has" if alone else "a short name, which several may have, or several records have"
        for found in valid(ror=each.id):
            yield Candidate(ours, found, sure, LEXICAL, f"The name as the record has it; {words} it.")
        if alone:
            yield from _items(ours, each, sure)
    if not named and (spelled := _spelled(ours.label, items)):
        for found in valid(ror=spelled.id):
            words = "The name in another spelling; no other of the records found has it."
            yield Candidate(ours, found, SPELLED if len(ours.label) > SHORT else 0.5, LEXICAL, words)


def _spelled(label: str, items: list[_Item]) -> _Item | None:
    """Return the record that a name means in another spelling."""
    there = {each.id: each for each in items if each.status != "withdrawn"}
    path = RegisteredNames({key: _organization(each) for key, each in there.items()}).path(label)
    return there[path] if path else None


def _organization(item: _Item) -> Organization:
    names = [each.value for each in item.names if each.types != ["acronym"]]
    return Organization(
        key=item.id,
        name=names[0] if names else item.id,
        aliases=tuple(names[1:]),
        acronyms=tuple(each.value for each in item.names if "acronym" in each.types),
        country=item.locations[0].geonames_details.country_code if item.locations else "",
        part_of=tuple(each.label for each in item.relationships if each.type == "parent" and each.label),
        active=item.status == "active",
    )


def _names(item: _Item) -> Iterator[str]:
    """Yield the names, also without the country that ROR adds to companies."""
    for each in item.names:
        yield each.value
        yield each.value.partition(" (")[0]


def _items(ours: Subject, item: _Item, sure: float) -> Iterator[Candidate]:
    for each in (each for each in item.external_ids if each.type == "wikidata"):
        found = each.preferred or (each.all[0] if len(each.all) == 1 else None)
        for known in valid(wikidata=found):
            why = f"The record {item.id} gives this item."
            yield Candidate(ours, known, sure, BY_IDENTIFIER, why, certain=sure == 1)


CONNECTOR = Connector(
    key="ror",
    title="Research Organization Registry",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
    address="https://api.ror.org",
    pause=1,
    find=find,
)
