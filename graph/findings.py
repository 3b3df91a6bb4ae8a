"""The graph of findings: the rules, what they examined with which outcome, and how often.

Every finding is kept up to FOUND of each rule, and the first HELD of the other instances as examples; the tallies count
all of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions

from graph.codes import codes
from graph.errors import QueryError
from graph.files import QUERIES
from graph.model.finding import Check, ConsistencyRule, Finding, Tally
from graph.names import Names, code, digest
from graph.query import read_query
from graph.rules.examination import FAILS, Examined, examine
from graph.rules.rule import Rule, rules
from graph.rules.sentences import Sentences
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, RDFS, Term, Triple

FOUND, HELD = 1000, 100


@dataclass(frozen=True)
class Findings:
    """What the rules find in a store whose IRIs have some names."""

    store: EmbeddedStore
    names: Names

    def triples(self) -> Iterator[Triple]:
        """Yield the graph of findings.

        Raises:
            QueryError: a rule is not written as one.
        """
        for rule in rules():
            yield from self._rule(rule).triples()
            examined = {self._iri(each): each for each in sorted(examine(self.store, [rule]), key=_order, reverse=True)}
            for iri in _kept(examined):
                yield from self._told(iri, examined[iri])
            yield from self._tallies(rule, examined.values())

    def _rule(self, rule: Rule) -> ConsistencyRule:
        return ConsistencyRule(
            iri=self.names.id("rule", rule.name),
            label=rule.said("label"),
            explanation=rule.said("explanation"),
            formula=rule.said("formula"),
            severity=code("severity", rule.said("severity")),
            query_text=rule.text,
            order=int(rule.said("order")),
        )

    def _iri(self, each: Examined) -> NamedNode:
        """Return the IRI of an instance, which depends on the things that were compared alone."""
        things = sorted(self.names.path(thing) for thing in each.involves or each.concerns)
        kind = "finding" if each.outcome == FAILS else "check"
        return self.names.id(kind, each.rule.name, digest(*things, length=12))

    def _told(self, iri: NamedNode, each: Examined) -> Iterator[Triple]:
        told = Check(
            iri=iri,
            label=f"{each.rule.said('label')}: {self._words.title(each)}",
            rule=self.names.id("rule", each.rule.name),
            outcome=code("outcome", each.outcome),
            sentence=self._words.sentence(each),
            arithmetic=self._words.arithmetic(each) or None,
            expected=each.row.get("expected"),
            found=each.row.get("found"),
            involves=each.involves,
            concerns=each.concerns,
        )
        if each.outcome == FAILS:
            yield Triple(iri, RDF.type, CVN.Check)
            told = Finding(**vars(told), severity=code("severity", each.severity))
        yield from told.triples()

    def _tallies(self, rule: Rule, examined: Iterable[Examined]) -> Iterator[Triple]:
        counts = Counter[tuple[str, NamedNode | None]]()
        for each in examined:
            counts.update((each.outcome, thing) for thing in (None, *self._tallied(each)))
        for (outcome, thing), count in counts.items():
            where = self.names.path(thing) if thing else "all"
            yield from Tally(
                iri=self.names.id("tally", rule.name, digest(outcome, where, length=12)),
                rule=self.names.id("rule", rule.name),
                outcome=code("outcome", outcome),
                count=count,
                concerns=thing,
            ).triples()

    def _tallied(self, each: Examined) -> Iterator[NamedNode]:
        return (thing for thing in each.concerns if thing in self._counted)

    @cached_property
    def _counted(self) -> frozenset[NamedNode]:
        """The editions and sources, for each of which there is a tally."""
        results = self.store.query(read_query(QUERIES / "findings" / "counted.rq").text)
        if not isinstance(results, QuerySolutions):
            raise QueryError("findings/counted.rq gives no rows; make it a SELECT query.")
        return frozenset(row["thing"] for row in results if isinstance(row["thing"], NamedNode))

    @cached_property
    def _words(self) -> Sentences:
        known: dict[NamedNode, str] = {}

        def label(thing: NamedNode) -> str:
            if thing not in known:
                view = [each for each in self.store.quads(thing) if isinstance(each.graph_name, DefaultGraph)]
                labels = [each.object.value for each in map(Triple.of, view) if each.predicate == RDFS.label]
                known[thing] = min(labels, default=thing.value)
            return known[thing]

        return Sentences(label)


def _order(each: Examined) -> list[tuple[str, int, str]]:
    """Return the sorting key of an instance: a thing that stands on several lines is told by the first."""
    return [(name, len(term.value), term.value) for name, term in sorted(each.row.items())]


def _kept(examined: dict[NamedNode, Examined]) -> Iterator[NamedNode]:
    """Yield the instances that are told, the same ones in every build."""
    by_outcome = defaultdict[str, list[NamedNode]](list)
    for iri in sorted(examined, key=str):
        by_outcome[examined[iri].outcome].append(iri)
    for outcome, iris in by_outcome.items():
        yield from iris[: FOUND if outcome == FAILS else HELD]


def summary(graph: Iterable[Triple]) -> str:
    """Return in words how many instances the rules of a graph of findings examined, and how they came out."""
    said = defaultdict[NamedNode, dict[NamedNode, Term]](dict)
    for triple in graph:
        said[triple.subject][triple.predicate] = triple.object
    counts = Counter[str]()
    for each in said.values():
        if CVN.count in each and CVN.concerns not in each:
            counts[each[CVN.outcome].value.rpartition("/")[2]] += int(each[CVN.count].value)
    rules = sum(CVN.formula in each for each in said.values())
    told = ", ".join(f"{count} {words}" for outcome, words in codes("outcome").items() if (count := counts[outcome]))
    return f"{rules} rules, {counts.total()} instances: {told or 'none'}"
