"""The authors of a record of a paper list: names, ids and affiliations, each brought to the author it belongs to."""

import re

from graph.importers.paperlists.fields import Raw
from graph.names import slug
from graph.sources.addresses import dblp_person, identified, orcid
from graph.sources.records import NAMELESS, Affiliation, Author, Identifier
from graph.sources.text import clean, person_name

ACL = re.compile(r"/[a-z]/([a-z0-9-]+)/")
IEEE = re.compile(r"/(\d{6,})")
SUFFIX = re.compile(r"(jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
Notices = list[tuple[str, str]]


def authors(raw: Raw) -> tuple[tuple[Author, ...], Notices]:
    """Return the authors of a record, and by kind what was corrected."""
    notices: Notices = []
    printed = _once(_names(raw.author or ""), notices, "authors written twice")
    ids = _once(_split(raw.authorids), [], "")
    columns = Columns(raw, _order(raw, ids, printed))
    if columns.order != list(range(len(printed))):
        notices.append(("columns in the order of profiles", raw.or_profile or ""))
    found = []
    for position, name in enumerate(printed):
        cleaned = person_name(name)
        if not cleaned:
            notices.append((NAMELESS, "an e-mail address" if "@" in name else name))
            continue
        own = _identifiers(ids[position] if len(ids) == len(printed) else "")
        found.append(Author(cleaned, (*own, *columns.identifiers(position)), columns.affiliations(position)))
    return tuple(found), notices


def _once(values: list[str], notices: Notices, kind: str) -> list[str]:
    half, odd = divmod(len(values), 2)
    if not half or odd or values[:half] != values[half:]:
        return values
    notices.append((kind, ""))
    return values[:half]


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(";")] if text and text.strip() else []


def _names(text: str) -> list[str]:
    """Return the names of a list that is parted by ; or else by commas; a suffix such as Jr. stays with its name."""
    if ";" in clean(text) or "," not in text:
        return [each for each in _split(clean(text)) if each]
    names: list[str] = []
    for part in map(str.strip, clean(text).split(",")):
        if names and SUFFIX.fullmatch(part):
            names[-1] = f"{names[-1]} {part}"
        elif part:
            names.append(part)
    return names


def _identifiers(text: str) -> tuple[Identifier, ...]:
    if text.startswith("~"):
        return identified("openreview-person", text)
    if found := IEEE.fullmatch(text):
        return identified("ieee-person", found[1])
    if found := ACL.fullmatch(text):
        return identified("acl-person", found[1])
    return ()


def _order(raw: Raw, ids: list[str], names: list[str]) -> list[int | None]:
    """Return the column of each author, in the order of profiles if these differ from the ids; None if unknown."""
    profiles, count = _split(raw.or_profile), len(names)
    if len(profiles) != count or len(ids) != count or profiles == ids or not any(profiles):
        return list(range(count))
    order: list[int | None] = [profiles.index(each) if each in profiles else None for each in ids]
    left = [column for column in range(count) if column not in order]
    for position in [at for at, column in enumerate(order) if column is None]:
        alike = [column for column in left if _alike(profiles[column], names[position])]
        chosen = alike[0] if alike else left[0] if len(left) == 1 else None
        if chosen is not None:
            order[position] = chosen
            left.remove(chosen)
    return order


def _alike(profile: str, name: str) -> bool:
    """Return whether a profile (~First_Last1) shares its last name, or two of its names, with a name."""
    own, other = slug(profile.strip("~0123456789").replace("_", " ")).split("-"), slug(name).split("-")
    return own[-1] == other[-1] or len(set(own) & set(other)) > 1


class Columns:
    """The columns of a record that hold one value for each author; `order` says which of them is whose."""

    def __init__(self, raw: Raw, order: list[int | None]) -> None:
        self.order, self._known = order, [clean(each) for each in _split(raw.aff_unique_norm)]
        own = {"aff": raw.aff or raw.affs, "numbers": raw.aff_unique_index, "profile": raw.or_profile}
        columns = {name: _split(text) for name, text in (own | {"orcid": raw.orcid, "dblp": raw.dblp}).items()}
        self._columns = {name: column for name, column in columns.items() if len(column) == len(order)}

    def _value(self, column: str, position: int) -> str:
        place = self.order[position]
        return self._columns[column][place] if column in self._columns and place is not None else ""

    def identifiers(self, position: int) -> tuple[Identifier, ...]:
        """Return the identifiers that an author's profile gives; the profile that others were merged into comes too."""
        profile = _identifiers(self._value("profile", position))
        return (*profile, *orcid(self._value("orcid", position)), *dblp_person(self._value("dblp", position)))

    def affiliations(self, position: int) -> tuple[Affiliation, ...]:
        """Return the affiliation of an author as printed, with the organizations that it was read as."""
        printed = clean(self._value("aff", position))
        numbers = [int(each) for each in self._value("numbers", position).split("+") if each.isdecimal()]
        named = dict.fromkeys(self._known[each] for each in numbers if each < len(self._known) and self._known[each])
        return (Affiliation(printed, tuple(named)),) if printed or named else ()
