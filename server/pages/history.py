"""The past of a thing: the facts that each version kept here has of it and the one before did not have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, g, render_template, url_for
from pyoxigraph import NamedNode

from graph.errors import StoreError
from graph.remote.marker import open_version
from graph.store import select
from graph.terms import Term
from graph.versions.home import Version
from server.display.asking import question, remembered
from server.display.tables import cells_of, labels_of
from server.display.things import NAMES
from server.display.words import Cell, local
from server.pages.changes import versions
from server.pages.entities import known
from server.search.pages import below_base

bp = Blueprint("history", __name__)

MOST = 20  # versions that are looked at, the latest
Fact = tuple[NamedNode, Term]


@dataclass(frozen=True)
class FactChange:
    """A property whose values differ between two versions."""

    property: str
    before: tuple[Cell, ...]
    after: tuple[Cell, ...]


@dataclass(frozen=True)
class VersionEntry:
    """A version, and what changed of a thing in it; it is the first with the thing if `begins`."""

    version: Version
    changes: tuple[FactChange, ...]
    begins: bool = False
    ends: bool = False


@bp.get("/history/<path:path>")
def history(path: str) -> str:
    """Show what became of a thing over the versions kept here."""
    there = known(path)
    entries, looked_at = past(there.iri)
    return render_template("site/history.html", thing=there, entries=entries, looked_at=looked_at)


@bp.app_template_global()
def past_address(thing: NamedNode) -> str:
    """Return the address of the past of a thing; an empty string for a term of the vocabulary."""
    start = below_base("id/").value
    return url_for("history.history", path=thing.value.removeprefix(start)) if thing.value.startswith(start) else ""


@remembered
def past(thing: NamedNode) -> tuple[tuple[VersionEntry, ...], int]:
    """Return the versions in which a thing changed, the latest first, and how many versions were looked at."""
    kept = [each for each in versions() if each.number <= g.served.version.number][:MOST]
    found = [(each, facts) for each in kept if (facts := _facts(each, thing)) is not None]
    entries = []
    for place, (version, facts) in enumerate(found):
        older = found[place + 1][1] if place + 1 < len(found) else None
        if older is not None and facts != older:
            entries.append(_entry(version, older, facts))
    return tuple(entries), len(found)


def _facts(version: Version, thing: NamedNode) -> frozenset[Fact] | None:
    """Return the facts of a thing in a version, or None if the version cannot be read."""
    try:
        store = open_version(g.served.home, version)
    except StoreError:
        return None
    text = question("entity/facts").bind(entity=thing)
    return frozenset((NamedNode(row["property"].value), row["value"]) for row in select(store, text))


def _entry(version: Version, older: frozenset[Fact], facts: frozenset[Fact]) -> VersionEntry:
    changed = sorted({name for name, _ in older ^ facts}, key=str)
    labels = labels_of(changed)
    cells = cells_of({value for _, value in older ^ facts})
    changes = tuple(
        FactChange(
            labels.get(name) or NAMES.get(name) or local(name),
            _values(older - facts, name, cells),
            _values(facts - older, name, cells),
        )
        for name in changed
    )
    return VersionEntry(version, changes, begins=not older, ends=not facts)


def _values(facts: Iterable[Fact], name: NamedNode, cells: Mapping[Term, Cell]) -> tuple[Cell, ...]:
    found = (cells[value] for each, value in facts if each == name)
    return tuple(sorted(found, key=lambda cell: cell.words))
