"""The authors of a record of a paper list: names, ids and affiliations, each brought to the author it belongs to."""

import re

from graph.importers.paperlists.fields import Raw
from graph.importers.paperlists.ordering import split
from graph.names import slug
from graph.sources.addresses import dblp_person, identified, orcid
from graph.sources.authors import author_named, divided, joined
from graph.sources.records import NAMELESS, Affiliation, Author, Identifier
from graph.sources.text import clean

ACL = re.compile(r"/[a-z]/([a-z0-9-]+)/")
IEEE = re.compile(r"/(\d{6,})")
SHARED = ("aff", "numbers")  # columns whose one value can be that of all authors
OTHER_NUMBER = "affiliations whose number is not that of the authors"
NO_ORDER = "affiliations in an order that is not known"
LEFT_OUT = {OTHER_NUMBER, NO_ORDER}
DIGITS = 6  # of a number of an organization, at most
Notices = list[tuple[str, str]]


def authors(raw: Raw, *, in_order: bool = True) -> tuple[tuple[Author, ...], Notices]:
    """Return the authors of a record, and by kind what was corrected; `in_order` says whether its columns may be."""
    notices: Notices = []
    ids = _once(split(raw.authorids))
    names = _printed(_names(raw.author or ""), len(ids), notices)
    columns = Columns(raw, _order(raw, ids, names) if in_order else [None] * len(names))
    notices += columns.notices()
    if in_order and columns.order != list(range(len(names))):
        notices.append(("columns in the order of profiles", raw.or_profile or ""))
    found = []
    for position, name in enumerate(names):
        own = _identifiers(ids[position] if len(ids) == len(names) else "")
        each = author_named(name, (*own, *columns.identifiers(position)), columns.affiliations(position))
        if each:
            found.append(each)
        else:
            notices.append((NAMELESS, "an e-mail address" if "@" in name else name))
    return tuple(found), notices


def printed(raw: Raw) -> tuple[str, ...]:
    """Return the affiliations of a record, each once, whosever they are."""
    return tuple(dict.fromkeys(filter(None, map(clean, split(raw.aff or raw.affs)))))


def _printed(names: list[str], count: int, notices: Notices) -> list[str]:
    """Return the names of a record, each once, and each of one person; `count` is the number of the ids."""
    once = _once(names)
    found = joined(once, count)
    if len(names) == count != len(found):  # two people of one name
        return names
    if len(once) < len(names):
        notices.append(("authors written twice", ""))
    if len(found) > len(once):
        notices.append(("several authors in one name", ""))
    return found


def _once(values: list[str]) -> list[str]:
    """Return the first half of a list that is written twice."""
    half, odd = divmod(len(values), 2)
    return values if odd or values[:half] != values[half:] else values[:half]


def _names(text: str) -> list[str]:
    """Return the names of a list that is parted by ; or else by commas; a suffix such as Jr. stays with its name."""
    if ";" in clean(text) or "," not in text:
        return [each for each in split(clean(text)) if each]
    return divided(clean(text).split(","))


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
    profiles, count = split(raw.or_profile), len(names)
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
        self.order, self._known = order, [clean(each) for each in split(raw.aff_unique_norm)]
        own = {"aff": raw.aff or raw.affs, "numbers": raw.aff_unique_index, "profile": raw.or_profile}
        columns = {name: split(text) for name, text in (own | {"orcid": raw.orcid, "dblp": raw.dblp}).items()}
        self._columns = {name: column for name, column in columns.items() if len(column) == len(order)}
        self._numbers = {name: len(columns[name]) for name in SHARED if columns[name]}
        # a list of OpenReview leaves out those without an affiliation, so that one need not be that of all
        shared = () if "~" in (raw.authorids or "") else SHARED
        self._shared = {name: columns[name][0] for name in shared if len(columns[name]) == 1}
        self._shared |= {name: each[0] for name, each in self._columns.items() if len(set(each)) == 1}

    def _value(self, column: str, position: int) -> str:
        place = self.order[position]
        if column in SHARED and (place is None or column not in self._columns):
            return self._shared.get(column, "")
        return self._columns[column][place] if column in self._columns and place is not None else ""

    def notices(self) -> Notices:
        """Return why columns are left out, if they are."""
        left = [name for name in self._numbers if name not in self._shared]
        if wrong := [name for name in left if name not in self._columns]:
            return [(OTHER_NUMBER, f"{self._numbers[wrong[0]]} for {len(self.order)} authors")]
        return [(NO_ORDER, "")] if left and set(self.order) == {None} else []

    def identifiers(self, position: int) -> tuple[Identifier, ...]:
        """Return the identifiers that an author's profile gives; the profile that others were merged into comes too."""
        profile = _identifiers(self._value("profile", position))
        return (*profile, *orcid(self._value("orcid", position)), *dblp_person(self._value("dblp", position)))

    def affiliations(self, position: int) -> tuple[Affiliation, ...]:
        """Return the affiliation of an author as printed, with the organizations that it was read as."""
        printed = clean(self._value("aff", position))
        numbers = [
            int(each) for each in self._value("numbers", position).split("+") if each.isdecimal() and len(each) < DIGITS
        ]
        named = dict.fromkeys(self._known[each] for each in numbers if each < len(self._known) and self._known[each])
        return (Affiliation(printed, tuple(named)),) if printed or named else ()
