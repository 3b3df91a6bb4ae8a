"""Whether the columns about authors are in their order: then a profile has the same affiliation in different papers."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from graph.importers.paperlists.fields import Raw

SURE = 0.95  # the share of pairs of papers of one profile that agree, from which on a list is in order
ENOUGH = 20  # pairs of papers from which on this is known


def split(text: str | None) -> list[str]:
    """Return the values of a column."""
    return [part.strip() for part in text.split(";")] if text and text.strip() else []


@dataclass
class Ordering:
    """The affiliations of profiles in a list that does not give the order of its columns."""

    known: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @classmethod
    def of(cls, records: Iterable[Raw]) -> "Ordering":
        """Return the affiliations of the profiles of a list."""
        found = cls()
        for raw in records:
            for profile, affiliation in _columns(raw):
                found.known[profile][affiliation] += 1
        return found

    @cached_property
    def is_sure(self) -> bool:
        """Whether profiles agree so often that the columns are in the order of authors, or too few recur to know."""
        counts = [each for each in self.known.values() if each.total() > 1]
        alike = sum(number * (number - 1) for each in counts for number in each.values())
        pairs = sum(each.total() * (each.total() - 1) for each in counts)
        return pairs < 2 * ENOUGH or alike >= SURE * pairs

    def confirms(self, raw: Raw) -> bool:
        """Return whether other papers confirm the order of a record: a profile agrees with most, none does not."""
        columns = _columns(raw)
        others = [(self.known[profile], affiliation) for profile, affiliation in columns]
        again = [(counts, affiliation) for counts, affiliation in others if counts.total() > 1]
        return bool(again) and all(2 * counts[affiliation] > max(counts.total(), 2) for counts, affiliation in again)


def _columns(raw: Raw) -> list[tuple[str, str]]:
    """Return the profile and affiliation of each author, if the record does not give the order of the columns."""
    profiles, affiliations = split(raw.authorids), split(raw.aff or raw.affs)
    if raw.or_profile or len(profiles) != len(affiliations):
        return []
    pairs = zip(profiles, affiliations, strict=True)
    return [(profile, place) for profile, place in pairs if profile.startswith("~") and place]
