"""Organizations: names as sources read them, brought to a registry (ROR) where a name means one of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from graph.identity.registered_names import RegisteredNames
from graph.importing.folder import ImportUnit
from graph.importing.lines import ALSO, Iris, Triple, counted, cvn, described, references, text
from graph.importing.registry import StoredRecord
from graph.importing.statements import place_path
from graph.names import slug
from graph.sources.records import Organization
from graph.vocabulary.territories import countries


@dataclass
class Organizations:
    """The organizations of a registry by their names, and what papers say of any."""

    registered: dict[str, tuple[ImportUnit, Organization]] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Iterable[tuple[ImportUnit, StoredRecord]]) -> "Organizations":
        """Return the organizations of registries."""
        return cls({each.path: (unit, each.record) for unit, each in kept if isinstance(each.record, Organization)})

    @cached_property
    def _names(self) -> RegisteredNames:
        return RegisteredNames({path: record for path, (_, record) in self.registered.items()})

    def path(self, name: str) -> str:
        """Return the path of the organization of a name: the registered one that it means, else its own."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._names.path(name) or slug(name)
        return found


@dataclass
class Mentioned:
    """What papers say of one organization."""

    names: Counter[str] = field(default_factory=Counter)
    voices: set[str] = field(default_factory=set)
    papers: set[str] = field(default_factory=set)
    submissions: set[str] = field(default_factory=set)


def triples(
    path: str, mentioned: Mentioned, registered: tuple[ImportUnit, Organization] | None, iris: Iris
) -> Iterator[Triple]:
    """Yield what is said of an organization; its name is that of the registry, else the one that most papers have."""
    me = iris("org", path)
    names = [name for name, _ in sorted(mentioned.names.items(), key=lambda each: (-each[1], each[0]))]
    label = registered[1].name if registered else names[0]
    yield from described(me, label, "Organization")
    others = dict.fromkeys((*(registered[1].aliases + registered[1].acronyms if registered else ()), *names))
    yield from ((me, ALSO, text(each)) for each in others if each != label)
    if registered:
        unit, record = registered
        yield from references(me, record.ids, record.pages)
        if record.country in countries():
            yield me, cvn("basedIn"), iris("place", place_path(record))
        yield me, cvn("source"), iris("source", unit.name)
    yield from ((me, cvn("source"), iris("source", voice)) for voice in sorted(mentioned.voices))
    if mentioned.names:
        yield from counted(me, len(mentioned.papers), len(mentioned.submissions))
