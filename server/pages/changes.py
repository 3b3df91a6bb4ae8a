"""The versions of the graph, and what each has that an earlier one had not: in words, and as data.

Small versions are compared line by line. Of large ones the numbers kept with them are compared, which takes no time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from pyoxigraph import NamedNode

from graph.errors import VersionError
from graph.exchange.difference import ADDED, REMOVED, VersionDifference
from graph.exchange.difference import changes as changed_lines
from graph.indexes.statistics import Statistics
from graph.store.dumping import dumped
from graph.terms import CVN, Term
from graph.versions.home import Home, Version
from server.display.asking import remembered
from server.display.tables import labels_of
from server.display.words import address, local, whole_number
from server.formats import Alternate, linked
from server.http.errors import UnknownEntityError
from server.http.media import Media
from server.http.serving import SMALL

bp = Blueprint("changes", __name__)

JSON = Media("json", "application/json", None)
NAMED = (CVN.Source, CVN.ConferenceSeries, CVN.Edition, CVN.Paper, CVN.Award, CVN.Organization, CVN.Person, CVN.Finding)


@dataclass(frozen=True)
class NamedThing:
    """A thing with its label, and the address of its page, which is empty if it is gone."""

    iri: str
    label: str
    href: str


@dataclass(frozen=True)
class ClassChange:
    """How many things of a class a version has more and less than another, with some of them by name."""

    iri: str
    label: str
    added: int
    removed: int
    new: tuple[NamedThing, ...] = ()
    gone: tuple[NamedThing, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The served version beside an earlier one; `whole` is false if only the kept numbers were compared."""

    since: int
    added: int
    removed: int
    classes: tuple[ClassChange, ...]
    whole: bool = False


@bp.get("/changes")
def changes() -> Response:
    """Show the versions, and what changed since the one before or the one that `since` names."""
    found = versions()
    others = [Alternate(url_for(".data"), JSON)]
    page = render_template("site/changes.html", versions=found, change=_asked(found), alternates=others)
    return linked(page, others)


@bp.get("/changes.json")
def data() -> Response:
    """Answer with the versions and what changed, as JSON."""
    found = versions()
    change = _asked(found)
    listed = [{"number": each.number, "built": each.built, "made": each.made, "counts": each.counts} for each in found]
    return jsonify(version=g.served.version.number, versions=listed, changes=None if change is None else asdict(change))


def versions() -> list[Version]:
    """Return the versions that are kept, the latest first; of a graph in another engine the current one."""
    home = g.served.home
    if not isinstance(home, Home):
        return [g.served.version]
    found = []
    for number in home.numbers():
        try:
            found.append(home.version(number))
        except VersionError:  # a build that was ended left it
            continue
    return found[::-1]


def _asked(found: Iterable[Version]) -> Comparison | None:
    """Return what changed since the version asked for, or the one before; None for the first version."""
    current: int = g.served.version.number
    earlier = {each.number: each for each in found if each.number < current}
    text = request.args.get("since", "")
    since = whole_number(text) if text else max(earlier, default=None)
    if since in earlier:
        return compared(since)
    if since is None and not text:
        return None
    there_are = f"earlier ones kept here: {', '.join(map(str, sorted(earlier))) or 'none'}"
    raise UnknownEntityError(f"Version {text} is not one before version {current}; {there_are}.")


@remembered
def compared(since: int) -> Comparison:
    """Return what the served version has more and less than an earlier one."""
    old, new = g.served.home.version(since), g.served.version
    if all(each.counts.get("quads", SMALL) < SMALL for each in (old, new)):
        with dumped(old.store) as before, dumped(new.store) as after:
            difference = VersionDifference.of(changed_lines(before, after))
        return Comparison(since, difference.added, difference.removed, _classes(difference), whole=True)
    return _by_numbers(old, new)


def _classes(difference: VersionDifference) -> tuple[ClassChange, ...]:
    things = [iri for (kind, _), some in difference.things.items() if _is_named(kind) for iri in some]
    labels = labels_of(map(NamedNode, [*difference.classes, *things]))

    def named(kind: str, what: str) -> tuple[NamedThing, ...]:
        some = difference.things.get((kind, what), []) if _is_named(kind) else []
        return tuple(_named(iri, labels, known=what == ADDED) for iri in some)

    found = [
        ClassChange(
            kind, _label(kind, labels), counts[ADDED], counts[REMOVED], named(kind, ADDED), named(kind, REMOVED)
        )
        for kind, counts in difference.classes.items()
    ]
    return _ordered(found)


def _by_numbers(old: Version, new: Version) -> Comparison:
    first, second = Statistics.read(old.folder), Statistics.read(new.folder)
    if not first or not second:
        more = new.counts.get("quads", 0) - old.counts.get("quads", 0)
        return Comparison(old.number, max(more, 0), max(-more, 0), ())
    labels = labels_of(map(NamedNode, {*first.classes, *second.classes}))
    found = []
    for kind in {*first.classes, *second.classes}:
        more = second.classes.get(kind, 0) - first.classes.get(kind, 0)
        if more:
            found.append(ClassChange(kind, _label(kind, labels), max(more, 0), max(-more, 0)))
    quads = (each.triples + sum(each.graphs.values()) for each in (second, first))
    more = next(quads) - next(quads)
    return Comparison(old.number, max(more, 0), max(-more, 0), _ordered(found))


def _ordered(found: Iterable[ClassChange]) -> tuple[ClassChange, ...]:
    order = {kind.value: place for place, kind in enumerate(NAMED)}
    return tuple(
        sorted(found, key=lambda each: (order.get(each.iri, len(order)), -each.added - each.removed, each.iri))
    )


def _is_named(kind: str) -> bool:
    return NamedNode(kind) in NAMED


def _label(kind: str, labels: Mapping[Term, str]) -> str:
    return labels.get(NamedNode(kind)) or local(NamedNode(kind))


def _named(iri: str, labels: Mapping[Term, str], *, known: bool) -> NamedThing:
    label = labels.get(NamedNode(iri)) or local(NamedNode(iri)).replace("-", " ")
    return NamedThing(iri, label, address(NamedNode(iri)) if known else "")
