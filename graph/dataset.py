"""What an update reaches: the dataset its request gives it, the one graph of a patch, the documents it loads."""

from collections.abc import Iterator

from graph.errors import QueryError, RefusedError
from graph.federation import TOKEN, without_escapes
from graph.federation import Token as Piece

OTHERS = {"GRAPH", "WITH", "USING", "NAMED", "ALL", "INTO", "LOAD", "CREATE", "ADD", "MOVE", "COPY"}


def pieces(text: str) -> Iterator[tuple[int, Piece]]:
    """Yield the tokens of an update but for comments, each with the number of braces it stands in."""
    depth = 0
    for piece in TOKEN.finditer(text):
        depth -= piece[0] == "}"
        if piece.lastgroup != "comment":
            yield depth, piece
        depth += piece[0] == "{"


def with_dataset(text: str, default: tuple[str, ...], named: tuple[str, ...]) -> str:
    """Return an update whose patterns are matched in the given graphs (SPARQL 1.1 Protocol, section 2.2.3).

    Raises:
        QueryError: the update itself says which graphs are meant, by USING or WITH.
    """
    if not default and not named:
        return text
    words = _outer_words(text)
    if words != _outer_words(without_escapes(text)):
        raise QueryError("A keyword of the update is written with escapes; write it plainly to give it a dataset.")
    if conflict := sorted({"USING", "WITH"} & set(words)):
        cure = "leave out using-graph-uri and using-named-graph-uri, or the clause"
        raise QueryError(f"The request says which graphs are meant, and the update too, by {conflict[0]}; {cure}.")
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
    """Refuse a patch that names graphs: it reaches only the one it is sent to, as its default graph.

    Raises:
        QueryError: it has a keyword that leads to other graphs.
    """
    for version in (text, without_escapes(text)):
        words = (piece[0].upper() for _, piece in pieces(version) if piece.lastgroup == "word")
        if found := next((word for word in words if word in OTHERS), None):
            cure = "write the triples without naming a graph, or send the update to the endpoint"
            raise QueryError(f"{found} leads to other graphs than the one that is patched; {cure}.")


def check_loads(text: str, allowed: frozenset[str] = frozenset()) -> None:
    """Refuse an update that loads a document which is not allowed; one by LOAD SILENT fails in silence, when it is met.

    Raises:
        RefusedError: it has a LOAD with a prefixed name or an IRI that is not in the allow list.
    """
    for target in (*loads(text), *loads(without_escapes(text))):
        if target.strip("<>") not in allowed or not target.startswith("<"):
            known = f"there may be {', '.join(sorted(allowed))}" if allowed else "there may be none"
            cure = "Write the whole IRI, or ask the operator to add it to CONVOCATION_LOADS"
            raise RefusedError(f"LOAD {target} is not done here; {known}. {cure}.")


def loads(text: str) -> Iterator[str]:
    """Yield what stands behind each LOAD of an update, as it is written, but for an IRI behind LOAD SILENT.

    An engine may read a keyword that has no space beside it (as in `LOADSILENT<...>`, `LOADe:x`), so each word that
    contains it counts, and each name outside of braces whose prefix begins with it, but for the PREFIX itself.
    """
    waiting, silent, before = False, False, ""
    for depth, piece in pieces(text if "load" in text.lower() else ""):
        word = piece[0].upper() if piece.lastgroup == "word" else ""
        if waiting and word != "SILENT":
            if not (silent and piece.lastgroup == "iri"):
                yield piece[0]
            waiting = False
        elif depth == 0 and piece.lastgroup == "name" and piece[0].upper().startswith("LOAD") and before != "PREFIX":
            yield piece[0]
        waiting, silent = waiting or "LOAD" in word, word == "SILENT" and before == "LOAD"
        before = word
