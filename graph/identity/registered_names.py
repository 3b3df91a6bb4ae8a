"""Names of organizations as papers write them, and which organization of a registry each means."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from graph.identity.affiliations import organization_key
from graph.names import slug
from graph.sources.records import Organization
from graph.vocabulary.territories import countries

LEGAL_FORM = re.compile(
    r",? (?:inc|incorporated|ltd|limited|llc|corp|corporation|co|company|gmbh|ag|plc|group)\.?$", re.IGNORECASE
)
IN_BRACKETS = re.compile(r" ?\(([^()]*)\)")
ACRONYM = 4  # letters that an acronym has at least; shorter ones are those of many


@cache
def spelling(name: str) -> str:
    """Return what spellings of a name have in common: not order, articles, legal form, a country in brackets."""
    plain = IN_BRACKETS.sub(_within, name.replace("&", " and ")).strip()
    while (shorter := LEGAL_FORM.sub("", plain)) not in ("", plain):
        plain = shorter
    return organization_key(plain)


def _within(brackets: re.Match[str]) -> str:
    return "" if slug(brackets[1]) in _country_names() else f" {brackets[1]}"


@cache
def _country_names() -> frozenset[str]:
    return frozenset(map(slug, countries().values()))


class RegisteredNames:
    """The organizations of a registry, found by name: exactly, else in another spelling, else by acronym."""

    def __init__(self, organizations: Mapping[str, Organization]) -> None:
        self._organizations = organizations
        self._exact, self._spelled, self._acronyms = (defaultdict[str, set[str]](set) for _ in range(3))
        for path, each in organizations.items():
            for name in _names(each):
                self._exact[slug(name)].add(path)
                self._spelled[spelling(name)].add(path)
            for acronym in each.acronyms:
                self._acronyms[acronym].add(path)
                self._acronyms[acronym.upper()].add(path)

    def path(self, name: str) -> str | None:
        """Return the path of the organization that a name means; None if it is not one that is known, or of several."""
        if found := self._exact.get(slug(name)):
            return self._only(found)
        if found := self._spelled.get(spelling(name)) or self._with_acronym(name):
            return self._only([each for each in found if not self._is_branch(each) and self._is_there(each, name)])
        return self._only(self._acronyms.get(name, ())) if len(name) >= ACRONYM else None

    def _with_acronym(self, name: str) -> set[str]:
        """Return the organizations of a name that has its acronym in brackets behind it."""
        within = IN_BRACKETS.search(name)
        found = self._spelled.get(spelling(name[: within.start()]), set()) if within else set[str]()
        return {each for each in found if within and within[1] in self._organizations[each].acronyms}

    def _is_there(self, path: str, name: str) -> bool:
        """Return whether an organization has its seat in the country that a name has in brackets, if any."""
        said = {slug(each) for each in IN_BRACKETS.findall(name)} & _country_names()
        return said <= {slug(countries().get(self._organizations[path].country, ""))}

    def _is_branch(self, path: str) -> bool:
        """Return whether an organization is a part of one with its name, as a company's in a country is."""
        own = self._organizations[path]
        return not {*map(spelling, own.part_of)}.isdisjoint(map(spelling, _names(own)))

    def _only(self, found: Iterable[str]) -> str | None:
        """Return the one that is meant: of several the one that still exists, and that the others are no part of."""
        there = [each for each in found if self._organizations[each].active] or [*found]
        names = {spelling(name) for each in there for name in _names(self._organizations[each])}
        whole = [each for each in there if names.isdisjoint(map(spelling, self._organizations[each].part_of))]
        return (whole or there)[0] if len(whole or there) == 1 else None


def _names(organization: Organization) -> tuple[str, ...]:
    return organization.name, *organization.aliases
