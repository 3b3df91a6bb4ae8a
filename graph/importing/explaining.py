"""Why an authorship is of a person, why namesakes are apart, and which persons somebody should look at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import combinations, islice

from graph.curated.decisions import PlacedDecision
from graph.errors import SettingError, quoted
from graph.identity.decisions import references
from graph.identity.evidence import CURATED, KINDS, Evidence
from graph.identity.groups import AuthorGroup
from graph.identity.mentions import Mention
from graph.identity.names import Namesakes
from graph.identity.rule import RARE, identifying
from graph.importing.deciding import ImportedPeople
from graph.names import slug
from graph.vocabulary.codes import codes
from graph.vocabulary.identifiers import schemes

CERTAIN, STRONG, WEAK = "certain", "strong", "weak"
SURE = {"decision", "curated-document", "verified-identifier", "assigned-identifier"}
UNSURE = {"rare-name", "rare-name-other-form"}  # kinds of evidence that name nothing in common but the name
ELSEWHERE, ALIKE = 0.5, 0.5  # the score of people without a series in common, and of a name in another form
LOOKED_AT = 20  # pairs for each that is asked for, among which are the best


@dataclass(frozen=True)
class ExplainedAuthorship:
    """An authorship with the reasons why it is of its person, and how strong the strongest is."""

    authorship: str
    name: str
    affiliations: tuple[str, ...]
    evidence: tuple[str, ...]
    strength: str


@dataclass(frozen=True)
class ExplainedPerson:
    """A person with the authorships, and each namesake with the reason why it is another person."""

    person: str
    names: tuple[str, ...]
    authorships: tuple[ExplainedAuthorship, ...]
    namesakes: dict[str, str]


@dataclass(frozen=True)
class IdentityCandidate:
    """Two persons who may be `one`, or a person and an authorship who may be `two`; the score is between 0 and 1."""

    may_be: str
    persons: tuple[str, str]
    score: float
    evidence: tuple[str, ...]

    @property
    def record(self) -> dict[str, object]:
        """The candidate as JSON has it."""
        return asdict(self)


def strength(evidence: Iterable[Evidence]) -> str:
    """Return how strong the strongest evidence is; an authorship without any is the first of its person."""
    kinds = {_strength(each) for each in evidence}
    return next((each for each in (CERTAIN, STRONG, WEAK) if each in kinds), "")


def _strength(evidence: Evidence) -> str:
    if evidence.kind in SURE:
        return CERTAIN
    return WEAK if evidence.kind in UNSURE else STRONG


def _words(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    return tuple(f"{codes(KINDS)[each.kind]}: {each.value}" for each in evidence)


@dataclass(frozen=True)
class Explanations:
    """The persons of a version, explained; `decisions` are those that apply."""

    people: ImportedPeople
    decisions: tuple[PlacedDecision, ...]

    @cached_property
    def bearers(self) -> dict[str, set[str]]:
        """The paths of the persons who bear each name, by its slug."""
        found: dict[str, set[str]] = defaultdict(set)
        for path, mentions in self.people.persons.items():
            for each in mentions:
                found[slug(each.name)].add(path)
        return found

    @cached_property
    def apart(self) -> set[frozenset[str]]:
        """The pairs of persons who are different by a decision."""
        holders: dict[str, set[str]] = defaultdict(set)
        wanted = {one for each in self.decisions for group in each.decision.groups for one in group}
        for path, mentions in self.people.persons.items() if wanted else ():
            for reference in wanted.intersection(one for each in mentions for one in references(each)):
                holders[reference].add(path)
        return {
            frozenset((one, other))
            for placed in self.decisions
            for some, others in combinations(placed.decision.different or (), 2)
            for one in set[str]().union(*(holders[each] for each in some))
            for other in set[str]().union(*(holders[each] for each in others))
        }

    def explain(self, given: str) -> list[ExplainedPerson]:
        """Return the persons that a path, a reference or a name is of; raise SettingError if there is none."""
        paths = {given} & self.people.persons.keys() or self.people.paths(given) or self.bearers.get(slug(given), set())
        if not paths:
            hint = "give a name as printed, or the path of a person"
            raise SettingError(f"No imported paper has an author {quoted(given)}; {hint}.")
        return [self._person(each) for each in sorted(paths)]

    def _person(self, path: str) -> ExplainedPerson:
        mentions = sorted(self.people.persons[path], key=lambda each: each.node)
        names = tuple(dict.fromkeys(each.name for each in mentions))
        others = {other for name in names for other in self.bearers[slug(name)]} - {path}
        said = (
            ExplainedAuthorship(m.node, m.name, m.printed, _words(m.evidence), strength(m.evidence)) for m in mentions
        )
        return ExplainedPerson(path, names, tuple(said), {each: self.why_apart(path, each) for each in sorted(others)})

    def why_apart(self, one: str, other: str) -> str:
        """Return why two namesakes are two persons."""
        if frozenset((one, other)) in self.apart:
            return "a decision"
        first, second = self._group(one), self._group(other)
        if first.papers & second.papers:
            return "a paper of both"
        for scheme in first.ids.keys() & second.ids.keys():
            if first.ids[scheme].isdisjoint(second.ids[scheme]):
                known = schemes().get(scheme)
                return f"different identifiers: {known.label if known else 'of curated documents'}"
        return "nothing in common but the name"

    def _group(self, path: str) -> AuthorGroup:
        mentions = self.people.persons[path]
        group = AuthorGroup([], {hash(_paper(each)) for each in mentions}, {slug(each.name) for each in mentions})
        for mention in mentions:
            for each in identifying(mention):
                group.ids.setdefault(each.scheme, set()).add(each.value)
        return group

    def candidates(self, count: int) -> list[IdentityCandidate]:
        """Return the pairs that somebody should look at, the best first."""
        expected = Namesakes(self.bearers)
        names = sorted((each for each in self.bearers if len(self.bearers[each]) > 1), key=expected.expected)
        one = (each for name in names for each in self._may_be_one(name, expected.expected(name)))
        found = [*islice(one, LOOKED_AT * count), *self._may_be_two(expected)]
        return sorted(found, key=lambda each: (-each.score, each.persons))[:count]

    def _may_be_one(self, name: str, expected: float) -> Iterator[IdentityCandidate]:
        for one, other in combinations(sorted(self.bearers[name]), 2):
            if self._is_open(one, other):
                shared = sorted(self._series(one) & self._series(other))
                score = (1 if shared else ELSEWHERE) / (1 + expected)
                met = f"both have papers of {', '.join(shared)}" if shared else "no series in common"
                evidence = (f"{self._name(one)}: {expected:.2g} others can be expected to bear the name", met)
                yield IdentityCandidate("one", (one, other), round(score, 3), evidence)

    def _is_open(self, one: str, other: str) -> bool:
        return frozenset((one, other)) not in self.apart and self._group(one).can_join(self._group(other))

    def _may_be_two(self, expected: Namesakes) -> Iterator[IdentityCandidate]:
        for path, mentions in self.people.persons.items():
            for each in mentions:
                if strength(each.evidence) == WEAK and not any(one.scheme == CURATED for one in each.ids):
                    alone = each.evidence[-1].kind == "rare-name"
                    score = min(expected.expected(slug(each.name)) / RARE, 1) * ALIKE if alone else ALIKE
                    yield IdentityCandidate("two", (path, each.node), round(score, 3), _words(each.evidence))

    def _series(self, path: str) -> set[str]:
        return {_paper(each).partition("/")[0].rpartition("-")[0] for each in self.people.persons[path]}

    def _name(self, path: str) -> str:
        return self.people.persons[path][0].name


def _paper(mention: Mention) -> str:
    return mention.node.rpartition("/")[0]
