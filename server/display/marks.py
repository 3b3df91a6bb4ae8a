"""The short marks of sources on a page: a letter for each source, which the legend of the page explains."""

from string import ascii_lowercase

from flask import g

from server.display.tables import Mention

LETTERS = len(ascii_lowercase)


def source_mark(mention: Mention) -> str:
    """Return the letter of a source on this page: a for the first that the page names, then b, c ... z, aa."""
    marks: dict[str, tuple[str, str]] = g.setdefault("source_marks", {})
    if mention.href not in marks:
        marks[mention.href] = (_letter(len(marks)), mention.name)
    return marks[mention.href][0]


def source_legend() -> list[tuple[str, str, str]]:
    """Return the mark, the name and the address of each source that the page has named so far."""
    return [(mark, name, href) for href, (mark, name) in g.get("source_marks", {}).items()]


def _letter(place: int) -> str:
    return (_letter(place // LETTERS - 1) if place >= LETTERS else "") + ascii_lowercase[place % LETTERS]
