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
from graph.tokens import TOKEN, without_escapes
from graph.tokens import Token as Piece

OPERATIONS = {"INSERT", "DELETE", "WHERE", "DATA"}
OTHERS = {"GRAPH", "WITH", "USING", "NAMED", "ALL", "INTO", "LOAD", "CREATE", "ADD", "MOVE", "COPY"}


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


def pieces(text: str) -> Iterator[tuple[int, Piece]]:
    """Yield the tokens of an update but for comments, each with the number of braces around it."""
    depth = 0
    for piece in TOKEN.finditer(text):
        depth -= piece[0] == "}"
        if piece.lastgroup != "comment":
            yield depth, piece
        depth += piece[0] == "{"


def with_dataset(text: str, default: tuple[str, ...], named: tuple[str, ...]) -> str:
    """Return an update with the dataset of its request (SPARQL 1.1 Protocol, 2.2.3); raise QueryError if it has one."""
    if not default and not named:
        return text
    words = _outer_words(text)
    if words != _outer_words(without_escapes(text)):
        raise QueryError("A keyword of the update is written with escapes; write it plainly to give it a dataset.")
    if conflict := sorted({"USING", "WITH"} & set(words)):
        hint = "leave out using-graph-uri and using-named-graph-uri, or the clause"
        raise QueryError(f"The request says which graphs are meant, and the update too, by {conflict[0]}; {hint}.")
    clauses = [f"USING <{each}>" for each in default] + [f"USING NAMED <{each}>" for each in named]
    return _inserted(text, f" {' '.join(clauses)} ")


def _outer_words(text: str) -> list[str]:
    return [piece[0].upper() for depth, piece in pieces(text) if depth == 0 and piece.lastgroup == "word"]


def _inserted(text: str, clauses: str) -> str:
    """Return the update with clauses before each outer WHERE; `DELETE WHERE {…}` becomes `DELETE {…} … WHERE {…}`."""
    parts, done, before = [], 0, ""
    for depth, piece in pieces(text):
        if depth == 0 and piece[0].upper() == "WHERE":
            pattern = _braced(text, piece.end()) if before == "DELETE" else ""
            parts += [text[done : piece.start()], pattern, clauses]
            done = piece.start()
        before = piece[0].upper()
    return "".join((*parts, text[done:]))


def _braced(text: str, start: int) -> str:
    """Return the part in braces that follows a position outside of braces."""
    begun = 0
    for depth, piece in pieces(text):
        if depth == 0 and piece.start() >= start and piece[0] == "{":
            begun = piece.start()
        if depth == 0 and piece.start() > start and piece[0] == "}":
            return text[begun : piece.end()]
    return ""


def check_one_graph(text: str) -> None:
    """Raise QueryError if a patch names graphs: it reaches only the one it is sent to, as its default graph."""
    for version in (text, without_escapes(text)):
        words = (piece[0].upper() for _, piece in pieces(version) if piece.lastgroup == "word")
        if found := next((word for word in words if word in OTHERS), None):
            hint = "write the triples without naming a graph, or send the update to the endpoint"
            raise QueryError(f"{found} leads to other graphs than the one that is patched; {hint}.")
