"""Finds names in one source that are likely spellings of one another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from pyoxigraph import Literal

from graph.rules.rule import Row
from graph.rules.spelling import allowed, blocks, difference, differing, distance, folded

SHORT, RARE, SURE = 5, 7, 7  # letters of a word that differs, of one that does not, and of one in a long list of names
DOCUMENT = 1000  # names up to which a source is one document, where names that are alike are seldom two people's


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each pair of likely spellings in a source, the rarer one first, or that there is none."""
    by_source: dict[str, dict[str, Row]] = defaultdict(dict)
    often = Counter[str]()
    for row in sorted(rows, key=lambda row: (row["source"].value, row["name"].value, row["facts"].value)):
        name = row["name"].value
        by_source[row["source"].value].setdefault(name, row)
        often[name] += len(row["facts"].value.split())
    for names in by_source.values():
        pairs = list(_pairs(names))
        for pair in pairs:
            rare, usual = sorted(pair, key=lambda name: (often[name], name))
            yield _compared(names[rare], names[usual])
        if not pairs:
            first = next(iter(names.values()))
            count = Literal(str(len(names)))
            yield {"outcome": Literal("holds"), "source": first["source"], "count": count}


def _pairs(names: dict[str, Row]) -> Iterator[tuple[str, str]]:
    is_document = len(names) <= DOCUMENT
    seen = set()
    for block in blocks(names):
        for one, other in combinations(sorted(set(block)), 2):
            words = differing(folded(one), folded(other))
            if words and (one, other) not in seen and _alike(words, folded(one), is_document=is_document):
                seen.add((one, other))
                yield one, other


def _alike(words: tuple[str, str], name: tuple[str, ...], *, is_document: bool) -> bool:
    if min(map(len, words)) <= 1 or distance(*words) > allowed(*words):
        return False
    rest = max((len(word) for word in name if word not in words), default=0)
    return max(map(len, words)) >= (SHORT if is_document else SURE) or (is_document and rest >= RARE)


def _compared(row: Row, other: Row) -> Row:
    rare, usual = row["name"].value, other["name"].value
    words = differing(folded(rare), folded(usual)) or ("", "")
    values = {
        "outcome": "contradicts" if row["person"] == other["person"] else "caution",
        "found": rare,
        "expected": usual,
        "letters": difference(*words),
        "line": row["line"].value if "line" in row else "",
        "other_line": other["line"].value if "line" in other else "",
        "other_facts": other["facts"].value,
    }
    return row | {"other_person": other["person"]} | {name: Literal(text) for name, text in values.items()}
