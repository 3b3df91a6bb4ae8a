"""Predicts which quads an update may add or remove, if its form allows that.

Data that is inserted or deleted is in the text itself; the templates of one pattern are filled by asking for them.
Of all other updates nothing is known beforehand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Quad, QueryTriples

from graph.errors import QueryError
from graph.store.writable import WritableStore
from graph.terms import has_blank
from graph.tokens import TOKEN

OPERATIONS = {"INSERT", "DELETE", "WHERE", "DATA"}


@dataclass(frozen=True)
class Part:
    """A keyword outside of braces and the group in braces after it, with the place of the keyword."""

    word: str
    start: int
    end: int
    group: str = ""


def touched(text: str, base: str, store: WritableStore) -> list[Quad] | None:
    """Return a superset of the quads that an update adds or removes, or None if it cannot be predicted."""
    try:
        parts = list(_parts(text))
        words = [each.word for each in parts]
        if words and set(words) <= {"INSERT", "DELETE", "DATA"} and words[1::2] == ["DATA"] * (len(words) // 2):
            return _data(text, base, parts)
        if words in (["DELETE", "WHERE"], ["INSERT", "WHERE"], ["DELETE", "INSERT", "WHERE"]):
            return _filled(text, base, parts, store)
    except (QueryError, StopIteration):
        return None  # the engine says what is wrong when it applies the update
    return None


def _parts(text: str) -> Iterator[Part]:
    """Yield the keywords outside of braces; any other than those of the prologue and OPERATIONS has its own word."""
    depth, opened, part = 0, 0, None
    for token in TOKEN.finditer(text):
        if token.lastgroup == "open":
            opened = opened if depth else token.start()
            depth += 1
        elif token.lastgroup == "close":
            depth -= 1
            if depth == 0 and part:
                yield Part(part.word, part.start, part.end, text[opened : token.end()])
                part = None
        elif depth == 0 and token.lastgroup == "word" and token[0].upper() not in {"PREFIX", "BASE"}:
            if part:
                yield part
            part = Part(token[0].upper(), token.start(), token.end())
    if part:
        yield part


def _data(text: str, base: str, parts: list[Part]) -> list[Quad]:
    """Return the quads of an update that only names data: what it deletes is read as if it were inserted."""
    for part in reversed(parts):
        if part.word == "DELETE":
            text = f"{text[: part.start]}INSERT{text[part.end :]}"
    store = WritableStore.memory(())
    store.update(text, base)
    return list(store.reading().quads())


def _filled(text: str, base: str, parts: list[Part], store: WritableStore) -> list[Quad] | None:
    """Return what the templates of one operation are filled with; None where they name graphs or make blank nodes."""
    *templates, where = parts
    if where.word != "WHERE" or any("GRAPH" in each.group.upper() for each in templates):
        return None
    prologue, found = text[: parts[0].start], list[Quad]()
    for template in templates:
        group = template.group or where.group  # DELETE WHERE has one for both
        if "GRAPH" in group.upper():
            return None
        asked = store.reading().query(f"{prologue} CONSTRUCT {group} WHERE {where.group}", base=base)
        if isinstance(asked, QueryTriples):
            found += [Quad(each.subject, each.predicate, each.object) for each in asked]
    return None if any(has_blank(each.subject, each.object) for each in found) else found
