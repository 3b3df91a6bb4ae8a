"""The panels of a page: queries in `queries/panels/` that tell some things as a table.

The header of a panel says which class of things it `shows`, of which classes of thing it is (`of`, else of any), its
`order` (below 10 it stands before what is said of the thing), and its form (`as`, the name of a template in
`templates/entity/forms/`). A panel that shows no class is asked on every page it suits, or where it `needs` things of
some classes on those to which such point; what it `covers` is not told again. Of rows that are alike in some columns
so many are `told` as the header says (one in a long table), and the others counted. One with an `index` (a query of
`graph/queries/lists/`) can be searched. One that takes long on the page of a thing to which much points is a file in
that folder itself, so that its answer is kept with the version. To add a panel, add a file.
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
    """A query that tells some things, and where it belongs."""

    query: Query
    kept: bool = False
    """Whether its answer may be kept with the version."""

    @property
    def name(self) -> str:
        """What the panel is called in addresses."""
        return self.query.name.partition("-")[2]

    @property
    def shows(self) -> NamedNode | None:
        """The class of the things it tells."""
        name = self.query.header.get("shows")
        return expanded(name) if name else None

    @property
    def form(self) -> str:
        """How it is told: the name of a template, such as table or timeline."""
        return self.query.header.get("as", "table")

    @property
    def covers(self) -> frozenset[NamedNode]:
        """The classes of things that it tells though it does not show them one by one."""
        return frozenset(map(expanded, self.query.header.get("covers", "").split()))

    @property
    def needs(self) -> frozenset[NamedNode]:
        """The classes of things of which one must point to the thing of the page, if it names any."""
        return frozenset(map(expanded, self.query.header.get("needs", "").split()))

    @property
    def told(self) -> tuple[int, tuple[str, ...]] | None:
        """How many rows with the same terms in some columns are told; of the others nothing is, but that they are."""
        most, *keys = self.query.header.get("told", "").split() or [""]
        return (int(most), tuple(keys)) if most else None

    @property
    def index(self) -> str:
        """The query that lists the things, where there may be too many to sort for each page, or nothing."""
        return self.query.header.get("index", "")

    @property
    def order(self) -> int:
        """Its place on a page."""
        return int(self.query.header.get("order", "500"))

    @property
    def is_for_others(self) -> bool:
        """Whether it tells the things of all classes without a panel."""
        return self.query.name == OTHERS

    def suits(self, kinds: tuple[NamedNode, ...]) -> bool:
        """Return whether the panel belongs on the page of a thing of some classes."""
        of = self.query.header.get("of", "").split()
        return not of or any(expanded(name) in kinds for name in of)


@cache
def panels() -> tuple[Panel, ...]:
    """Return the panels, by their order."""
    kept = [Panel(query, kept=True) for query in read_queries(LISTS) if "of" in query.header]
    found = [Panel(query) for query in read_queries(QUERIES / "panels")]
    return tuple(sorted([*found, *kept], key=lambda each: (each.order, each.query.name)))


def panels_of(kinds: tuple[NamedNode, ...]) -> list[Panel]:
    """Return the panels that are asked on every page of a thing of some classes."""
    return [each for each in panels() if each.shows is None and not each.is_for_others and each.suits(kinds)]


def covered(kinds: tuple[NamedNode, ...]) -> frozenset[NamedNode]:
    """Return the classes of things that the panels of a page tell among others."""
    return frozenset(kind for each in panels_of(kinds) for kind in each.covers)


def panel_for(shown: NamedNode, kinds: tuple[NamedNode, ...]) -> Panel:
    """Return the panel that tells things of a class on the page of a thing.

    It is the one for the most particular class, and of those first the one made for this page.
    """
    suited = sorted((each for each in panels() if each.suits(kinds)), key=lambda each: "of" not in each.query.header)
    for kind in superclasses(shown):
        for panel in suited:
            if panel.shows == kind:
                return panel
    return next(each for each in suited if each.is_for_others)
