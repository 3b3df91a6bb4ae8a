"""Reviews of links by people: what waits for one, and a link set after a decision."""

from dataclasses import replace

from graph.linksets.policy import LEAST, SAME, allowed
from graph.linksets.sssom import NOT, Mapping, MappingSet
from graph.vocabulary.identifiers import schemes


def waiting(mapping_set: MappingSet) -> list[Mapping]:
    """Return the rows without a review that are not certain, the likeliest first."""
    rows = [row for row in mapping_set.mappings if not (row.reviewer_id or row.is_rejected)]
    unsure = [row for row in rows if (row.confidence or 0) < LEAST[SAME] or row.predicate_id.startswith("skos:")]
    return sorted(unsure, key=lambda row: (-(row.confidence or 0), row.ends))


def reviewed(mapping_set: MappingSet, row: Mapping, reviewer: str, *, same: bool) -> MappingSet:
    """Return a link set in which a reviewer has decided about a row."""
    predicate = allowed(schemes()[mapping_set.name], 1, certain=True)
    decided = replace(row, reviewer_id=reviewer, predicate_id=predicate, confidence=1.0)
    decided = decided if same else replace(decided, predicate_modifier=NOT)
    return mapping_set.with_mappings(decided if each == row else each for each in mapping_set.mappings)
