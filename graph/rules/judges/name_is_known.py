"""Finds names that one document prints once and that are likely spellings of names that other sources print often."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from graph.rules.rule import Ask, Row
from graph.rules.spelling import allowed, blocks, difference, differing, distance, folded
from graph.terms import Term

OFTEN, LETTERS = 3, 7  # facts that make a name known, and letters of a word from which on a slip is likely


def judge(rows: Iterable[Row], ask: Ask) -> Iterator[Row]:
    """Yield each name that is like a known one, or for a source that it has none; `ask` gives the person of a fact."""
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_name[row["name"].value].append(row)
    times = {name: max(_own(found), _whole(found)) for name, found in by_name.items()}
    alike = list(_alike(by_name, times, ask))
    yield from alike
    clean = defaultdict[str, list[Row]](list)
    for row in (row for found in by_name.values() for row in found if "line" in row):
        clean[row["source"].value].append(row)
    for source, found in clean.items():
        if not any(row["source"].value == source for row in alike):
            count = Literal(str(len({row["name"].value for row in found})))
            yield {"outcome": Literal("holds"), "source": found[0]["source"], "count": count}


def _alike(by_name: dict[str, list[Row]], times: dict[str, int], ask: Ask) -> Iterator[Row]:
    seen = set()
    for block in blocks(by_name):
        known = [name for name in set(block) if times[name] >= OFTEN]
        for rare in sorted(name for name in set(block) if times[name] == 1 and "line" in by_name[name][0]):
            row = by_name[rare][0]
            for usual in sorted(known):
                words = differing(folded(rare), folded(usual))
                elsewhere = _elsewhere(by_name[usual], row["source"])
                if words and elsewhere and rare not in seen and _slip(words):
                    seen.add(rare)
                    fact = elsewhere["facts"].value
                    found = {"found": rare, "expected": usual, "count": str(times[usual]), "other_facts": fact}
                    found |= {"outcome": "caution", "letters": difference(*words)}
                    yield row | ask(NamedNode(fact)) | {name: Literal(value) for name, value in found.items()}


def _elsewhere(found: list[Row], source: Term) -> Row | None:
    """Return a row of a name that stands for facts of another source: that of a document, if there is one."""
    others = (row for row in found if "line" in row and row["source"] != source)
    whole = (row for row in found if "line" not in row and _whole(found) > _own(found))
    return next(others, None) or next(whole, None)


def _own(rows: list[Row]) -> int:
    return sum(int(row["times"].value) for row in rows if "line" in row)


def _whole(rows: list[Row]) -> int:
    """Return how many facts of the whole graph have a name, if more than one does."""
    return sum(int(row["times"].value) for row in rows if "line" not in row)


def _slip(words: tuple[str, str]) -> bool:
    return max(map(len, words)) >= LETTERS and min(map(len, words)) > 1 and distance(*words) <= allowed(*words)
