"""The page of a number: what it counts, its values, the checks, the calculation, and how to cite it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import g
from pyoxigraph import NamedNode

from graph.terms import CODE, Term
from server.checks.sentences import linked_parts
from server.display.amounts import DIMENSIONS, amount, is_whole, limits
from server.display.asking import Row, ask, remembered
from server.display.tables import Mention, cells_of, facts, mentions
from server.display.words import Cell, address, day
from server.formats.bibtex import miscellaneous
from server.pages.neighbors import PARTS, Neighbor, neighbors, picture
from server.views.catalog import View

NAMES = {
    "subject": "about",
    "track": "track",
    "mode": "mode of taking part",
    "country": "country",
    "country_as_printed": "country as printed",
    "stage": "stage of reviewing",
    "denominator": "share of the papers",
    "as_of": "as of",
    "condition": "condition",
    "qualifier": "precision",
}
ALIKE = ("stage", "denominator", "as_of", "condition")  # what values of one number have in common


@dataclass(frozen=True)
class Amount:
    """One value: how it reads, the number that holds it, its sources, how it was chosen or calculated, its limits."""

    iri: NamedNode
    words: str
    mentions: tuple[Mention, ...]
    preferred: bool
    because: str
    formula: str
    limits: str

    @property
    def href(self) -> str:
        """The address of its page."""
        return address(self.iri)


@dataclass(frozen=True)
class CheckLine:
    """An instance of a rule that compared the number."""

    href: str
    rule: Cell
    outcome: Cell
    parts: tuple[Cell, ...]
    arithmetic: str

    @property
    def contradicts(self) -> bool:
        """Whether the rule found a contradiction."""
        return self.outcome.term == CODE["outcome/contradicts"]


@dataclass(frozen=True)
class NumberPage:
    """A number: its own value, what it counts, all its values, other counts, neighbors, checks and calculations."""

    title: str
    own: Amount
    unit: str
    measure: Cell
    definition: str
    scope: tuple[tuple[str, Cell], ...]
    values: tuple[Amount, ...]
    otherwise: tuple[Amount, ...]
    years: tuple[Neighbor, ...]
    parts: tuple[Neighbor, ...]
    checks: tuple[CheckLine, ...]
    inputs: tuple[Amount, ...]
    results: tuple[Amount, ...]
    picture: tuple[View, dict[str, str]] | None

    @property
    def chosen(self) -> Amount:
        """The preferred value, or else its own."""
        return next((each for each in self.values if each.preferred), self.own)

    @property
    def others(self) -> tuple[Amount, ...]:
        """The values that sources print beside its own."""
        return tuple(each for each in self.values if each.iri != self.own.iri and not each.formula)

    @property
    def differs(self) -> bool:
        """Whether sources print different values."""
        return any(each.words != self.own.words for each in self.others)


@remembered
def number_page(iri: NamedNode) -> NumberPage:
    """Return what the page of a number shows."""
    scope = ask("number/scope", entity=iri).rows[0]
    cells, unit = cells_of(scope.values()), scope["unit"].value
    values, otherwise = _values(iri, unit)
    inputs, results = _calculations(iri)
    years, parts = neighbors(iri, scope)
    what = ", ".join(filter(None, (cells[scope["measure"]].words, limits(scope, cells, PARTS))))
    return NumberPage(
        title=f"{cells[scope['subject']].words}: {what}",
        own=next(each for each in values if each.iri == iri),
        unit="" if unit == "ratio" else unit,
        measure=cells[scope["measure"]],
        definition=scope["definition"].value if "definition" in scope else "",
        scope=_scope(scope, cells),
        values=values,
        otherwise=otherwise,
        years=years,
        parts=parts,
        checks=_checks(iri),
        inputs=inputs,
        results=results,
        picture=picture(scope, years),
    )


def _scope(row: Row, cells: Mapping[Term, Cell]) -> tuple[tuple[str, Cell], ...]:
    """Return what the number is about, and what limits it; only of an edition also that all tracks and modes count."""
    optional = DIMENSIONS[3:] if "series" in row else DIMENSIONS
    shown = [name for name in NAMES if name in row and not (name in optional and is_whole(row[name]))]
    return tuple((NAMES[name], cells[row[name]]) for name in shown)


def _values(iri: NamedNode, unit: str) -> tuple[tuple[Amount, ...], tuple[Amount, ...]]:
    """Return the values of a number, its own among them, and those that are counted at another stage or day."""
    rows = facts(ask("number/values", entity=iri))
    own = next(each[0] for each in rows if each[0]["thing"] == iri)
    cells = cells_of({row[name] for each in rows for row in each for name in ALIKE if name in row})
    alike = [each for each in rows if _is_alike(own, each[0])]
    others = [each for each in rows if each not in alike]
    return tuple(_amount(each, unit, cells) for each in alike), tuple(_amount(each, unit, cells) for each in others)


def _is_alike(own: Row, other: Row) -> bool:
    """Return whether two values are of one number; a calculated one has no stage and may have no denominator."""
    is_derived = "formula" in own or "formula" in other
    names = [name for name in ALIKE if name in own and name in other] if is_derived else ALIKE
    return all(own.get(name) == other.get(name) for name in names)


def _amount(rows: list[Row], unit: str, cells: Mapping[Term, Cell]) -> Amount:
    first = rows[0]
    printed = next((row["printed"].value for row in rows if "printed" in row), "")

    def text(name: str) -> str:
        return first[name].value if name in first else ""

    return Amount(
        iri=NamedNode(first["thing"].value),
        words=amount(first["value"].value, unit, printed, rounded="formula" in first),
        mentions=tuple(mentions(rows)),
        preferred=text("preferred") == "true",
        because=text("because"),
        formula=text("formula"),
        limits=limits(first, cells, ALIKE) if cells else text("name").partition(":")[0],
    )


def _checks(iri: NamedNode) -> tuple[CheckLine, ...]:
    rows = ask("number/checks", entity=iri).rows
    cells = cells_of({row[name] for row in rows for name in ("outcome", "rule")})
    found = (
        CheckLine(
            href=address(NamedNode(row["thing"].value)),
            rule=replace(cells[row["rule"]], words=row["rule_label"].value),
            outcome=cells[row["outcome"]],
            parts=linked_parts(row["sentence"].value),
            arithmetic=row["arithmetic"].value if "arithmetic" in row else "",
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: not each.contradicts))


def _calculations(iri: NamedNode) -> tuple[tuple[Amount, ...], tuple[Amount, ...]]:
    """Return the numbers from which a number is calculated, and those that are calculated from it."""
    found = [(each[0]["is_input"].value, each) for each in facts(ask("number/calculation", entity=iri))]
    made = [(is_input, _amount(rows, rows[0]["unit"].value, {})) for is_input, rows in found]
    inputs = tuple(each for is_input, each in made if is_input == "true")
    return inputs, tuple(each for is_input, each in made if is_input != "true")


@dataclass(frozen=True)
class NumberCitation:
    """How to cite a number, in a sentence and as BibTeX."""

    sentence: str
    bibtex: str


def citation(found: NumberPage) -> NumberCitation:
    """Return how to cite a number: its source, and the version of the graph."""
    version, place = g.served.version, found.own.iri.value
    head = f"{found.title}: {' '.join(filter(None, (found.own.words, found.unit)))}"
    said = "; ".join(map(_said, found.own.mentions))
    source = f"Calculated from {said}: {found.own.formula}" if found.own.formula else said
    data = f"Convocation, version {version.number} of the graph, {day(version.built[:10])}"
    key = "-".join(found.own.href.rpartition("/page/")[2].split("/")[1:])
    fields = {"title": head, "note": source, "howpublished": data, "year": version.built[:4], "url": place}
    return NumberCitation(f"{head}. {source}. In: {data}. {place}", miscellaneous(key, fields))


def _said(each: Mention) -> str:
    if not each.places:
        return each.name
    return f"{each.name}, line{'s' if each.is_plural else ''} {', '.join(place.lines for place in each.places)}"
