"""Interprets the errors of a remote engine: whose mistake it is, where, and what to do."""

import re

import httpx

from graph.errors import QueryError, QuerySyntaxError, StoreError
from graph.store.syntax import POSITION

LINE = re.compile(r"\bline (\d+)")
WORDS = 600


def unreachable(address: httpx.URL, error: httpx.TransportError) -> StoreError:
    """Return the error that says which address does not answer and what to do."""
    hint = "see that the engine runs there, or change CONVOCATION_STORE"
    reason = str(error) or type(error).__name__
    return StoreError(f"{_named(address)} does not answer: {reason.rstrip('.')}; {hint}.")


def checked(response: httpx.Response) -> httpx.Response:
    """Return an answer that is one.

    Raises:
        QueryError: the engine refuses the query.
        StoreError: it refuses something else.
    """
    if response.is_success:
        return response
    try:
        words = " ".join(response.read().decode(errors="replace").partition("SPARQL query:")[0].split())[:WORDS]
    except httpx.TransportError as error:
        raise unreachable(response.url, error) from error
    finally:
        response.close()
    code = f"{response.status_code} {response.reason_phrase}"
    match response.status_code:
        case httpx.codes.BAD_REQUEST:
            raise _refused(words)
        case httpx.codes.UNAUTHORIZED | httpx.codes.FORBIDDEN:
            hint = "set CONVOCATION_STORE_USER and CONVOCATION_STORE_PASSWORD to a user who may do this"
        case httpx.codes.NOT_FOUND | httpx.codes.METHOD_NOT_ALLOWED:
            hint = "set CONVOCATION_STORE, CONVOCATION_STORE_UPDATE and CONVOCATION_STORE_GRAPHS to its addresses"
        case _:
            hint = "see the log of the engine"
    raise StoreError(f"{_named(response.url)} answers {code}: {words or 'nothing'}; {hint}.")


def _refused(words: str) -> QueryError:
    found = POSITION.search(words)
    if found:
        line, column = int(found["line"]), int(found["column"])
        return QuerySyntaxError(f"This is not SPARQL 1.1: line {line}, column {column}: {found['words']}", line, column)
    if found := LINE.search(words):
        return QuerySyntaxError(f"This is not SPARQL 1.1: {words}", int(found[1]))
    return QueryError(f"The engine refuses the query: {words}")


def _named(address: httpx.URL) -> str:
    return f"The engine at {address.copy_with(query=None)}"
