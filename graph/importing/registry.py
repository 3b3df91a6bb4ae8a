"""Which IRI a record has: its own for as long as it is listed, whatever becomes of its title or its identifiers.

The registry of an edition is made of the records that are kept beside the ledgers, each with the path of its IRI, so
it needs no file of its own. A record is known, in this order, by the key its source gives it, by an identifier that
another record has too, by its title with an author in common. A record without a match gets a new path.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from graph.names import Names, distinct, slug
from graph.sources.records import Paper, Record

SAME = {"openreview", "doi", "acl", "pmlr", "neurips-paper", "ieee", "dblp"}


class Tombstone(Struct, frozen=True, tag="gone"):
    """A record that the source listed once: what its thing was called, and the edition of it if it was a paper's."""

    label: str
    kind: str
    edition: str = ""


class StoredRecord(Struct, frozen=True):
    """A record with the path of its IRI."""

    path: str
    record: Record | Tombstone


@dataclass
class Registry:
    """The papers of one edition that have an IRI."""

    names: Names
    edition: str
    _paths: dict[str, str] = field(default_factory=dict)
    _authors: dict[str, set[str]] = field(default_factory=dict)
    _listed: set[tuple[str, str]] = field(default_factory=set)

    def add(self, source: str, kept: Iterable[StoredRecord]) -> None:
        """Know the records of a source."""
        for each in kept:
            if isinstance(each.record, Paper) and each.record.edition == self.edition:
                self._know(source, each.path, each.record)
            elif isinstance(each.record, Tombstone) and each.record.edition == self.edition:
                self._authors.setdefault(each.path, set())
                self._paths.setdefault(f"title {slug(each.record.label)}", each.path)

    def path(self, source: str, paper: Paper) -> str:
        """Return the path of a paper, which is known from now on."""
        found = next((self._paths[key] for key in self._keys(source, paper) if self._is(key, source, paper)), None)
        path = found or distinct(self.names.path(self.names.paper(self.edition, paper.title)), self._authors)
        self._know(source, path, paper)
        return path

    def _is(self, key: str, source: str, paper: Paper) -> bool:
        """Return whether a key is known, and if it is a title, whether an author is in common.

        If authors are missing, a title is enough for records of two sources: one source may list "Discussion" twice.
        """
        path = self._paths.get(key)
        if path is None or not key.startswith("title "):
            return path is not None
        known, own = self._authors[path], surnames(paper)
        return bool(known & own) or (not (known and own) and (source, path) not in self._listed)

    def _keys(self, source: str, paper: Paper) -> Iterator[str]:
        title = slug(paper.title)
        first = slug(paper.authors[0].name) if paper.authors else ""
        yield f"{source} {paper.key}" if paper.key else f"{source} {title} {first}"
        yield from (f"{each.scheme} {each.value}" for each in paper.ids if each.scheme in SAME)
        yield f"title {title}"

    def _know(self, source: str, path: str, paper: Paper) -> None:
        self._authors.setdefault(path, set()).update(surnames(paper))
        self._listed.add((source, path))
        for key in self._keys(source, paper):
            self._paths.setdefault(key, path)


def surnames(paper: Paper) -> set[str]:
    """Return the last parts of the names of the authors of a paper."""
    return {slug(author.name).rpartition("-")[2] for author in paper.authors}
