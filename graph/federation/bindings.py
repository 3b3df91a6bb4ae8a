"""Values that a query already has for the variables of a SERVICE, so that the endpoint is asked for those alone.

The engine sends the pattern of a SERVICE by itself: `?person wdt:P496 ?orcid` then means every person of the world.
Here it is sent with the values that the rest of its group gives its variables (SPARQL 1.1 Federated Query, 2.4).
They are asked for by a query that has what is joined with the SERVICE and nothing that could hide one of its rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.errors import QueryError
from graph.policy import RemoteCall
from graph.store import Store, solutions
from graph.tokens import TOKEN

SIGN = re.compile(rf"{TOKEN.pattern} | (?P<left>\() | (?P<right>\))", re.VERBOSE | re.DOTALL)
FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
APART = {"SERVICE", "OPTIONAL", "MINUS"}  # each with a group of its own
MOST = 5000  # rows of values; where there are more the pattern is sent without any
BATCH = 200  # rows that are sent at once


@dataclass(frozen=True)
class Clause:
    """A clause of a group that is more than a join: its keyword, and where it begins and stops."""

    keyword: str
    begin: int
    stop: int


@dataclass(frozen=True)
class Values:
    """The rows of values that a pattern is sent with, each as it is written in a VALUES clause."""

    variables: tuple[str, ...]
    rows: tuple[str, ...]

    def batches(self) -> Iterator[str]:
        """Yield VALUES clauses with all rows; none if there are none."""
        names = " ".join(f"?{each}" for each in self.variables)
        for start in range(0, len(self.rows), BATCH):
            yield f" VALUES ({names}) {{ {' '.join(self.rows[start : start + BATCH])} }}"


def values_for(text: str, call: RemoteCall, store: Store) -> Values | None:
    """Return the values that a query gives the variables of a SERVICE; None where that is not known, or too much.

    A variable that is unbound or a blank node in a row is left out: the endpoint may bind it, or not, to anything.
    """
    group = _group(text, call.begin)
    service = next((each for each in _clauses(text, *group) if each.begin == call.begin), None) if group else None
    if group is None or service is None:
        return None
    rest = _joined(text, group, service)
    shared = sorted(_variables(text[call.end : service.stop]) & _variables(rest))
    if not shared:
        return None
    names = " ".join(f"?{each}" for each in shared)
    query = f"{_prologue(text)} SELECT DISTINCT {names} WHERE {{ {rest} }} LIMIT {MOST + 1}"
    try:
        rows = list(solutions(store, query))
    except QueryError:  # the rest of the group is no pattern by itself
        return None
    bound = tuple(each for each in shared if all(isinstance(row[each], NamedNode | Literal) for row in rows))
    if len(rows) > MOST or not bound:
        return None
    return Values(bound, tuple(dict.fromkeys(f"({' '.join(str(row[each]) for each in bound)})" for row in rows)))


def _group(text: str, place: int) -> tuple[int, int] | None:
    """Return where the group of a place begins and stops, within its braces; None where it is of another graph."""
    opened: list[tuple[int, bool]] = []
    before: list[str] = []
    for sign in SIGN.finditer(text):
        if sign["open"] and sign.start() < place:
            opened.append((sign.end(), "GRAPH" in before[-2:]))
        elif sign["close"]:
            if sign.start() > place:
                break
            opened.pop()
        before.append(sign[0].upper())
        if "FROM" in before[-1:] and sign.start() < place:
            return None
    if not opened or any(other for _, other in opened):
        return None
    return opened[-1][0], _stop(text, opened[-1][0], "open", "close") - 1


def _stop(text: str, place: int, left: str, right: str, depth: int = 1) -> int:
    """Return where the brace or parenthesis is closed that is the next or, with a depth of 1, was opened before."""
    for sign in SIGN.finditer(text, place):
        depth += (sign.lastgroup == left) - (sign.lastgroup == right)
        if depth == 0 and sign.lastgroup == right:
            return sign.end()
    return len(text)


def _clauses(text: str, start: int, stop: int) -> Iterator[Clause]:
    """Yield the clauses of a group that are more than a join."""
    place = start
    while (sign := SIGN.search(text, place, stop)) is not None:
        keyword, place = sign[0].upper(), sign.end()
        if sign["open"]:
            place = _stop(text, sign.end(), "open", "close")
        elif sign["word"] and keyword in APART:
            place = _stop(text, sign.end(), "open", "close", 0)
            yield Clause(keyword, sign.start(), place)
        elif sign["word"] and keyword in {"FILTER", "BIND"}:
            place = _end_of_expression(text, sign.end())
            yield Clause(keyword, sign.start(), place)


def _end_of_expression(text: str, place: int) -> int:
    for sign in SIGN.finditer(text, place):
        if sign["left"]:
            return _stop(text, sign.end(), "left", "right")
        if sign["open"]:  # of EXISTS
            return _stop(text, sign.end(), "open", "close")
    return len(text)


def _joined(text: str, group: tuple[int, int], service: Clause) -> str:
    """Return what is joined with a SERVICE in its group, as a group pattern of its own.

    A BIND or OPTIONAL before it is kept, unless something that it could depend on was left out; a FILTER could
    depend on anything, and is left out.
    """
    parts, place, is_whole = list[str](), group[0], True
    for clause in _clauses(text, *group):
        written = text[clause.begin : clause.stop]
        known = is_whole and clause.begin < service.begin and clause.keyword in {"BIND", "OPTIONAL"}
        kept = known and "SERVICE" not in written.upper()
        parts += text[place : clause.begin], written if kept else "{}"  # which may stand wherever a clause may
        is_whole = is_whole and (kept or clause.keyword in {"FILTER", "MINUS"})
        place = clause.stop
    return "".join((*parts, text[place : group[1]]))


def _variables(text: str) -> set[str]:
    return {sign["variable"][1:] for sign in SIGN.finditer(text) if sign["variable"]}


def _prologue(text: str) -> str:
    words = (sign for sign in SIGN.finditer(text) if sign["word"] and sign[0].upper() in FORMS)
    form = next(words, None)
    return text[: form.start()] if form else ""
