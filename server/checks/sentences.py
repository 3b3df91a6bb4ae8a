"""Sentences of the rules with links: each source to its page, each line to its place in the source named last."""

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from server.display.asking import ask, remembered
from server.display.words import Cell, address, line_address

LINES = r"\blines? \d[\d, to-]*"


def linked_parts(sentence: str) -> tuple[Cell, ...]:
    """Return the parts of a sentence in their order, those with an address to be shown as links."""
    return tuple(part for part in _parts(sentence) if part.words)


def _parts(sentence: str) -> Iterator[Cell]:
    sources, pattern = _sources()
    source, end = None, 0
    for found in pattern.finditer(sentence):
        yield _text(sentence[end : found.start()])
        end = found.end()
        if found["source"]:
            source = sources[found["source"]]
            yield _text(found["the"])
            yield Cell(source, found["source"], address(source))
        elif source is None:
            yield _text(found[0])
        else:
            yield from _lines(source, found[0])
    yield _text(sentence[end:])


def _lines(source: NamedNode, text: str) -> Iterator[Cell]:
    """Yield one line with its word as a link, and each of several."""
    for part in re.split(r"(line \d+|\d+(?:-\d+)?)", text):
        number = part.removeprefix("line ")
        yield Cell(source, part, line_address(source, number)) if number[:1].isdigit() else _text(part)


def _text(words: str) -> Cell:
    return Cell(Literal(words), words, "")


@remembered
def _sources() -> tuple[dict[str, NamedNode], re.Pattern[str]]:
    """Return the sources by their labels, and the pattern of what is linked."""
    rows = ask("checks/sources").rows
    sources = {row["label"].value: NamedNode(row["source"].value) for row in rows}
    labels = "|".join(map(re.escape, sorted(sources, key=len, reverse=True)))
    return sources, re.compile(rf"(?P<the>\b[Tt]he )(?P<source>{labels or '(?!)'})|{LINES}")
