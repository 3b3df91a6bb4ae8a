"""Authors from the names that sources print: in parts, or in one text that lists several people."""

import re
from collections.abc import Iterable

from graph.names import slug
from graph.sources.parts import ENDING, LONGEST, SUFFIX, NameParts, guessed
from graph.sources.records import Affiliation, Author, Identifier
from graph.sources.text import clean, person_name

JOINED = re.compile(r"\s+(?:and|&)\s+|^and\s+", re.IGNORECASE)
FULL = 2  # words that a full name has at least


def author(
    parts: NameParts, ids: tuple[Identifier, ...] = (), affiliations: tuple[Affiliation, ...] = ()
) -> Author | None:
    """Return the author whose name a source gives in parts, or None if no name is left of it."""
    given = _tidy(parts) if len(parts.name) <= LONGEST else NameParts(clean(parts.name))
    name = person_name(given.name)
    return Author(name, classed(ids, name), affiliations, given if given.name == name else None) if name else None


def author_named(
    name: str, ids: tuple[Identifier, ...] = (), affiliations: tuple[Affiliation, ...] = ()
) -> Author | None:
    """Return the author whose name a source gives as a whole, or None if no name is left of it."""
    bare = person_name(name)
    if len(bare) <= LONGEST and (found := ENDING.fullmatch(bare)):
        bare = f"{found['name']} {found['suffix']}"
    return Author(bare, classed(ids, bare), affiliations) if bare else None


def classed(ids: Iterable[Identifier], name: str) -> tuple[Identifier, ...]:
    """Return the identifiers of an author; an ACL id that is the name, such as wei-wang, identifies only the name."""
    return tuple(
        Identifier("acl-person-name", each.value) if each.scheme == "acl-person" and each.value == slug(name) else each
        for each in ids
    )


def _tidy(parts: NameParts) -> NameParts:
    """Return the parts as clean text, with a suffix in its own part."""
    family, given, particle, suffix = map(clean, (parts.family, parts.given, parts.particle, parts.suffix))
    if SUFFIX.fullmatch(family) and given and not suffix:  # given is the rest of the name
        rest = guessed(given)
        return NameParts(rest.family, rest.given, particle or rest.particle, family)
    if SUFFIX.fullmatch(given) and " " in family:  # as in James Supancic, III
        rest = guessed(family)
        return NameParts(rest.family, rest.given, particle or rest.particle, given)
    if (found := ENDING.fullmatch(family)) and given and not suffix:
        family, suffix = found["name"], found["suffix"]
    return NameParts(person_name(family) or family, person_name(given) or given, particle, suffix)


def joined(names: list[str], count: int) -> list[str]:
    """Return the names of a list, of which some hold two people joined by `and`, unless there are `count` of them."""
    if len(names) == count:
        return names
    return [each for name in names for each in _people(name)]


def _people(name: str) -> list[str]:
    found = [each for each in JOINED.split(name) if each]
    are_people = all(len(each.split()) >= FULL and not guessed(each).is_whole for each in found)
    return found if are_people else [name]


def divided(sections: list[str]) -> list[str]:
    """Return the people of a text that commas divide: full names, or family names with given names behind them."""
    found: list[str] = []
    for each in filter(None, map(str.strip, sections)):
        if found and SUFFIX.fullmatch(each):
            found[-1] = f"{found[-1]} {each}"
        else:
            found.append(each)
    if len(found) % 2 or any(len(each.split()) >= FULL for each in found[::2]):
        return found
    return [f"{family}, {given}" for family, given in zip(found[::2], found[1::2], strict=True)]
