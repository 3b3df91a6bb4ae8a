"""Long lists: all things of a group in their order, so that a page of them, or those with some words, is found at once.

The list is kept with the version or asked (`graph/lists.py`), once for each thing and version.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.names import slug
from graph.terms import Term
from server.asking import listed, remembered
from server.tables import labels_of


@dataclass(frozen=True)
class Entry:
    """A thing of a list: its label, and the labels of its marks, such as its track and its decision."""

    thing: NamedNode
    label: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What is wanted of a list: a page of it, and only the entries with some words and a mark."""

    page: int = 1
    words: str = ""
    mark: str = ""

    @property
    def sifts(self) -> bool:
        """Whether not the whole list is wanted."""
        return bool(self.words or self.mark)


FIRST = Asked()


@remembered
def entries(index: str, entity: NamedNode, prop: NamedNode) -> tuple[Entry, ...]:
    """Return the entries of a list, by its key."""
    labels: dict[NamedNode, str] = {}
    marks: dict[NamedNode, dict[Term, None]] = {}
    keys: dict[NamedNode, str] = {}
    for row in listed(index, entity, prop):
        thing = NamedNode(row["thing"].value)
        labels[thing], keys[thing] = row["label"].value, row["key"].value
        marks.setdefault(thing, {}).update({row["mark"]: None} if "mark" in row else {})
    names = labels_of({mark for found in marks.values() for mark in found})
    ordered = sorted(labels, key=lambda thing: (keys[thing], thing.value))
    return tuple(
        Entry(each, labels[each], tuple(names.get(mark, mark.value) for mark in marks[each])) for each in ordered
    )


def sifted(listed: Sequence[Entry], asked: Asked) -> list[Entry]:
    """Return the entries that have the words in their label, without regard to case and accents, and the mark."""
    words = slug(asked.words).split("-") if asked.words.strip() else []
    marked = [each for each in listed if not asked.mark or asked.mark in each.marks]
    return [each for each in marked if all(word in slug(each.label) for word in words)]


def facets(listed: Sequence[Entry]) -> tuple[tuple[str, int], ...]:
    """Return how many entries have which mark, the most frequent first; nothing where all have the same."""
    counts = Counter(mark for each in listed for mark in each.marks)
    return tuple(counts.most_common(12)) if len(counts) > 1 else ()
