"""Finds names that one document prints once and that are likely spellings of names that other sources print often."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.rules.rule import Row
from graph.rules.spelling import allowed, blocks, difference, differing, distance, folded

OFTEN, LETTERS = 3, 7  # facts that make a name known, and letters of a word from which on a slip is likely


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each name that is like a known one, or for a source that it has none."""
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_name[row["name"].value].append(row)
    times = {name: sum(int(row["times"].value) for row in found) for name, found in by_name.items()}
    told = list(_alike(by_name, times))
    yield from told
    clean = defaultdict[str, list[Row]](list)
    for row in (row for found in by_name.values() for row in found if "line" in row):
        clean[row["source"].value].append(row)
    for source, found in clean.items():
        if not any(row["source"].value == source for row in told):
            count = Literal(str(len({row["name"].value for row in found})))
            yield {"outcome": Literal("holds"), "source": found[0]["source"], "count": count}


def _alike(by_name: dict[str, list[Row]], times: dict[str, int]) -> Iterator[Row]:
    seen = set()
    for block in blocks(by_name):
        known = [name for name in set(block) if times[name] >= OFTEN]
        for rare in sorted(name for name in set(block) if times[name] == 1 and "line" in by_name[name][0]):
            row = by_name[rare][0]
            for usual in sorted(known):
                words = differing(folded(rare), folded(usual))
                elsewhere = [each for each in by_name[usual] if each["source"] != row["source"]]
                if words and elsewhere and rare not in seen and _slip(words):
                    seen.add(rare)
                    yield _told(row, usual, times[usual], elsewhere, difference(*words))


def _slip(words: tuple[str, str]) -> bool:
    return max(map(len, words)) >= LETTERS and min(map(len, words)) > 1 and distance(*words) <= allowed(*words)


def _told(row: Row, usual: str, count: int, elsewhere: list[Row], letters: str) -> Row:
    told = {
        "outcome": "fails",
        "found": row["name"].value,
        "expected": usual,
        "letters": letters,
        "count": str(count),
        "other_facts": elsewhere[0]["facts"].value,
    }
    return row | {"other_person": elsewhere[0]["person"]} | {name: Literal(text) for name, text in told.items()}
