"""Groups of a page: incoming links by kind, and other panels, each as a page of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from graph.names import slug
from graph.vocabulary.ontology import superclasses
from server.display.asking import Page, Table, ask, kept_lists, question, remembered, rows_of
from server.display.listing import FIRST, MOST, ListRequest, facets, listed, pointing, sifted
from server.display.tables import Line, Mention, columns, lines, merged
from server.display.things import Thing
from server.display.words import Cell, local, plural
from server.pages.panels import Panel, covered, panel_for, panels_of

SIFTED = 12  # things of a list that can be searched
LONG = 100  # rows above which only one of several similar ones is shown


@dataclass(frozen=True)
class Group:
    """Things listed together: their number, and the page of them that is shown.

    If the list can be searched, `asked` is the request, `total` counts all things, `facets` counts them by mark, and
    `things` are those of the page.
    """

    panel: Panel
    name: str
    title: str
    count: int
    page: Page
    property: NamedNode | None = None
    kind: NamedNode | None = None
    things: tuple[NamedNode, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    listed: bool = True
    asked: ListRequest = FIRST
    total: int | None = None
    facets: tuple[tuple[str, int], ...] = ()

    def mentions(self) -> tuple[Mention, ...]:
        """The sources of any of it."""
        return merged(each for line in self.lines for each in line.mentions)

    def filled(self) -> list[str]:
        """Return the columns in which a line has something."""
        return [column for column in self.columns if any(line.cells[column] for line in self.lines)]

    def words(self, column: str) -> list[str]:
        """Return the different words of a column, in the order of the lines."""
        return list(dict.fromkeys(cell.words for line in self.lines for cell in line.cells.get(column, ())))

    def divided(self, column: str) -> list[tuple[tuple[Cell, ...], Group]]:
        """Return the group in parts that have the same cells in a column, in the order of their first lines."""
        parts: dict[tuple[Cell, ...], list[Line]] = {}
        for line in self.lines:
            parts.setdefault(line.cells[column], []).append(line)
        return [(cells, replace(self, lines=tuple(lines))) for cells, lines in parts.items()]


def groups(thing: Thing, size: int, asked: Mapping[str, ListRequest]) -> list[Group]:
    """Return the groups of a thing in order; `asked` has requests by group, without which it is the first page."""
    found = [paged(each, thing.iri, asked.get(each.name, FIRST)) for each in unfilled(thing, size)]
    return filled(found, thing.iri)


def paged(group: Group, entity: NamedNode, asked: ListRequest) -> Group:
    """Return a group with the page that is wanted of it; of one with an index also with the things on that page."""
    if group.panel.index and group.property and group.listed and (asked.sifts or group.count > SIFTED):
        every = listed(group.panel.index, entity, group.property)
        found = sifted(every, asked) if asked.sifts else every
        group = replace(group, asked=asked, facets=facets(every), count=len(found), total=len(every))
        page = replace(group.page, number=asked.page).within(group.count)
        things = tuple(NamedNode(each.thing) for each in found[page.start : page.start + page.size])
        return replace(group, page=page, things=things)
    return replace(group, page=replace(group.page, number=asked.page).within(group.count))


def whole(thing: Thing, name: str, size: int) -> Group | None:
    """Return a group of a thing by its name, not in pages but whole, if there is one that is listed."""
    found = [replace(each, page=Page(MOST)) for each in unfilled(thing, size) if each.name == name and each.listed]
    return next(iter(filled(found, thing.iri)), None)


def unfilled(thing: Thing, size: int) -> list[Group]:
    """Return the groups of a thing without their lines."""
    there = {kind for each in pointing(thing.iri, size) for kind in superclasses(each.kind)}
    suited = [each for each in panels_of(thing.kinds) if not each.needs or each.needs & there]
    found = [Group(panel, panel.name, panel.query.header["title"], 0, Page(size)) for panel in suited]
    return found + named(gathered(thing, size))


def filled(found: Sequence[Group], entity: NamedNode) -> list[Group]:
    """Return groups with their lines, in order, without those that have none."""
    tables = [(each, _table(each, entity)) for each in found if each.listed]
    shown = _with_lines([(each, table) for each, table in tables if table.rows or each.asked.sifts], entity)
    shown += [each for each in found if not each.listed]
    return sorted(shown, key=lambda each: (each.panel.order, each.title, each.name))


def gathered(thing: Thing, size: int) -> list[Group]:
    """Return the incoming links of a thing, a group for each panel and property; unlisted if there are too many."""
    found: dict[tuple[str, NamedNode, NamedNode], Group] = {}
    pointed = pointing(thing.iri, size)
    listed = sum(each.count for each in pointed) < MOST
    for each in (each for each in pointed if not covered(thing.kinds) & {*superclasses(each.kind)}):
        panel = panel_for(each.kind, thing.kinds)
        kind = panel.shows or each.kind
        title = panel.query.header["title"] if panel.shows else plural(local(each.kind)).capitalize()
        group = Group(panel, panel.name if panel.shows else slug(title), title, each.count, Page(size))
        group = replace(group, property=each.property, kind=kind, things=each.things, listed=listed)
        if before := found.get((panel.query.name, kind, each.property)):
            whole = len(before.things) == before.count and len(each.things) == each.count
            things = before.things + each.things if whole else ()
            group = replace(before, count=before.count + each.count, things=things)
        found[panel.query.name, kind, each.property] = group
    return list(found.values())


def named(groups: Sequence[Group]) -> list[Group]:
    """Disambiguate groups of equal name by their property."""
    names = [each.name for each in groups]
    return [
        replace(each, name=f"{each.name}-{slug(local(each.property))}", title=f"{each.title} ({local(each.property)})")
        if each.property and names.count(each.name) > 1
        else each
        for each in groups
    ]


def _table(group: Group, entity: NamedNode) -> Table:
    if group.property is None or group.kind is None:
        table = _whole(group.panel, entity)
        if not group.panel.repeats:
            return table
        most, keys = group.panel.repeats
        return shortened(table, most if len(table.rows) <= LONG else 1, keys)
    terms = (entity, group.property, group.kind)
    if group.total is not None:
        first = Page(group.page.size)
        return _page(group.panel.query.name, first, group.things, terms) if group.things else Table((), ())
    things = group.things if len(group.things) == group.count else ()
    return _page(group.panel.query.name, group.page, things, terms)


def shortened(table: Table, most: int, keys: tuple[str, ...]) -> Table:
    """Return the table without links in all but the first `most` of similar rows."""
    seen, rows = Counter[tuple[object, ...]](), []
    for row in table.rows:
        key = tuple(row.get(name) for name in keys)
        seen[key] += 1
        kept = {name: term for name, term in row.items() if name in keys or not isinstance(term, NamedNode)}
        rows.append(row if seen[key] <= most else kept)
    return replace(table, rows=tuple(rows))


@remembered
def _whole(panel: Panel, entity: NamedNode) -> Table:
    lists = kept_lists() if panel.kept else None
    kept = lists.table(panel.query, entity) if lists else None
    return ask(panel.query, entity=entity) if kept is None else rows_of(kept)


@remembered
def _page(panel: str, page: Page, things: tuple[NamedNode, ...], terms: tuple[NamedNode, ...]) -> Table:
    entity, prop, kind = terms
    return ask(question(f"panels/{panel}"), page, things, entity=entity, property=prop, kind=kind)


def _with_lines(tables: Sequence[tuple[Group, Table]], entity: NamedNode) -> list[Group]:
    shown = lines([table for _, table in tables], entity)
    return [
        replace(group, count=group.count or len(each), columns=columns(table, entity), lines=each)
        for (group, table), each in zip(tables, shown, strict=True)
    ]
