"""The outcome of a query, as the last frame of its answer."""

import json
from dataclasses import dataclass

from graph.errors import ConvocationError, FormError, QuerySyntaxError, RefusedError, RemoteServiceError, StoreError
from graph.system.room import is_of_disk, unread
from server.engine.frames import ERROR, Frame


@dataclass(frozen=True)
class Outcome:
    """The last frame, the frames before it, and whether the worker must end because of a fault."""

    kind: bytes
    body: bytes = b""
    is_fault: bool = False
    before: tuple[Frame, ...] = ()


def error_outcome(error: BaseException, peer: RemoteServiceError | None = None) -> Outcome:
    """Return the outcome of an error; if a remote endpoint failed, that is the cause to report."""
    is_fault = not isinstance(error, Exception | MemoryError)
    return Outcome(ERROR, json.dumps(_facts(peer or error)).encode(), is_fault or isinstance(error, MemoryError))


def _facts(error: BaseException) -> dict[str, object]:
    message = str(error)
    match error:
        case QuerySyntaxError():
            return {"kind": "QuerySyntaxError", "message": message, "line": error.line, "column": error.column}
        case RemoteServiceError():
            return {"kind": "RemoteServiceError", "message": message, "limit": error.limit, "value": error.value}
        case StoreError():
            kind = "StoreError"
        case RefusedError() | FormError():
            kind = type(error).__name__
        case ConvocationError():
            kind = "QueryError"
        case Exception() if is_of_disk(error):
            kind, message = "StoreError", str(unread(error))
        case Exception():
            kind, message = type(error).__name__, f"The query cannot be answered: {message}."
        case _:
            kind = "fault"
    return {"kind": kind, "message": message}
