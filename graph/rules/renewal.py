"""Updates the findings of rules after a change: a rule whose query lists a parameter runs only at affected terms."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from graph.names import Names, code
from graph.rules.examination import Examined, examine_at
from graph.rules.findings import Counted, Findings, first
from graph.rules.rule import Rule, rules
from graph.store.embedded import EmbeddedStore
from graph.store.writable import WritableStore
from graph.terms import CVN, RDF, RDFS, Triple
from graph.validate.affected import AffectedTerms

Told = Mapping[NamedNode, list[Triple]]


@dataclass(frozen=True)
class Transition:
    """Two stores and the quads that differ between them, or more."""

    before: EmbeddedStore
    after: EmbeddedStore
    quads: Sequence[Quad]


@dataclass(frozen=True)
class IncrementalFindings:
    """The findings before and after a change of quads; `old` has stored triples by rule and subject."""

    before: Findings
    after: Findings
    old: Mapping[NamedNode, Told]
    changed: Sequence[Quad]

    @classmethod
    def of(cls, before: Findings, after: Findings, changed: Sequence[Quad]) -> "IncrementalFindings":
        """Return what is to be renewed; the store of `before` holds what was found then."""
        graph = before.names.graph("findings")
        by_subject: dict[NamedNode, list[Triple]] = defaultdict(list)
        for triple in before.store.stating_in(graph):
            by_subject[triple.subject].append(triple)
        old: dict[NamedNode, dict[NamedNode, list[Triple]]] = defaultdict(dict)
        for subject, triples in by_subject.items():
            rule = next((each.object for each in triples if each.predicate == CVN.rule), subject)
            old[rule][subject] = triples  # type: ignore[index]
        return cls(before, after, old, changed)

    def triples(self) -> Iterator[Triple]:
        """Yield the graph of findings; raise QueryError if a rule is not written as one."""
        for rule in rules():
            found = self.renewed(rule)
            yield from self.after.of(rule) if found is None else found

    def renewed(self, rule: Rule) -> list[Triple] | None:
        """Return what is said of a rule, or None where it is to be examined again."""
        focus, old = AffectedTerms.of(rule.query), self.old.get(self.after.names.id("rule", rule.name))
        if focus is None or old is None or self.before.counted != self.after.counted:
            return None
        terms = focus.reached((self.before.store, self.after.store), self.changed)
        if terms is None:
            return None
        gone = self.before.named(examine_at(self.before.store, rule, terms))
        come = self.after.named(examine_at(self.after.store, rule, terms))
        instances = self._instances(old, gone, come)
        if instances is None:
            return None
        counts = _counts(old)
        counts.subtract(self.before.counts(gone.values()))
        counts.update(self.after.counts(come.values()))
        tallies = self.after.tallies(rule, {key: count for key, count in counts.items() if count})
        return [*self.after.about(rule), *instances, *tallies]

    def _instances(
        self, old: Told, gone: Mapping[NamedNode, Examined], come: Mapping[NamedNode, Examined]
    ) -> list[Triple] | None:
        """Return the triples of the instances, or None if instances outside the stored sample would be needed."""
        counts, found = _counts(old), list[Triple]()
        stored, new = _by_outcome(old), defaultdict[NamedNode, set[NamedNode]](set)
        for iri, each in come.items():
            new[code("outcome", each.outcome)].add(iri)
        for outcome in stored.keys() | new.keys():
            stay = stored[outcome] - gone.keys()
            if counts[outcome, None] > len(stored[outcome]) and stored[outcome] - stay - new[outcome]:
                return None  # one outside the sample takes its place
            if any(self._names_relabeled(old[iri]) for iri in stay):
                return None
            for iri in first(outcome, stay | new[outcome]):
                found += self.after.triples_of(iri, come[iri]) if iri in come else old[iri]
        return found

    def _names_relabeled(self, triples: Iterable[Triple]) -> bool:
        texts = [each.object.value for each in triples if isinstance(each.object, Literal)]
        return any(label in text for text in texts for label in self._old_labels)

    @cached_property
    def _old_labels(self) -> frozenset[str]:
        """The labels of things that are called otherwise now."""
        things = {
            each.subject for each in self.changed if each.predicate == RDFS.label and each.graph_name == DefaultGraph()
        }
        named = (each for each in things if isinstance(each, NamedNode))
        return frozenset(old for each in named if (old := self.before.label(each)) != self.after.label(each))


def _by_outcome(old: Told) -> dict[NamedNode, set[NamedNode]]:
    found = defaultdict[NamedNode, set[NamedNode]](set)
    for iri, triples in old.items():
        for each in triples:
            if each.predicate == CVN.outcome and isinstance(each.object, NamedNode) and not _is_tally(triples):
                found[each.object].add(iri)
    return found


def _is_tally(triples: Iterable[Triple]) -> bool:
    return any(each.predicate == RDF.type and each.object == CVN.Tally for each in triples)


def _counts(old: Told) -> Counter[Counted]:
    counts = Counter[Counted]()
    for triples in filter(_is_tally, old.values()):
        said = {each.predicate: each.object for each in triples}
        thing = said.get(CVN.concerns)
        outcome = said[CVN.outcome]
        assert isinstance(outcome, NamedNode)  # noqa: S101 - as Findings writes it
        counts[outcome, thing if isinstance(thing, NamedNode) else None] = int(said[CVN.count].value)
    return counts


def examine(store: WritableStore, names: Names, change: Transition | None = None) -> set[Quad]:
    """Bring the graph of findings up to date, only where a known change reaches; return the quads that came or went."""
    # The store on disk is queried, not a copy in memory: lists in sentences come in its order, the same each time
    graph, after = names.graph("findings"), Findings(store.reading(), names)
    found = after if change is None else IncrementalFindings.of(Findings(change.before, names), after, change.quads)
    fresh = {Quad(*each, graph) for each in found.triples()}
    old = set(store.quads(graph.value))
    store.replace(old - fresh, fresh - old)
    store.flush()
    return old ^ fresh
