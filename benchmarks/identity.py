"""Who is who: B-cubed figures of the rule that separates persons, on paper lists whose authors have identifiers.

All identifiers are withheld, every authorship is grouped, and those that had one are judged (Bagga and Baldwin 1998).
The labels have errors: one person with two profiles counts against a right join. In the corrected labels the
pairs of `paperlists-label-errors.tsv` are one.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.report import Table
from benchmarks.rivals import Run
from graph.identity.evidence import Evidence
from graph.identity.mentions import Mention, PaperAuthors
from graph.identity.rule import Identities
from graph.importers.paperlists import IMPORTER
from graph.names import slug
from graph.sources.file import SourceFile
from graph.sources.records import Paper

ERRORS = "paperlists-label-errors.tsv"
SCHEMES = {"OpenReview": "openreview-person", "icra": "ieee-person"}
GOALS = {
    ("OpenReview", "all"): (0.986, 0.99),
    ("OpenReview", "ambiguous"): (0.92, 0.94),
    ("icra", "all"): (0.975, 0),
    ("icra", "ambiguous"): (0.86, 0),
    ("icra", "several printed names"): (0.98, 0),
}
Judged = list[tuple[str, int, str]]  # the label, the group and the name of each authorship


@dataclass(frozen=True)
class Authorship:
    """The identifiers that were withheld of an authorship, by scheme."""

    labels: dict[str, str]


@dataclass
class ObservedIdentities(Identities):
    """Identities that keep which two authorships were joined, and by which kind of evidence."""

    joins: list[tuple[str, int, int]] = field(default_factory=list)

    def join(self, one: int, other: int, because: Evidence) -> None:
        """Keep the two and the kind of evidence, and join them."""
        self.joins.append((because.kind, one, other))
        super().join(one, other, because)


def identity(run: Run) -> Table:
    """Measure the rule on all paper lists."""
    papers, withheld = _withheld(run.options.lists)
    begun = time.process_time()
    found = ObservedIdentities(papers, slug)
    groups = {number: place for place, group in enumerate(found.find()) for number in group.members}
    seconds = time.process_time() - begun
    head = ("names", "authorships", "precision", "recall", "F1", "labels corrected: authorships", "F1")
    table = Table("identity", "People by names, co-authors and affiliations alone (B-cubed)", head)
    correct = _corrected(run.options.lists.parent / ERRORS)
    for venue, scheme in SCHEMES.items():
        own = [number for number, each in enumerate(withheld) if scheme in each.labels]
        judged = [(withheld[number].labels[scheme], groups[number], found.names[number]) for number in own]
        corrected = _kinds([(correct(label), group, name) for label, group, name in judged])
        for kind, some in _kinds(judged).items():
            (precision, recall, f1), (_, _, other) = bcubed(some), bcubed(corrected[kind])
            numbers = (f"{each:.4f}" for each in (precision, recall, f1))
            table.add(f"{venue}, {kind}", len(some), *numbers, len(corrected[kind]), f"{other:.4f}")
            for limit, value, labels in zip(
                GOALS.get((venue, kind), ()), (f1, other), ("", ", corrected"), strict=False
            ):
                if limit:
                    table.goal(f"F1 of {venue}, {kind}{labels}", value, limit, least=True)
    table.notes.append(f"{len(withheld):,} authorships in {len({*groups.values()}):,} groups, {seconds:.1f} s of CPU.")
    table.notes += _by_evidence(found.joins, withheld, correct)
    return table


def _by_evidence(
    joins: Iterable[tuple[str, int, int]], withheld: list[Authorship], correct: Callable[[str], str]
) -> Iterator[str]:
    """Yield how many of the joins by each kind of evidence were right, of those with both labels (corrected)."""
    right, judged = Counter[str](), Counter[str]()
    for kind, one, other in joins:
        labels = [withheld[each].labels for each in (one, other)]
        if shared := labels[0].keys() & labels[1].keys():
            judged[kind] += 1
            right[kind] += any(correct(labels[0][scheme]) == correct(labels[1][scheme]) for scheme in shared)
    for kind, count in judged.most_common():
        yield f"Joined by {kind}: {count:,} judged, {right[kind] / count:.4f} right."


def _withheld(lists: Path) -> tuple[list[PaperAuthors], list[Authorship]]:
    papers, withheld = list[PaperAuthors](), list[Authorship]()
    for file in sorted(lists.rglob("*.json.gz")):
        for record in (each for each in IMPORTER.read(SourceFile(file)) if isinstance(each, Paper)):
            mentions = []
            for place, author in enumerate(record.authors):
                organizations = [name for each in author.affiliations for name in each.organizations]
                printed = [each.printed for each in author.affiliations if each.printed]
                node = f"{len(papers)}/{place}"
                mentions.append(Mention(node, author.name, (), tuple(organizations), (), printed=tuple(printed)))
                withheld.append(Authorship({each.scheme: each.value for each in author.ids}))
            papers.append(PaperAuthors(str(len(papers)), mentions, record.affiliations))
    return papers, withheld


def _kinds(judged: Judged) -> dict[str, Judged]:
    """Return all authorships, those of names that several people have, and those of people with several names."""
    people, names = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for label, _, name in judged:
        people[name].add(label)
        names[label].add(name)
    return {
        "all": judged,
        "ambiguous": [each for each in judged if len(people[each[2]]) > 1],
        "several printed names": [each for each in judged if len(names[each[0]]) > 1],
    }


def bcubed(judged: Iterable[tuple[str, int, str]]) -> tuple[float, float, float]:
    """Return precision, recall and F1, each the mean over authorships."""
    pairs = [(label, group) for label, group, _ in judged]
    labels, groups = Counter(label for label, _ in pairs), Counter(group for _, group in pairs)
    both = Counter(pairs).items()
    precision = sum(count**2 / groups[group] for (_, group), count in both) / len(pairs)
    recall = sum(count**2 / labels[label] for (label, _), count in both) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _corrected(path: Path) -> Callable[[str], str]:
    """Return what gives the one label of labels that are suspected to be of one person."""
    above: dict[str, str] = {}

    def top(label: str) -> str:
        while label in above:
            label = above[label]
        return label

    for one, other in _suspected(path):
        if (first := top(one)) != (second := top(other)):
            above[first] = second
    return top


def _suspected(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        _, _, one, other, *_ = line.split("\t")
        yield one, other
