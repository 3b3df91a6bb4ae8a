"""Runs rules over a graph: one result for each instance that a rule examines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from graph.errors import QueryError
from graph.rules.rule import Row, Rule
from graph.store import Store, select
from graph.system.streams import batches
from graph.terms import Term

CONTRADICTS, HOLDS = "contradicts", "holds"
BLOCK = 300  # terms in one query: the engine joins many badly
MANY = 1000


@dataclass(frozen=True)
class Examined:
    """One instance of a rule: the outcome, and what the row says of it."""

    rule: Rule
    row: Row

    @property
    def outcome(self) -> str:
        """Whether it contradicts the rule, is explained, calls for caution, or holds."""
        return self.row["outcome"].value

    @property
    def severity(self) -> str:
        """How much a contradiction matters; the row may say otherwise than the rule."""
        return self.row["severity"].value if "severity" in self.row else self.rule.said("severity")

    @property
    def involves(self) -> tuple[NamedNode, ...]:
        """The numbers, facts and statements that were compared."""
        return self._things("involves")

    @property
    def concerns(self) -> tuple[NamedNode, ...]:
        """The things on whose pages it appears."""
        return self._things("concerns")

    def _things(self, key: str) -> tuple[NamedNode, ...]:
        found = (self.row[column] for column in self.rule.columns(key) if column in self.row)
        # a literal holds several IRIs, parted by spaces, which no IRI has in it
        return tuple(dict.fromkeys(NamedNode(each) for term in found for each in term.value.split()))


def examine(store: Store, rules: Iterable[Rule]) -> Iterator[Examined]:
    """Yield every instance that rules examine; raise QueryError if a query gives no rows or no outcome."""
    for rule in rules:
        yield from _judged(store, rule, rule.query.bind())


def examine_at(store: Store, rule: Rule, terms: Iterable[Term]) -> Iterator[Examined]:
    """Yield the instances of a rule at some terms of the listed parameter; raise QueryError as `examine` does."""
    (name,) = rule.query.listed
    for some in batches(terms, BLOCK):
        yield from _judged(store, rule, rule.query.bind(**{name: some}))


def _judged(store: Store, rule: Rule, text: str) -> Iterator[Examined]:
    for row in judged(store, rule, _rows(store, rule, text)):
        if "outcome" not in row:
            raise QueryError(f"The rule {rule.name} gives a row without ?outcome; let its query bind it.")
        yield Examined(rule, row)


def judged(store: Store, rule: Rule, rows: list[Row]) -> Iterable[Row]:
    """Return the rows of a rule as its judge decides, if it has one; a query beside that is asked of what rows name."""
    judge, further = rule.judge, rule.further
    if judge is None:
        return rows
    if further is None:
        return judge(rows)  # type: ignore[call-arg]
    return judge(rows, lambda term: next(iter(_rows(store, rule, further.bind(term=term))), {}))  # type: ignore[call-arg]


def _rows(store: Store, rule: Rule, text: str) -> list[Row]:
    same = lru_cache(maxsize=MANY)(lambda term: term)  # a term of many rows is kept once
    rows = select(store, text, f"The rule {rule.name}")
    return [{name: same(term) for name, term in row.items()} for row in rows]
