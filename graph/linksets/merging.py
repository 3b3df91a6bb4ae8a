"""Brings candidates into link sets: reviewed and rejected rows stay, conflicting identities wait for a review."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from graph.linksets.connector import Candidate
from graph.linksets.policy import BY_IDENTIFIER, EXACT, IDENTITY, allowed, curie, prefix_of
from graph.linksets.sssom import ENDING, LICENSE, OWN, Mapping, MappingSet, read
from graph.linksets.subjects import Subject
from graph.vocabulary.identifiers import Scheme, schemes

VOCABULARIES = {
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
WAITING = 0.5  # the confidence of a link that is not published before a review


@dataclass
class Merged:
    """Link sets with new rows, by scheme, and how many rows are new, and how many wait because others conflict."""

    sets: dict[str, MappingSet] = field(default_factory=dict)
    added: int = 0
    conflicts: int = 0


@dataclass(frozen=True)
class Place:
    """Where links go: the folder of link sets and the base of the graph; and `tool`, which found them."""

    folder: Path
    base: str
    tool: str


def merged(
    candidates: Iterable[Candidate], place: Place, others: Sequence[Mapping], identified: Iterable[Subject]
) -> Merged:
    """Return the link sets of a folder with candidates.

    `others` are the rows of link sets elsewhere, which stay there. A candidate that gives an identifier of one of the
    `identified` to something else waits for a review.

    Raises:
        CuratedFileError: a link set of the folder has mistakes.
    """
    found, rows = Merged(), defaultdict[str, list[Mapping]](list)
    taken = [*others, *(row for each in identified for row in _known(each))]
    for each in candidates:
        rows[each.identifier.scheme.name].append(_row(each, place.tool))
    for name, fresh in sorted(rows.items()):
        path = place.folder / f"{name}{ENDING}"
        old = read(path) if path.exists() else MappingSet(path, header(schemes()[name], place.base))
        known = {row.ends: row for row in old.mappings}
        elsewhere = {row.ends for row in others}
        best = {row.ends: row for row in sorted(fresh, key=lambda row: row.confidence or 0)}
        new = {ends: row for ends, row in best.items() if ends not in elsewhere and _is_news(row, known.get(ends))}
        found.added += len(new.keys() - known.keys())
        every = [*(known | new).values()]
        conflicting = _conflicting(every, [row for row in taken if row.object_id.startswith(f"{name}:")])
        found.conflicts += len(conflicting)
        found.sets[name] = old.with_mappings(_waiting(row) if row in conflicting else row for row in every)
    return found


def header(scheme: Scheme, base: str) -> dict[str, object]:
    """Return the header of a new link set."""
    prefixes = dict(sorted({OWN: f"{base}id/", scheme.name: prefix_of(scheme), **VOCABULARIES}.items()))
    return {
        "curie_map": prefixes,
        "mapping_set_id": f"{base}graph/links/{scheme.name}",
        "mapping_set_title": f"Links to {scheme.label}",
        "license": LICENSE,
    }


def _row(found: Candidate, tool: str) -> Mapping:
    return Mapping(
        subject_id=f"{OWN}:{found.subject.path}",
        subject_label=found.subject.label,
        predicate_id=allowed(found.identifier.scheme, found.confidence, certain=found.certain),
        object_id=curie(found.identifier),
        mapping_justification=found.justification,
        mapping_tool=tool,
        mapping_date=date.today().isoformat(),  # noqa: DTZ011 - the day where the program runs
        confidence=found.confidence,
        comment=found.evidence,
    )


def _known(subject: Subject) -> Iterator[Mapping]:
    """Yield the identifiers that the graph has without link sets."""
    for each in subject.ids:
        predicate = allowed(each.scheme, 1, certain=True)
        yield Mapping(f"{OWN}:{subject.path}", predicate, curie(each), BY_IDENTIFIER)


def _is_news(row: Mapping, old: Mapping | None) -> bool:
    """Return whether a row says more than that of an earlier run, which then is replaced; never a review."""
    if old is None:
        return True
    same = replace(row, mapping_date=old.mapping_date) == old
    return not (same or old.reviewer_id or old.is_rejected)


def _conflicting(rows: Iterable[Mapping], others: Iterable[Mapping]) -> set[Mapping]:
    """Return the unreviewed identities that give an identifier to two things, or a thing two of one scheme."""
    mine = [row for row in rows if row.predicate_id in IDENTITY and not row.is_rejected]
    theirs = [row for row in others if row.predicate_id in IDENTITY and not row.is_rejected]
    subjects, objects = defaultdict(set), defaultdict(set)
    for row in (*mine, *theirs):
        subjects[row.object_id].add(row.subject_id)
        objects[row.subject_id].add(row.object_id)
    wrong = (row for row in mine if len(subjects[row.object_id]) > 1 or len(objects[row.subject_id]) > 1)
    return {row for row in wrong if not row.reviewer_id}


def _waiting(row: Mapping) -> Mapping:
    words = f"{row.comment} Another row says otherwise, so that this one waits for a review."
    return replace(row, predicate_id=EXACT, confidence=WAITING, comment=words)
