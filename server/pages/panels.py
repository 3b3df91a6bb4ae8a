"""The panels of a page: queries in `queries/panels/`, each shown as a table. To add a panel, add a file.

The header of a panel names the class of things that it `shows`, the classes of its pages (`of`, else all), its `order`
(below 10: before the properties of the thing), and its form (`as`, a template in `templates/entity/forms/`). A panel
without `shows` appears on every page of these classes, or only if things of a class in `needs` point to the thing.
Things of the classes it `covers` are not listed again. Of rows with equal values in some columns, `repeats`
are shown (one in a long table); the rest are counted. A panel with an `index`, a query of `graph/queries/lists/`,
can be searched. Panels that are slow for heavily linked things live in that folder, so that their answers are stored
with the version.
"""

from dataclasses import dataclass
from functools import cache

from pyoxigraph import NamedNode

from graph import files
from graph.query import Query, read_queries
from graph.terms import expanded
from graph.vocabulary.ontology import superclasses
from server.display.asking import QUERIES

LISTS = files.QUERIES / "lists"
OTHERS = "thing-others"


@dataclass(frozen=True)
class Panel:
    """A query that lists things, and how its header says to show it; `kept`: its answer may be stored with the version.

    `name` is that in URLs; `shows`, `covers` and `needs` are classes; `index` is a query, empty without one; `order` is
    the place on a page.
    """

    query: Query
    kept: bool
    name: str
    shows: NamedNode | None
    form: str
    covers: frozenset[NamedNode]
    needs: frozenset[NamedNode]
    repeats: tuple[int, tuple[str, ...]] | None
    index: str
    order: int

    @property
    def is_for_others(self) -> bool:
        """Whether it lists the things of all classes without a panel of their own."""
        return self.query.name == OTHERS

    def suits(self, kinds: tuple[NamedNode, ...]) -> bool:
        """Return whether the panel belongs on the page of a thing of some classes."""
        of = self.query.header.get("of", "").split()
        return not of or any(expanded(name) in kinds for name in of)


def read_panel(query: Query, *, kept: bool = False) -> Panel:
    """Return the panel of a query."""

    def classes(key: str) -> frozenset[NamedNode]:
        return frozenset(map(expanded, query.header.get(key, "").split()))

    most, *keys = query.header.get("repeats", "").split() or [""]
    return Panel(
        query,
        kept,
        name=query.name.partition("-")[2],
        shows=next(iter(classes("shows")), None),
        form=query.header.get("as", "table"),
        covers=classes("covers"),
        needs=classes("needs"),
        repeats=(int(most), tuple(keys)) if most else None,
        index=query.header.get("index", ""),
        order=int(query.header.get("order", "500")),
    )


@cache
def panels() -> tuple[Panel, ...]:
    """Return the panels, by their order."""
    kept = [read_panel(query, kept=True) for query in read_queries(LISTS) if "of" in query.header]
    found = [read_panel(query) for query in read_queries(QUERIES / "panels")]
    return tuple(sorted([*found, *kept], key=lambda each: (each.order, each.query.name)))


def panels_of(kinds: tuple[NamedNode, ...]) -> list[Panel]:
    """Return the panels of every page of a thing of some classes."""
    return [each for each in panels() if each.shows is None and not each.is_for_others and each.suits(kinds)]


def covered(kinds: tuple[NamedNode, ...]) -> frozenset[NamedNode]:
    """Return the classes of things that the panels of a page cover."""
    return frozenset(kind for each in panels_of(kinds) for kind in each.covers)


def panel_for(shown: NamedNode, kinds: tuple[NamedNode, ...]) -> Panel:
    """Return the panel that lists things of a class on the page of a thing.

    It is the one for the most particular class, and of those first the one made for this page.
    """
    suited = sorted((each for each in panels() if each.suits(kinds)), key=lambda each: "of" not in each.query.header)
    for kind in superclasses(shown):
        for panel in suited:
            if panel.shows == kind:
                return panel
    return next(each for each in suited if each.is_for_others)
