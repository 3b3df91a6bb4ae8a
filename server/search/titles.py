"""Finds what has a title and is no thing of the graph: views, and the measures that numbers are of."""

from dataclasses import dataclass
from functools import cache

from flask import url_for

from graph.indexes.search_writer import plain
from graph.query import read_queries
from graph.terms import CODE
from graph.vocabulary.codes import codes
from server.display.asking import QUERIES
from server.display.words import address

MEASURE = "measure"


@dataclass(frozen=True)
class TitleHit:
    """A view or a measure: its title, its address, and a sentence on it."""

    title: str
    href: str
    summary: str = ""


def titled(text: str) -> dict[str, list[TitleHit]]:
    """Return the views and the measures that have all words of a text, those with them in the title first."""
    words = plain(text).split() if text.strip() else []
    if not words:
        return {}
    found = {
        "Views": [
            TitleHit(title, url_for("views.page", name=name), summary)
            for name, title, summary in _views()
            if _has(words, f"{title} {summary}")
        ],
        "Measures": [
            TitleHit(label, address(CODE[f"{MEASURE}/{name}"]))
            for name, label in codes(MEASURE).items()
            if _has(words, label)
        ],
    }
    return {kind: sorted(hits, key=lambda hit: not _has(words, hit.title)) for kind, hits in found.items() if hits}


@cache
def _views() -> tuple[tuple[str, str, str], ...]:
    queries = read_queries(QUERIES / "views")
    return tuple((query.name, query.header["title"], query.header["summary"]) for query in queries)


def _has(words: list[str], text: str) -> bool:
    """Return whether each word begins a word of a text."""
    there = plain(text).split()
    return all(any(each.startswith(word) for each in there) for word in words)
