"""Search where there is no index, such as with a remote engine: all names are read once and looked through."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from pyoxigraph import NamedNode

from graph.indexes.search import Hit, ResultGroup
from graph.indexes.search_writer import named
from graph.names import slug
from graph.terms import Term
from server.display.asking import ask, remembered


@dataclass(frozen=True)
class ScannedName:
    """A name of a thing, and the name in plain letters."""

    thing: NamedNode
    name: str
    plain: str

    def rank(self, text: str) -> int:
        """Return how exactly a text in plain letters, whose words it holds, is the name; 0 is the name itself."""
        if self.plain == text:
            return 0
        if self.plain.startswith(text):
            return 1
        if f"-{text}" in self.plain:
            return 2
        return 3 if text in self.plain else 4


class Scan:
    """Finds things as an index does, by looking through all names of the served version."""

    def groups(self, text: str, size: int, kind: str = "", page: int = 1) -> list[ResultGroup]:
        """Return what has the words of a text in a name, by kind, the most exact kind first."""
        found: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits(matches(text)):
            found[hit.kind].append(hit)
        wanted = [(name, group) for name, group in found.items() if kind in ("", name)]
        starts = [(min(page, -(-len(group) // size)) - 1) * size for _, group in wanted]
        return [
            ResultGroup(name, len(group), tuple(group[start : start + size]))
            for start, (name, group) in zip(starts, wanted, strict=True)
        ]

    def suggestions(self, text: str, size: int) -> list[Hit]:
        """Return the things whose name holds the words of a text, the most exact first."""
        return hits(matches(text)[:size])

    def near(self, text: str, size: int) -> list[Hit]:
        """Return the things whose names share a word with a text and are most like it."""
        plain = slug(text)
        words = [word for word in plain.split("-") if len(word) > 1]
        found = [name for name in names() if any(word in name.plain for word in words)]
        found.sort(key=lambda name: -SequenceMatcher(None, name.plain, plain).quick_ratio())
        return hits(found[:size])

    def identified(self, text: str) -> list[Hit]:
        """Return the things that have an identifier."""
        known = identifiers()
        return hits(name for each in named(text) for name in known.get(each.literal, ()))


@remembered
def names() -> tuple[ScannedName, ...]:
    """Return every name of the served version."""
    found = {(row["thing"].value, row["name"].value) for row in ask("search/names").rows}
    return tuple(ScannedName(NamedNode(thing), name, slug(name)) for thing, name in sorted(found))


@remembered
def identifiers() -> dict[Term, list[ScannedName]]:
    """Return the things of every identifier of the served version."""
    found: dict[Term, list[ScannedName]] = defaultdict(list)
    for row in ask("search/identifiers").rows:
        found[row["identifier"]].append(ScannedName(NamedNode(row["thing"].value), row["identifier"].value, ""))
    return found


def matches(text: str) -> list[ScannedName]:
    """Return the names that hold the words of a text, the most exact first, one for each thing."""
    plain = slug(text)
    found = list(names()) if text.strip() else []
    for word in plain.split("-"):
        found = [name for name in found if word in name.plain]
    best: dict[NamedNode, ScannedName] = {}
    for name in sorted(found, key=lambda name: (name.rank(plain), len(name.plain), name.name)):
        best.setdefault(name.thing, name)
    return list(best.values())


def hits(found: Iterable[ScannedName]) -> list[Hit]:
    """Return what the names belong to."""
    by_thing = {name.thing: name for name in found}
    told = {row["thing"]: row for row in ask("search/kinds", things=by_thing).rows} if by_thing else {}
    return [
        Hit(thing, told[thing]["label"].value, told[thing]["kind"].value, name.name, name.plain, 1)
        for thing, name in by_thing.items()
        if thing in told
    ]
