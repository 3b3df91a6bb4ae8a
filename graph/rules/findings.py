"""The graph of findings: rules, up to FOUND instances that do not hold and HELD that do of each, and tallies of all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from heapq import nsmallest

from pyoxigraph import DefaultGraph, Literal, NamedNode

from graph.files import QUERIES
from graph.model.finding import Check, ConsistencyRule, Finding, Tally
from graph.names import Names, code, digest
from graph.query import read_query
from graph.rules.examination import CONTRADICTS, HOLDS, Examined, examine
from graph.rules.rule import Rule, rules
from graph.rules.sentences import Sentences
from graph.store import select
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, RDFS, XSD, Term, Triple
from graph.vocabulary.codes import codes

FOUND, HELD = 1000, 100
PLACES = 10  # of a quotient: engines keep 15 to 24, each another number
Counted = tuple[NamedNode, NamedNode | None]  # an outcome, and an edition or source, or none for all


@dataclass(frozen=True)
class Findings:
    """The findings of the rules in a store."""

    store: EmbeddedStore
    names: Names

    def triples(self) -> Iterator[Triple]:
        """Yield the graph of findings; raise QueryError if a rule is not written as one."""
        for rule in rules():
            yield from self.of(rule)

    def of(self, rule: Rule) -> Iterator[Triple]:
        """Yield what the graph of findings says of a rule; raise QueryError if it is not written as one."""
        yield from self.about(rule)
        examined = self.named(examine(self.store, [rule]))
        for iri in kept(examined):
            yield from self.triples_of(iri, examined[iri])
        yield from self.tallies(rule, self.counts(examined.values()))

    def named(self, instances: Iterable[Examined]) -> dict[NamedNode, Examined]:
        """Return instances by their IRIs."""
        return {self._iri(each): each for each in sorted(instances, key=_order, reverse=True)}

    def about(self, rule: Rule) -> Iterator[Triple]:
        """Yield what is said of a rule itself."""
        yield from self._rule(rule).triples()

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
        kind = "finding" if each.outcome == CONTRADICTS else "check"
        return self.names.id(kind, each.rule.name, digest(*things, length=12))

    def triples_of(self, iri: NamedNode, each: Examined) -> Iterator[Triple]:
        """Yield what is said of an instance."""
        found = Check(
            iri=iri,
            label=f"{each.rule.said('label')}: {self._words.title(each)}",
            rule=self.names.id("rule", each.rule.name),
            outcome=code("outcome", each.outcome),
            sentence=self._words.sentence(each),
            arithmetic=self._words.arithmetic(each) or None,
            expected=_rounded(each.row.get("expected")),
            found=each.row.get("found"),
            involves=each.involves,
            concerns=each.concerns,
        )
        if each.outcome == CONTRADICTS:
            yield Triple(iri, RDF.type, CVN.Check)
            found = Finding(**vars(found), severity=code("severity", each.severity))
        yield from found.triples()

    def counts(self, examined: Iterable[Examined]) -> Counter[Counted]:
        """Return how many instances have each outcome, in all and by the edition or source that they concern."""
        found = Counter[Counted]()
        for each in examined:
            tallied = [thing for thing in each.concerns if thing in self.counted]
            found.update((code("outcome", each.outcome), thing) for thing in (None, *tallied))
        return found

    def tallies(self, rule: Rule, counts: Mapping[Counted, int]) -> Iterator[Triple]:
        """Yield the tallies of a rule."""
        for (outcome, thing), count in counts.items():
            where = self.names.path(thing) if thing else "all"
            yield from Tally(
                iri=self.names.id("tally", rule.name, digest(outcome.value.rpartition("/")[2], where, length=12)),
                rule=self.names.id("rule", rule.name),
                outcome=outcome,
                count=count,
                concerns=thing,
            ).triples()

    @cached_property
    def counted(self) -> frozenset[NamedNode]:
        """The editions and sources, for each of which there is a tally."""
        rows = select(self.store, read_query(QUERIES / "findings" / "counted.rq").text)
        return frozenset(row["thing"] for row in rows if isinstance(row["thing"], NamedNode))

    def label(self, thing: NamedNode) -> str:
        """Return what a thing is called in the resolved view, its IRI where it has no name."""
        if thing not in self._known:
            view = [each for each in self.store.quads(thing) if isinstance(each.graph_name, DefaultGraph)]
            labels = [each.object.value for each in map(Triple.of, view) if each.predicate == RDFS.label]
            self._known[thing] = min(labels, default=thing.value)
        return self._known[thing]

    @cached_property
    def _known(self) -> dict[NamedNode, str]:
        return {}

    @cached_property
    def _words(self) -> Sentences:
        return Sentences(self.label)


def _order(each: Examined) -> list[tuple[str, int, str]]:
    """Return the sorting key of an instance: a thing on several lines counts as on the first."""
    return [(name, len(term.value), term.value) for name, term in sorted(each.row.items())]


def kept(examined: Mapping[NamedNode, Examined]) -> Iterator[NamedNode]:
    """Yield the instances to keep, the same ones in every build."""
    by_outcome = defaultdict[NamedNode, list[NamedNode]](list)
    for iri, each in examined.items():
        by_outcome[code("outcome", each.outcome)].append(iri)
    for outcome, iris in by_outcome.items():
        yield from first(outcome, iris)


def first(outcome: NamedNode, iris: Iterable[NamedNode]) -> list[NamedNode]:
    """Return the instances with an outcome that are kept."""
    return nsmallest(HELD if outcome == code("outcome", HOLDS) else FOUND, iris, key=str)


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
    found = ", ".join(f"{count} {words}" for outcome, words in codes("outcome").items() if (count := counts[outcome]))
    return f"{rules} rules, {counts.total()} instances: {found or 'none'}"


def _rounded(term: Term | None) -> Term | None:
    """Return a term, a decimal with as many places as every engine keeps."""
    if not isinstance(term, Literal) or term.datatype != XSD.decimal:
        return term
    return Literal(f"{round(Decimal(term.value), PLACES).normalize():f}", datatype=XSD.decimal)
