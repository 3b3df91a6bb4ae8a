"""The dataset of an update: the graphs named by its request, and the one graph of a patch."""

from collections.abc import Iterator

from graph.errors import QueryError
from graph.tokens import TOKEN, without_escapes
from graph.tokens import Token as Piece

OTHERS = {"GRAPH", "WITH", "USING", "NAMED", "ALL", "INTO", "LOAD", "CREATE", "ADD", "MOVE", "COPY"}


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
